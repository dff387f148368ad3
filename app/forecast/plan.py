"""The plan: contacts by half hour and group, the people that answer them, its calendar. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from ml.load.slots import LEVELS, SLOT, midnight

DAYS_SHOWN = 8  # today and the seven that follow
DAYS_PLANNED = 42  # six weeks, today included
LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What one half hour was foreseen to bring; contacts."""

    slot: datetime
    usual: float  #: the mean of the last four same weekdays
    multiplier: float  #: of the promotion; 1 where none is
    expected: float
    quantiles: Sequence[float]  #: of `LEVELS`

    @property
    def baseline(self) -> float:
        """What the plainest forecast says: the usual × the promotion."""
        return self.usual * self.multiplier

    @property
    def low(self) -> int:
        """The lower end of what four of five half hours bring."""
        return math.floor(min(self.quantiles[LOW], self.expected))

    @property
    def high(self) -> int:
        """The upper end of what four of five half hours bring."""
        return math.ceil(max(self.quantiles[HIGH], self.expected))


@dataclass(frozen=True, kw_only=True)
class PlannedGroup(Foreseen):
    """One half hour of one group."""

    about: str


@dataclass(frozen=True, kw_only=True)
class PlannedSlot(Foreseen):
    """One half hour of the plan: all contacts, and the people that answer them."""

    people_needed: int
    people_rostered: int
    level: float = 1.0  #: today's, from how the day went so far
    added: float = 0.0  #: by messages that are to be sent; part of what is expected

    @property
    def people_short(self) -> int:
        """How many people are missing; 0 where enough are rostered."""
        return max(self.people_needed - self.people_rostered, 0)

    @property
    def is_closed(self) -> bool:
        """Whether nobody is meant to answer: none rostered, and no promotion on."""
        return self.people_rostered == 0 and self.multiplier == 1

    @property
    def is_missing_people(self) -> bool:
        """Whether somebody answers, or should, but too few."""
        return self.people_short > 0 and not self.is_closed


@dataclass(frozen=True, kw_only=True)
class PlannedHour:
    """Two half hours together: contacts sum, of people the busier half needs."""

    hour: datetime
    expected: float
    added: float
    people_needed: int
    people_rostered: int
    is_closed: bool


def by_hour(slots: Sequence[PlannedSlot]) -> Sequence[PlannedHour]:
    """Return the hours of planned half hours, in their order; half an hour counts as it is."""
    return [
        _hour(hour, list(halves))
        for hour, halves in groupby(slots, key=lambda one: one.slot.replace(minute=0))
    ]


def _hour(hour: datetime, halves: Sequence[PlannedSlot]) -> PlannedHour:
    return PlannedHour(
        hour=hour,
        expected=sum(one.expected for one in halves),
        added=sum(one.added for one in halves),
        people_needed=max(one.people_needed for one in halves),
        people_rostered=min(one.people_rostered for one in halves),
        is_closed=all(one.is_closed for one in halves),
    )


def slots_ahead(now: datetime, zone: ZoneInfo, *, days: int = DAYS_SHOWN) -> Sequence[datetime]:
    """Return the half hours from the shop's last midnight on, for so many of its days."""
    first, last = midnight(now, zone), midnight(now, zone, days=days)
    return [first + step * SLOT for step in range((last - first) // SLOT)]
