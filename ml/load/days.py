"""Whole days, then their half hours: a log-linear model of the day's total.

The day's logarithm is a ridge regression on the calendar (weekday, turn of the month in working
days, holidays), outliers held down by Huber's weights (1964, Ann. Math. Statist. 35:73); most of
what the last days lay above it stays. The day is spread over its half hours as the same weekdays
were, the recent ones counting most. It learns from months what a mean of four weeks cannot see.
"""

import numpy as np

from ml.load.grid import Grid, Ints
from ml.load.series import Floats

DAYS_LEAST = 28
HALF_LIFE = 150.0  # days after which a day counts half
SHAPE_HALF_LIFE = 45.0
RIDGE, FREE, WEEKDAY_RIDGE = 1.0, 1e-6, 0.1
WEEKDAYS = 7
ROUNDS = 6
HUBER = 1.5
LEVEL_HALF_LIFE = 5.0  # days after which an error says half as much about where the level stands
LEVEL_KEPT = 0.9
WHOLE = 0.9  # of the half hours its weekday usually has; a day with fewer is no whole day
LEAST = 0.5  # contacts, added so that a day without any has a logarithm


def by_days(grid: Grid, columns: Floats, *, origin: int, leads: Ints) -> Floats:
    """Return what is expected, before any multiplier: leads × 48 × groups.

    NaN for groups with less than 28 whole days, and for half hours the weekday never had.

    Args:
        grid: What came.
        columns: Days × columns, of `Calendar.columns`.
        origin: The day of the forecast; it and later days are not read.
        leads: Days from the origin, 0 or more.
    """
    past = grid.divided[:origin]
    is_whole = _whole_days(past, columns[:origin, :WEEKDAYS])
    found = np.full((len(leads), *past.shape[1:]), np.nan)
    shapes = _shapes(past, columns, origin=origin)[_weekday(columns, origin + leads)]
    totals = np.nansum(past, axis=1)
    for group in range(past.shape[2]):
        days = np.flatnonzero(is_whole[:, group])
        if len(days) < DAYS_LEAST:
            continue
        logs = np.log(totals[days, group] + LEAST)
        of_day = _fit(columns[days], logs, age=origin - days)
        recent = 0.5 ** ((origin - days) / LEVEL_HALF_LIFE)
        level = np.average(logs - columns[days] @ of_day[1:] - of_day[0], weights=recent)
        ahead = of_day[0] + columns[origin + leads] @ of_day[1:] + LEVEL_KEPT * level
        expected = np.maximum(np.exp(ahead) - LEAST, 0.0)
        found[:, :, group] = expected[:, None] * shapes[:, :, group]
    return found


def _fit(columns: Floats, logs: Floats, *, age: Ints) -> Floats:
    """Return the constant and the columns' effects, by reweighted ridge regression."""
    with_one = np.column_stack([np.ones(len(logs)), columns])
    ridge = np.full(with_one.shape[1], RIDGE)
    ridge[0], ridge[1 : WEEKDAYS + 1] = FREE, WEEKDAY_RIDGE
    recency = 0.5 ** (age / HALF_LIFE)
    weights = recency
    effects = np.zeros(with_one.shape[1])
    for _ in range(ROUNDS):
        weighted = with_one.T * weights
        effects = np.linalg.solve(weighted @ with_one + np.diag(ridge), weighted @ logs)
        errors = np.abs(logs - with_one @ effects)
        scale = 1.4826 * float(np.median(errors)) + FREE
        weights = recency * np.minimum(1.0, HUBER * scale / np.maximum(errors, FREE))
    return effects


def _whole_days(past: Floats, weekdays: Floats) -> Ints:
    """Return which days have nearly every half hour that their weekday has: days × groups."""
    seen = (~np.isnan(past)).sum(axis=1)
    usual = np.zeros_like(seen)
    for weekday in range(WEEKDAYS):
        of_it = weekdays[:, weekday] == 1
        if of_it.any():
            usual[of_it] = np.median(seen[of_it], axis=0)
    return np.asarray((seen > 0) & (seen >= WHOLE * usual))


def _shapes(past: Floats, columns: Floats, *, origin: int) -> Floats:
    """Return the share of the day that each half hour has: weekdays × 48 × groups."""
    recency = 0.5 ** ((origin - np.arange(origin)) / SHAPE_HALF_LIFE)
    by_weekday = columns[:origin, :WEEKDAYS].T * recency
    known = ~np.isnan(past)
    total = np.einsum("wd,dsg->wsg", by_weekday, np.where(known, past, 0.0))
    count = np.einsum("wd,dsg->wsg", by_weekday, known.astype(np.float64))
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    whole = np.nansum(mean, axis=1, keepdims=True)
    empty = np.full(mean.shape, np.nan)
    return np.asarray(np.divide(mean, whole, out=empty, where=whole > 0))


def _weekday(columns: Floats, days: Ints) -> Ints:
    return np.asarray(columns[days, :WEEKDAYS].argmax(axis=1))
