"""A parcel's way as it was scanned, cut into moments at which somebody might have asked.

Times are taken apart on the shop's clock, in steps of six hours: carriers work by day and rest at
the weekend. At each step that began while a parcel was under way, what was known of it then makes a
`Moment`: its last scan's stage, for how long nothing was scanned, how long it travels. Nothing that
happened later goes in.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

STEP_HOURS = 6
MOST_MOMENTS = 160  # of one parcel: forty days
SILENT_HOURS = (24, 48, 96, 168)
AGE_HOURS = (36, 72, 120, 192, 336)


class Scan(NamedTuple):
    """What a carrier said, and when; `stage` is any word for how far the parcel had come."""

    at: datetime
    stage: str


@dataclass(frozen=True, kw_only=True)
class Journey:
    """One parcel: scans in time order and, once known, how it ended.

    `lane` names where it goes from and to; empty if unknown. `lost_sight_at` is when it turned back
    or was given up: until then it was not handed over, and of what came after nothing is known.
    """

    carrier: str
    lane: str
    scans: Sequence[Scan]
    handed_over_at: datetime | None = None
    lost_sight_at: datetime | None = None


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of one parcel.

    `late_share` is the probability, 0 to 1, of being handed over after the moment asked about. Of a
    hundred such parcels eighty are handed over between `low_at` and `high_at`, half of them until
    `likely_at`. A moment that lies more than thirty days ahead is None.
    """

    late_share: float
    likely_at: datetime | None
    low_at: datetime | None
    high_at: datetime | None


class Seen(NamedTuple):
    """What tells parcels apart that are under way: stage, and brackets of silence and age."""

    stage: str
    silent: int
    age: int


class Moment(NamedTuple):
    """A step at which a parcel was under way: what was seen, and how many steps it still took."""

    step: int  #: since 1970, on the shop's clock
    seen: Seen
    steps_left: int
    is_handed_over: bool  #: in that step; otherwise nothing is known from there on


def steps_of(at: datetime, zone: ZoneInfo) -> float:
    """Return how many steps have passed since 1970 by the wall clock of `zone`."""
    wall = at.astimezone(zone).replace(tzinfo=UTC)
    return wall.timestamp() / 3600 / STEP_HOURS


def seen_at(
    step: float, scanned: Sequence[float], stages: Sequence[str], *, began: float
) -> Seen | None:
    """Return what was known of a parcel at a step; None before its first scan.

    Args:
        step: As `steps_of` counts.
        scanned: The steps of its scans, in order, and their `stages`.
        began: The step of its first scan.
    """
    index = bisect_right(scanned, step) - 1
    if index < 0:
        return None
    silent = bisect_right(SILENT_HOURS, (step - scanned[index]) * STEP_HOURS)
    return Seen(stages[index], silent, bisect_right(AGE_HOURS, (step - began) * STEP_HOURS))


def moments(journey: Journey, *, now: datetime, zone: ZoneInfo) -> Iterator[Moment]:
    """Yield the moments of one journey as they were known up to `now`, never later."""
    if not journey.scans:
        return
    scanned = [steps_of(scan.at, zone) for scan in journey.scans]
    stages = [scan.stage for scan in journey.scans]
    over_at = journey.handed_over_at
    until = min(at for at in (now, over_at, journey.lost_sight_at) if at is not None)
    end = steps_of(until, zone)
    first = math.ceil(scanned[0])
    for step in range(first, min(math.floor(end) + 1, first + MOST_MOMENTS)):
        seen = seen_at(step, scanned, stages, began=scanned[0])
        if seen is not None and step < end:
            yield Moment(step, seen, math.floor(end) - step, until == over_at)
