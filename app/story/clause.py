"""What is said of an order before it has words: which sentence, and the facts in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Day:
    """A day, told as the place counts it: today, Thursday, 26 Nov."""

    at: datetime


@dataclass(frozen=True)
class Date:
    """A day with its date: Thursday 26 Nov."""

    at: datetime


@dataclass(frozen=True)
class At:
    """A time that was: today at 14:05, on 22 Nov at 14:05."""

    at: datetime


@dataclass(frozen=True)
class By:
    """A time that is to come: 20:10, or with its day where that is another one."""

    at: datetime


@dataclass(frozen=True)
class Ago:
    """How long ago a time was: 6 h ago."""

    at: datetime


@dataclass(frozen=True)
class Amount:
    """An amount in minor units of a currency."""

    minor: int
    currency: str


@dataclass(frozen=True)
class Carrier:
    """A carrier, by the name it is stored under."""

    name: str


@dataclass(frozen=True)
class Clause:
    """One part of a sentence: a key of the room's words, and the facts it holds."""

    key: str
    facts: "Mapping[str, Fact]" = field(default_factory=dict)


Fact = str | int | Carrier | Day | Date | At | By | Ago | Amount | Clause


class Tone(StrEnum):
    """How news feels: a second sign beside the words, never instead of them."""

    GOOD = "good"
    CALM = "calm"
    WAIT = "wait"  #: somebody waits for something
    BAD = "bad"  #: it did not go as promised
