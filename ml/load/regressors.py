"""What the trees look at: the calendar, the recent level, and exposures as they were known.

No value that was not known at the day a forecast is made is read, neither for a forecast nor, as
of its own day, for an example it learns from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.load.calendar import Calendar, distances
from ml.load.days import by_days
from ml.load.grid import DAY_SLOTS, Grid, Ints
from ml.load.series import SLOT, Exposure, Floats, Series
from ml.load.weekly import four_weeks, week_before_week

FARTHEST_LEAD = 20  # days; beyond, a forecast looks no different to the trees
AGES = (1, 2, 3, 5, 7)  # days before a slot's day whose exposure counts, as orders age
LATELY = 8  # slots before a slot whose planned exposure still counts
WEEK = 7 * DAY_SLOTS
LEAST = 0.5  # contacts, added on both sides of a ratio


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that forecasts of one series start from, at any day up to the origin's."""

    grid: Grid
    origin_row: int  #: at whose beginning the forecast is made; examples, when their day began
    calendar: Calendar
    columns: Floats  #: of the calendar, for the model of days
    before: Floats  #: days × 48 × groups: what was usual, a week ahead of each day
    promotion: tuple[Ints, Ints]  #: days since and until an event
    exposures: Sequence["Known"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """An exposure by the row of the series, and the row by whose beginning each value is known."""

    values: Floats
    known_row: Ints
    counted: Floats  #: cumulated; [r] sums what was over and known by the beginning of row r
    by_day: Floats  #: the sum of each day
    day_known_row: Ints  #: the row by whose beginning all of a day is known


@dataclass(frozen=True, kw_only=True)
class View:
    """What was foreseen on one day, of the days ahead; leads × 48 × groups, no multiplier."""

    origin: int
    leads: Ints
    four_weeks: Floats
    days: Floats
    features: Floats  #: leads × 48 × groups × features


def ground(
    grid: Grid, calendar: Calendar, exposures: Sequence[Known], *, origin_row: int
) -> Ground:
    """Return the ground of all forecasts up to the grid's origin."""
    return Ground(
        grid=grid,
        origin_row=origin_row,
        calendar=calendar,
        columns=calendar.columns(),
        before=week_before_week(grid),
        promotion=distances((grid.multiplier != 1).any(axis=(1, 2))),
        exposures=exposures,
    )


def known(series: Series, exposure: Exposure, *, grid: Grid, origin_row: int) -> Known:
    """Return what of an exposure may be read: values known after the origin become unknown.

    Args:
        series: Whose rows count.
        exposure: Its values from the series' start on.
        grid: The days of the series and the horizon.
        origin_row: Rounded down: what is known within that slot is not known yet.
    """
    rows = len(grid.day_of_row)
    start = np.datetime64(series.starts_at.replace(tzinfo=None), "s")
    since = (exposure.known_at[:rows].astype("datetime64[s]") - start).astype(np.int64)
    by_row = np.full(rows, rows, dtype=np.int64)
    by_row[: len(since)] = -(-since // int(SLOT.total_seconds()))
    values = np.full(rows, np.nan)
    values[: len(since)] = exposure.values[:rows]
    unknown = (by_row > origin_row) | np.isnan(values)
    values[unknown], by_row[unknown] = np.nan, rows
    over = np.clip(np.maximum(by_row, np.arange(rows) + 1), 0, rows)
    counted = np.bincount(over, weights=np.where(unknown, 0.0, values), minlength=rows + 1)
    day_known_row = np.zeros(grid.days, dtype=np.int64)
    np.maximum.at(day_known_row, grid.day_of_row, by_row)
    return Known(
        values=values,
        known_row=by_row,
        counted=np.cumsum(counted),
        by_day=np.bincount(grid.day_of_row, np.nan_to_num(values), grid.days).astype(np.float64),
        day_known_row=day_known_row,
    )


def view(of: Ground, *, origin: int, leads: Ints) -> View:
    """Return what is foreseen on a day of the days ahead of it."""
    usual = four_weeks(of.grid, origin=origin, leads=leads)
    days = by_days(of.grid, of.columns, origin=origin, leads=leads)
    shape = usual.shape
    parts = [
        *_of_the_day(of, origin, leads),
        *_of_the_level(of, origin, usual, days),
        *(part for one in of.exposures for part in _of_exposure(of, one, origin, leads)),
    ]
    features = np.stack([np.broadcast_to(part, shape) for part in parts], axis=-1)
    return View(
        origin=origin,
        leads=leads,
        four_weeks=usual,
        days=days,
        features=features.astype(np.float32),
    )


def _of_the_day(of: Ground, origin: int, leads: Ints) -> list[Floats]:
    at = origin + leads
    calendar, (since, until) = of.calendar, of.promotion
    by_day = [
        calendar.weekday[at],
        calendar.day_of_month[at],
        calendar.turn[at],
        calendar.kind[at],
        calendar.since[at],
        calendar.until[at],
        since[at],
        until[at],
        np.minimum(leads, FARTHEST_LEAD),
    ]
    slots, groups = np.arange(DAY_SLOTS), np.arange(of.grid.plain.shape[2])
    return [*(part[:, None, None] for part in by_day), slots[None, :, None], groups[None, None, :]]


def _of_the_level(of: Ground, origin: int, usual: Floats, days: Floats) -> list[Floats]:
    """Return how the last days compared with the weeks before, by group and altogether."""
    parts = [np.log(usual + LEAST), np.log((days + LEAST) / (usual + LEAST))]
    for window in (1, 7, 28):
        last = slice(max(origin - window, 0), origin)
        came, usually = of.grid.plain[last], of.before[last]
        both = ~np.isnan(came) & ~np.isnan(usually)
        sums = [np.where(both, what, 0.0).sum(axis=(0, 1)) + LEAST for what in (came, usually)]
        parts.append(np.log(sums[0] / sums[1])[None, None, :])
        parts.append(np.log(sums[0].sum() / sums[1].sum())[None, None, None])
    return parts


def _of_exposure(of: Ground, one: Known, origin: int, leads: Ints) -> list[Floats]:
    """Return what is planned for each slot and the hours before it, and the level of late."""
    grid = of.grid
    now = of.origin_row if origin == grid.origin else int(grid.first_rows[origin])
    rows = np.full((grid.days, DAY_SLOTS), -1)
    rows[grid.day_of_row, grid.slot_of_row] = np.arange(len(grid.day_of_row))
    at = rows[origin + leads]
    planned = np.where(at >= 0, _as_known(one, at, now, grid), np.nan)
    earlier = [_as_known(one, at - back, now, grid) for back in range(1, LATELY + 1)]
    lately = np.where(np.isnan(earlier), 0.0, earlier).sum(axis=0)
    last = [one.counted[now] - one.counted[max(now - back, 0)] for back in (DAY_SLOTS, WEEK)]
    month = (one.counted[now] - one.counted[max(now - 4 * WEEK, 0)]) / 28
    of_late = [np.log((last[0] + 1) / (month + 1)), np.log((last[1] / 7 + 1) / (month + 1))]
    return [
        planned[:, :, None],
        lately[:, :, None],
        *(_of_age(one, origin + leads - age, now, month)[:, None, None] for age in AGES),
        *(np.asarray(part)[None, None, None] for part in of_late),
    ]


def _of_age(one: Known, days: Ints, now: int, month: Floats) -> Floats:
    """Return how days compare with the month, NaN where one was not known by row `now`."""
    inside = np.maximum(days, 0)
    may_read = (days >= 0) & (one.day_known_row[inside] <= now)
    # What is hidden by then must not warn either: the same bytes, the same warnings.
    sums = np.where(may_read, one.by_day[inside], 0.0)
    return np.where(may_read, np.log((np.maximum(sums, 0.0) + 1) / (month + 1)), np.nan)


def _as_known(one: Known, at: Ints, now: int, grid: Grid) -> Floats:
    """Return the values of rows, NaN where they were not known at the beginning of row `now`."""
    inside = np.clip(at, 0, len(grid.day_of_row) - 1)
    may_read = (at >= 0) & (one.known_row[inside] <= now)
    return np.where(may_read, one.values[inside], np.nan)
