"""What a text names: orders, parcels, phones, days, quantities, amounts; each in its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of a text is. Append only."""

    ORDER = "order"  #: a number or id that names an order: ours, or the shop's own
    TRACKING = "tracking"  #: a parcel's number
    PHONE = "phone"
    TAIL = "tail"  #: the last digits of a phone, a card or an order
    DAY = "day"
    QUANTITY = "quantity"
    MONEY = "money"


@dataclass(frozen=True)
class Named:
    """A number that names one thing, lower case and without what parts its digits.

    `of` is the carrier of a parcel, or what a tail is the end of; empty where nothing tells it.
    """

    number: str
    of: str = ""


@dataclass(frozen=True)
class Days:
    """A day, or the days from `first` to `last`, on the calendar of whoever wrote.

    `other` is the second way to read it, where the words allow two. `is_deadline` says that
    something is wanted by then.
    """

    first: date
    last: date
    other: date | None = None
    is_deadline: bool = False


@dataclass(frozen=True)
class Quantity:
    """How many, and of what: the word that was counted by, empty where none was."""

    count: int
    unit: str = ""


@dataclass(frozen=True)
class Amount:
    """Money in minor units of an ISO 4217 currency."""

    amount_minor: int
    currency: str


Value = Named | Days | Quantity | Amount


@dataclass(frozen=True)
class Found:
    """One thing a text names: its place in the text as it was written, and what it means."""

    kind: Kind
    start: int
    end: int
    words: str
    value: Value


@dataclass(frozen=True)
class Around:
    """What a piece is read by beside itself: the day it is for the writer, and their language."""

    today: date
    is_zh: bool


@dataclass(frozen=True)
class Finder:
    """A pattern, and what makes a value of its match; None where it is something else.

    The group `it`, where the pattern has one, is the piece; the rest is what stands around it.
    """

    kind: Kind
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Around], Value | None]
