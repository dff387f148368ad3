"""Hides who a person is from whoever has not proven that they are that person. Pure.

The last digits of a phone number are what proves it, so they are never among those shown.
"""

import re

from orders_core.orders.address import ShipTo

DOTS = "••"
DIGITS = re.compile(r"\d(?:[\s-]?\d){4,}")
SHOWN_OF_PHONE = 3
SHOWN_OF_PARCEL = 4


def name(text: str) -> str:
    """Return the first character of a name, which its owner knows and others learn little from."""
    return f"{text[:1]}{DOTS}" if text else ""


def phone(number: str) -> str:
    """Return a number's first digits only: `+86••••`."""
    return f"{number[:SHOWN_OF_PHONE]}••••••••"


def email(address: str) -> str:
    """Return an address with its first character and where its mail box is: `l••@mail.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{DOTS}@{domain}"


def address(to: ShipTo) -> ShipTo:
    """Return the part of an address that many live in: its city."""
    wide = {"country": to.country, "region": to.region, "city": to.city}
    return ShipTo.kept({name: wide.get(name) for name in ShipTo.__dataclass_fields__})


def parcel_number(number: str) -> str:
    """Return the end of a parcel's number: enough to tell two apart, too little to ask with."""
    return f"{DOTS}{number[-SHOWN_OF_PARCEL:]}" if len(number) > 2 * SHOWN_OF_PARCEL else DOTS


def without_digits(text: str, *, name: str) -> str:
    """Return a carrier's words without phone numbers and without the person's name."""
    plain = text.replace(name, DOTS) if name else text
    return DIGITS.sub("•••", plain)
