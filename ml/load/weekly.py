"""The baseline: the mean of the last four same weekdays, at the same time of the shop's clock.

Weeks without a record and half hours of an event are passed over; eight weeks are asked at most.
Where every one of them held an event, contacts divided by its multiplier stand in.
"""

import numpy as np

from ml.load.grid import Grid, Ints
from ml.load.series import Floats

WEEKS_WANTED = 4
WEEKS_ASKED = 8


def four_weeks(grid: Grid, *, origin: int, leads: Ints, wanted: int = WEEKS_WANTED) -> Floats:
    """Return what is usual, before any multiplier: leads × 48 × groups, NaN where closed.

    Args:
        grid: What came.
        origin: The day of the forecast; it and later days are not read.
        leads: Days from the origin, 0 or more.
        wanted: Weeks to average, 1 to 8; with 1 it is the seasonal naive forecast.
    """
    days = origin + np.asarray(leads)
    return _means(grid, days, first_back=np.asarray(leads) // 7 + 1, wanted=wanted)


def week_before_week(grid: Grid) -> Floats:
    """Return, of every day up to the origin's, what was usual a week ahead: days × 48 × groups."""
    days = np.arange(grid.origin + 1)
    return _means(grid, days, first_back=np.ones_like(days), wanted=WEEKS_WANTED)


def _means(grid: Grid, days: Ints, *, first_back: Ints, wanted: int) -> Floats:
    found = np.empty((len(days), *grid.plain.shape[1:]))
    for at, (day, back) in enumerate(zip(days, first_back, strict=True)):
        earlier = day - 7 * (back + np.arange(WEEKS_ASKED))
        earlier = earlier[earlier >= 0]
        usual = _mean_of_first(grid.plain[earlier], wanted)
        found[at] = np.where(np.isnan(usual), _mean_of_first(grid.divided[earlier], wanted), usual)
    return found


def _mean_of_first(weeks: Floats, wanted: int) -> Floats:
    """Return the mean of the first `wanted` that are known; NaN where none is."""
    known = ~np.isnan(weeks)
    known &= np.cumsum(known, axis=0) <= wanted
    count = known.sum(axis=0)
    total = np.where(known, weeks, 0.0).sum(axis=0)
    empty = np.full(count.shape, np.nan)
    return np.asarray(np.divide(total, count, out=empty, where=count > 0))
