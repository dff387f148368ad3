"""When a parcel under way will be handed over, and how likely that is too late."""

import math
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml.late.journey import STEP_HOURS, Journey, Outlook, seen_at, steps_of
from ml.late.rates import HORIZON, SLOTS, Floats, Rates

FEWEST = 30  # journeys: of the carrier that ended, and of any that ever looked alike
LOW, MEDIAN, HIGH = 0.1, 0.5, 0.9


def outlook(rates: Rates, journey: Journey, *, now: datetime, due_by: datetime) -> Outlook | None:
    """Say how likely a parcel arrives after `due_by`, and when; None if it cannot be told.

    It cannot where its carrier has finished fewer than thirty journeys, where fewer than thirty
    parcels were ever seen as it is now, or before its first scan. What was scanned after `now` is
    not looked at.
    """
    here = steps_of(now, rates.zone)
    scanned = [steps_of(scan.at, rates.zone) for scan in journey.scans]
    stages = [scan.stage for scan in journey.scans]
    seen = seen_at(here, scanned, stages, began=scanned[0]) if scanned else None
    if seen is None or rates.finished.get(journey.carrier, 0) < FEWEST:
        return None
    if rates.alike.get((seen.stage, seen.silent), 0) < FEWEST:
        return None
    passed = _passed(rates, rates.of(journey.carrier, journey.lane, seen), here)
    low, median, high = (_at(passed, share, here, rates.zone) for share in (LOW, MEDIAN, HIGH))
    return Outlook(_late(passed, steps_of(due_by, rates.zone), here), median, low, high)


def _passed(rates: Rates, base: Floats, here: float) -> Floats:
    """Return the rates added up to the end of each step from now; of the first what is left."""
    first = math.floor(here)
    slots = (first + np.arange(HORIZON)) % SLOTS
    parts = base * rates.week[slots]
    parts[0] *= first + 1 - here
    passed: Floats = np.cumsum(parts)
    return passed


def _late(passed: Floats, due: float, here: float) -> float:
    """Return the probability of not being there when `due` comes; the rate is even in a step."""
    if due <= here:
        return 1.0
    steps = due - math.floor(here)
    index = math.floor(steps)
    if index >= HORIZON:
        return float(np.exp(-passed[-1]))
    before = float(passed[index - 1]) if index else 0.0
    span = 1.0 if index else math.floor(here) + 1 - here
    part = (steps - index if index else due - here) / span
    return math.exp(-(before + part * (float(passed[index]) - before)))


def _at(passed: Floats, share: float, here: float, zone: ZoneInfo) -> datetime | None:
    """Return when so large a share of such parcels is handed over."""
    needed = -math.log(1 - share)
    index = bisect_right(passed.tolist(), needed)
    if index >= HORIZON:
        return None
    before = float(passed[index - 1]) if index else 0.0
    begins = max(math.floor(here) + index, here)
    ends = math.floor(here) + index + 1
    part = (needed - before) / (float(passed[index]) - before)
    hours = (begins + part * (ends - begins)) * STEP_HOURS
    wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    return wall.replace(tzinfo=zone).astimezone(UTC)
