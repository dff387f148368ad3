"""Identifiers: UUIDv7 inside, `prefix_base32` at the API.

A UUIDv7 sorts by the millisecond it was made in, so range partitions and keyset cursors follow
time. The prefix tells a reader what the id names; it is added and stripped at the API only.
"""

from typing import NewType
from uuid import UUID

from uuid_utils.compat import uuid7

from orders_core.errors import BadId

OrderId = NewType("OrderId", UUID)
SkuId = NewType("SkuId", UUID)
ParcelId = NewType("ParcelId", UUID)
PersonId = NewType("PersonId", UUID)
EventId = NewType("EventId", UUID)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 26
BITS = 5


def new_id() -> UUID:
    """Make a UUIDv7: unique, and later ids sort after earlier ones to the millisecond."""
    return uuid7()


def show(prefix: str, value: UUID) -> str:
    """Write an id as the API shows it, for example `ord_01k9…` (prefix, `_`, 26 characters)."""
    number = value.int
    digits = [ALPHABET[(number >> shift) & 31] for shift in range(BITS * (LENGTH - 1), -1, -BITS)]
    return f"{prefix}_{''.join(digits)}"


def read(prefix: str, text: str) -> UUID:
    """Read what `show` wrote; upper case is accepted.

    Raises:
        BadId: If the prefix differs or the rest is no 128-bit base-32 number.
    """
    head, _, digits = text.strip().lower().partition("_")
    if head != prefix or len(digits) != LENGTH or any(d not in ALPHABET for d in digits):
        raise BadId(prefix, text)
    number = 0
    for digit in digits:
        number = number << BITS | ALPHABET.index(digit)
    if number >> 128:
        raise BadId(prefix, text)
    return UUID(int=number)
