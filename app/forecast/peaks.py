"""What stands behind a peak: contacts above an ordinary day's, by cause. Pure.

An ordinary half hour is the mean of what the week usually brings at that time of the clock. What is
foreseen beyond it is a product of factors (the weekday, the promotion, today's level, what the
forecast in use says besides) and of messages that add. The product is parted by the logarithmic
mean (LMDI-I; Ang 2005, Energy Policy 33:867): each share is `L(expected, ordinary) × ln factor`, no
factor comes first, and nothing is left over.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.forecast.plan import PlannedSlot
from app.forecast.shortfall import day_of
from ml.load.slots import SLOT

LEAST_TIMES = 1.25  # an ordinary day's, to be called a peak
LEAST_SURPRISE = 2.0  # standard deviations of chance alone, so that few contacts make no peak
EXPLAINED = 0.5  # of a peak, by causes that have a name
SMALLEST = 1e-9  # contacts; a logarithm needs more than none


class Cause(StrEnum):
    """What contacts above an ordinary day's come from."""

    WEEKDAY = "weekday"
    PROMOTION = "promotion"
    LEVEL = "level"
    MESSAGES = "messages"
    FORECAST = "forecast"  # what the one in use says beside the plain average; its parts unknown


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Contacts of some half hours, and what they differ by from an ordinary day."""

    expected: float
    ordinary: float
    shares: Mapping[Cause, float]  #: contacts, negative too; they sum to `expected - ordinary`

    @property
    def excess(self) -> float:
        """Contacts above an ordinary day's; below it, negative."""
        return self.expected - self.ordinary

    @property
    def leading(self) -> Sequence[tuple[Cause, float]]:
        """The causes that matter: a twentieth of the largest and half a contact, largest first."""
        least = max((abs(one) for one in self.shares.values()), default=0.0) / 20
        found = [(cause, one) for cause, one in self.shares.items() if abs(one) >= max(least, 0.5)]
        return sorted(found, key=lambda one: -abs(one[1]))

    @property
    def is_explained(self) -> bool:
        """Whether causes with a name stand behind at least half of it."""
        named = self.excess - self.shares.get(Cause.FORECAST, 0.0)
        return named >= EXPLAINED * self.excess


@dataclass(frozen=True, kw_only=True)
class Peak:
    """Half hours of one day that follow each other and stand above an ordinary day's."""

    since: datetime
    until: datetime
    multiplier: float  #: of the promotion, the largest; 1 where none is
    level: float
    behind: Behind


def ordinary(week: Sequence[PlannedSlot], zone: ZoneInfo) -> Mapping[time, float]:
    """Return what the days of a week usually bring, on average, at each time of the clock."""
    found: dict[time, list[float]] = {}
    for one in week:
        found.setdefault(one.slot.astimezone(zone).time(), []).append(one.usual)
    return {clock: sum(of) / len(of) for clock, of in found.items()}


def behind(slots: Sequence[PlannedSlot], typical: Mapping[time, float], zone: ZoneInfo) -> Behind:
    """Return what stands behind some half hours: the sum of what does behind each."""
    parts = [_slot(one, typical.get(_clock(one, zone), one.usual)) for one in slots]
    return Behind(
        expected=sum(one.expected for one in parts),
        ordinary=sum(one.ordinary for one in parts),
        shares={cause: sum(one.shares[cause] for one in parts) for cause in Cause},
    )


def peaks(
    slots: Sequence[PlannedSlot], typical: Mapping[time, float], zone: ZoneInfo
) -> Sequence[Peak]:
    """Return the stretches that stand above an ordinary day's, most contacts above it first.

    Each half hour of one does by a quarter, and all together by twice what chance makes them vary.
    """
    runs: list[list[PlannedSlot]] = []
    for one in slots:
        usual = typical.get(_clock(one, zone), one.usual)
        if one.expected < LEAST_TIMES * usual or one.expected <= usual:
            continue
        if runs and _follows(runs[-1][-1], one, zone):
            runs[-1].append(one)
        else:
            runs.append([one])
    found = [_peak(run, behind(run, typical, zone)) for run in runs]
    kept = [one for one in found if _surprise(one.behind) >= LEAST_SURPRISE]
    return sorted(kept, key=lambda one: (-one.behind.excess, one.since))


def _surprise(of: Behind) -> float:
    """Return the excess in standard deviations, of a Poisson count of at least one contact."""
    return of.excess / math.sqrt(max(of.ordinary, 1.0))


def _peak(run: Sequence[PlannedSlot], of: Behind) -> Peak:
    return Peak(
        since=run[0].slot,
        until=run[-1].slot + SLOT,
        multiplier=max(one.multiplier for one in run),
        level=max((one.level for one in run), key=lambda level: abs(level - 1)),
        behind=of,
    )


def _slot(one: PlannedSlot, typical: float) -> Behind:
    product = one.expected - one.added
    shares = {Cause.MESSAGES: one.added, **_shares(one, product, typical)}
    return Behind(expected=one.expected, ordinary=typical, shares=shares)


def _shares(one: PlannedSlot, product: float, typical: float) -> Mapping[Cause, float]:
    """Part what the product differs by; where it has no logarithm, its factors cannot be told."""
    plain = one.usual * one.multiplier * one.level
    if min(product, typical, plain) <= SMALLEST:
        nothing = dict.fromkeys((Cause.WEEKDAY, Cause.PROMOTION, Cause.LEVEL), 0.0)
        return {**nothing, Cause.FORECAST: product - typical}
    mean = _logarithmic_mean(product, typical)
    shares = {
        Cause.WEEKDAY: mean * math.log(one.usual / typical),
        Cause.PROMOTION: mean * math.log(one.multiplier),
        Cause.LEVEL: mean * math.log(one.level),
    }
    return {**shares, Cause.FORECAST: product - typical - sum(shares.values())}


def _logarithmic_mean(one: float, other: float) -> float:
    if math.isclose(one, other, rel_tol=1e-9):
        return one
    return (one - other) / math.log(one / other)


def _clock(one: PlannedSlot, zone: ZoneInfo) -> time:
    return one.slot.astimezone(zone).time()


def _follows(before: PlannedSlot, one: PlannedSlot, zone: ZoneInfo) -> bool:
    return one.slot - before.slot == SLOT and day_of(one.slot, zone) == day_of(before.slot, zone)
