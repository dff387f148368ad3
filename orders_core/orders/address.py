"""Where an order goes: a door, or a station to fetch it at. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from babel.core import get_global

from orders_core.errors import CoreError
from orders_core.ids import OrderId, show
from orders_core.orders.order import OrdersError

MOST_CHARACTERS = {"name": 80, "phone": 24, "country": 2, "postal_code": 12}
MOST_OF_OTHERS = 200
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,22}")
POSTAL_CODES = {"CN": re.compile(r"[0-9]{6}"), "DE": re.compile(r"[0-9]{5}")}
POSTAL_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{1,11}")


class Flaw(StrEnum):
    """What is wrong with one field of an address. Append only: pages have words for them."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_MARKS = "bad_marks"  #: a control character in it
    BAD_PHONE = "bad_phone"
    BAD_COUNTRY = "bad_country"
    BAD_POSTAL_CODE = "bad_postal_code"


class Fixed(StrEnum):
    """Why an order goes where it goes. Append only: pages have words for them."""

    SHIPPED = "shipped"  #: some of it left already
    CANCELLED = "cancelled"
    MIRRORED = "mirrored"  #: it lives in another shop


class BadAddress(CoreError):
    """A field of the address is missing or cannot be right."""

    def __init__(self, field: str, flaw: Flaw) -> None:
        self.field, self.flaw = field, flaw
        super().__init__(f"the address cannot be used: {field} is {flaw.replace('_', ' ')}")

    @property
    def facts(self) -> Mapping[str, str]:
        """What a program needs of it."""
        return {"field": self.field, "flaw": self.flaw}


class AddressFixed(OrdersError):
    """The order's address can no longer be changed."""

    def __init__(self, order_id: OrderId, because: Fixed) -> None:
        self.order_id, self.because = order_id, because
        super().__init__(f"the address of order {show('ord', order_id)} is fixed: it is {because}")


@dataclass(frozen=True, kw_only=True)
class ShipTo:
    """Whom an order goes to, and where: to a street, or to a station that is fetched from.

    `country` is ISO 3166-1 alpha-2. What is blank counts as absent; the rest is trimmed.

    Raises:
        BadAddress: For the first field that cannot be right.
    """

    name: str
    country: str
    phone: str | None = None
    region: str | None = None  # province, state
    city: str | None = None
    street: str | None = None
    postal_code: str | None = None
    station: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _checked(field.name, getattr(self, field.name)))
        self._check()

    def _check(self) -> None:
        if self.country not in get_global("territory_languages"):
            raise BadAddress("country", Flaw.BAD_COUNTRY)
        if self.street is None and self.station is None:
            raise BadAddress("street", Flaw.MISSING)
        if self.phone and not PHONE.fullmatch(self.phone):
            raise BadAddress("phone", Flaw.BAD_PHONE)
        pattern = POSTAL_CODES.get(self.country, POSTAL_CODE)
        if self.postal_code and not pattern.fullmatch(self.postal_code):
            raise BadAddress("postal_code", Flaw.BAD_POSTAL_CODE)

    @classmethod
    def kept(cls, row: Mapping[str, str | None]) -> "ShipTo":
        """Return an address as it was written down, unchecked: rules may be stricter today."""
        address = object.__new__(cls)
        for field in fields(cls):
            object.__setattr__(address, field.name, row[field.name])
        return address

    @property
    def is_station(self) -> bool:
        """Whether it is fetched from a station rather than brought to the door."""
        return self.station is not None

    def at_station(self, station: str) -> "ShipTo":
        """Return the same address with the goods left at a station."""
        return replace(self, station=station)

    def at_door(self) -> "ShipTo":
        """Return the same address with the goods brought to the door.

        Raises:
            BadAddress: If it has no street.
        """
        return replace(self, station=None)


REQUIRED = frozenset({"name", "country"})


def _checked(field: str, value: str | None) -> str | None:
    text = " ".join(value.split()) if value else ""
    if not text:
        if field in REQUIRED:
            raise BadAddress(field, Flaw.MISSING)
        return None
    if not text.isprintable():
        raise BadAddress(field, Flaw.BAD_MARKS)
    if len(text) > MOST_CHARACTERS.get(field, MOST_OF_OTHERS):
        raise BadAddress(field, Flaw.TOO_LONG)
    return text.upper() if field == "country" else text
