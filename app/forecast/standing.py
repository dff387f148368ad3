"""What makes people write and stands above its usual just now, by how much, and since when. Pure.

Usual is the mean of the same half hours of the weeks before. A rise begins where the running sum of
`n·ln(r) − usual·(r − 1)` was last at its lowest (Page 1954, Biometrika 41:100; r = 1.5), and is one
if so many events would hardly come by chance: under a gamma-Poisson count, whose usual is itself
known from few weeks only, less than one time in a thousand.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from ml.load.slots import SLOT, slot_of

LOOKED_BACK = timedelta(days=2)
WEEKS = 4
WEEK = timedelta(weeks=1)
TIMES = 1.5  # the usual, at least
CHANCE = 0.001  # at most
#: What those who write of it ask about; taken from the intents of the desk, not measured.
ASKED_ABOUT: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "orders": ("where",),
        "shipped": ("where", "delivery"),
        "short": ("where", "return"),
        "parcels_in_trouble": ("delivery", "where"),
        "refunds": ("return",),
        "returns": ("return",),
        "stock_out": ("presale",),
        "prices": ("payment",),
    }
)


class Counts(StrEnum):
    """Whether the forecast that is used knows of what happened."""

    IN = "in"  # it looks at it, and it was known when it learnt
    LATER = "later"  # it looks at it, and will from the next night on
    BESIDE = "beside"  # it does not look at it


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An exposure that stands above its usual."""

    name: str
    since: datetime
    until: datetime
    events: int
    usual: float  #: events of the same half hours, on average over the weeks before
    chance: float  #: of so many events or more, were nothing the matter

    @property
    def times(self) -> float | None:
        """How many times the usual; None where none was."""
        return self.events / self.usual if self.usual > 0 else None

    def counts(self, *, looked_at: bool, learnt_until: datetime) -> Counts:
        """Say whether a forecast counts it that learnt till then, and looks at it or not."""
        if not looked_at:
            return Counts.BESIDE
        return Counts.IN if self.until <= learnt_until else Counts.LATER


def standing(
    name: str, events: Mapping[datetime, int], *, known_since: datetime, now: datetime
) -> Standing | None:
    """Return an exposure as it stands above its usual at the last half hour that is over, or None.

    Args:
        name: The exposure's.
        events: By half hour; what lacks had none.
        known_since: Its first event ever; weeks before it are none.
        now: The half hour it lies in is not over.
    """
    until = slot_of(now)
    weeks = min(int((until - LOOKED_BACK - known_since) / WEEK), WEEKS)
    if weeks < 1:
        return None
    slots = [until - (back + 1) * SLOT for back in range(LOOKED_BACK // SLOT)]
    before = {
        slot: sum(events.get(slot - week * WEEK, 0) for week in range(1, weeks + 1))
        for slot in slots
    }
    since = _began(slots, events, before, weeks)
    if since is None:
        return None
    rise = [slot for slot in slots if slot >= since]
    found = Standing(
        name=name,
        since=since,
        until=until,
        events=sum(events.get(slot, 0) for slot in rise),
        usual=sum(before[slot] for slot in rise) / weeks,
        chance=_chance(
            sum(events.get(slot, 0) for slot in rise), sum(before[slot] for slot in rise), weeks
        ),
    )
    is_above = found.times is None or found.times >= TIMES
    return found if is_above and found.chance <= CHANCE else None


def _began(
    slots: Sequence[datetime],
    events: Mapping[datetime, int],
    before: Mapping[datetime, int],
    weeks: int,
) -> datetime | None:
    """Return the half hour, from which to now the sum is largest; None if none is above nought."""
    best, began, total = 0.0, None, 0.0
    for slot in slots:  # the latest first
        total += events.get(slot, 0) * math.log(TIMES) - before[slot] / weeks * (TIMES - 1)
        if total > best and events.get(slot, 0):
            best, began = total, slot
    return began


def _chance(events: int, before: int, weeks: int) -> float:
    """Return the chance of so many events or more, where as many weeks had `before` in all.

    The predictive count is negative binomial (Jeffreys' prior): `r = before + ½` successes of
    chance `weeks ÷ (weeks + 1)`.
    """
    shape, kept = before + 0.5, weeks / (weeks + 1)
    below = math.fsum(
        math.exp(
            math.lgamma(shape + n)
            - math.lgamma(shape)
            - math.lgamma(n + 1)
            + shape * math.log(kept)
            + n * math.log(1 - kept)
        )
        for n in range(events)
    )
    return max(1.0 - below, 0.0)
