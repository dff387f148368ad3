"""How many write for one late parcel, short order or message: learnt from the shop's own days.

Each day is held against the mean of the last four same weekdays, and so is what caused it: the
rate is the slope between the two differences, by weighted least squares; that of late parcels
beside orders of the days before, which are asked about as well. Its error is taken from fortnights
as a whole (Liang & Zeger 1986, Biometrika 73:13), for trouble lasts and neighbouring days err
alike. The slope is then drawn to the prior by their precisions, the posterior of a normal mean.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ml.load.happenings import PRIORS, Cause, Known, Rate, answered
from ml.load.series import SLOT, Exposure, Floats, Series
from ml.load.slots import midnight

#: The exposures that count a cause, and for how many days a unit of each is taken to last.
COUNTED_AS: Mapping[Cause, Mapping[str, int]] = {
    Cause.LATE_PARCEL: {"parcels_late": 1, "parcels_in_trouble": 3},
    Cause.SHORT_ORDER: {"sold_out": 1, "short": 3},
}
ORDER_AGES = range(1, 6)  # days; an older order is seldom asked about
LEAST_SPREAD = 0.1  # of a rate: one happening is never quite like the mean of those before it
WEEKS, LEAST_WEEKS = 4, 2
LEAST_DAYS = 56
FORTNIGHT = 14


@dataclass(frozen=True, kw_only=True)
class Days:
    """Days of the shop's calendar as columns; NaN where not known or left out."""

    contacts: Mapping[str, Floats]
    causes: Mapping[Cause, Floats]
    orders: Sequence[Floats]  #: so many days before, by `ORDER_AGES`


def learn(
    series: Series,
    exposures: Sequence[Exposure],
    sent: Mapping[datetime, int],
    is_promotion: NDArray[np.bool_],
) -> Sequence[Rate]:
    """Return every rate of `PRIORS`, learnt where the past says anything of it.

    Args:
        series: What came, by group; groups it does not tell apart are not learnt.
        exposures: What was counted, of which those in `COUNTED_AS` and `orders` are read.
        sent: Messages that left, by the hour.
        is_promotion: Of each slot of the series; days with any teach nothing.
    """
    days = _by_day(series, exposures, sent, is_promotion)
    return [_learnt(prior, days) for prior in PRIORS]


def _learnt(prior: Rate, days: Days) -> Rate:
    """Return the posterior of one rate; the prior where too little is known."""
    came = days.contacts.get(prior.about)
    if came is None or prior.cause not in days.causes:
        return prior
    others = [one.cause for one in PRIORS if one.about == prior.about and one is not prior]
    columns = [days.causes[prior.cause]]
    columns += [days.causes[one] for one in others if one in days.causes]
    if prior.cause is Cause.LATE_PARCEL:  # shortages prevent orders, and are not held against them
        columns += days.orders
    table = np.column_stack([came, *columns])
    table[np.isnan(table).any(axis=1)] = np.nan
    usual = _usual(table)
    rows = np.flatnonzero(~np.isnan(table - usual).any(axis=1))
    if len(rows) < LEAST_DAYS or not np.ptp(table[rows, 1]):
        return prior
    weight = 1 / np.sqrt(usual[rows, 0] + 1)
    beyond = (table - usual)[rows] * weight[:, None]
    moved = np.append(True, np.ptp(beyond[:, 2:], axis=0) > 0)
    slope, variance = _slope(beyond[:, 0], beyond[:, 1:][:, moved], rows // FORTNIGHT)
    precision = 1 / variance + 1 / prior.sd**2
    mean = (slope / variance + prior.mean / prior.sd**2) / precision
    mean = max(mean, 0.0)
    return replace(
        prior,
        mean=mean,
        sd=math.sqrt(1 / precision + (LEAST_SPREAD * mean) ** 2),
        known=Known.LEARNT,
        units=float(table[rows, 1].sum()),
        days=len(rows),
    )


def _slope(came: Floats, causes: Floats, blocks: NDArray[np.int64]) -> tuple[float, float]:
    """Return the slope of the first column and its variance, the larger of two estimates."""
    inverse = np.linalg.pinv(causes.T @ causes)
    slopes = inverse @ causes.T @ came
    error = came - causes @ slopes
    scores = np.array([(causes * error[:, None])[blocks == one].sum(axis=0) for one in set(blocks)])
    spare = len(scores) / max(len(scores) - causes.shape[1], 1)  # few blocks err on the narrow side
    by_blocks = inverse @ (scores.T @ scores) @ inverse * spare
    alone = inverse * (error @ error) / max(len(came) - causes.shape[1], 1)
    return float(slopes[0]), max(float(by_blocks[0, 0]), float(alone[0, 0]), 1e-12)


def _usual(table: Floats) -> Floats:
    """Return the mean of the last four same weekdays that are known, of at least two."""
    back = np.full((WEEKS, *table.shape), np.nan)
    for week in range(1, WEEKS + 1):
        back[week - 1, 7 * week :] = table[: -7 * week]
    known = (~np.isnan(back)).sum(axis=0)
    total = np.nansum(back, axis=0)
    return np.where(known >= LEAST_WEEKS, total / np.maximum(known, 1), np.nan)


def _by_day(
    series: Series,
    exposures: Sequence[Exposure],
    sent: Mapping[datetime, int],
    is_promotion: NDArray[np.bool_],
) -> Days:
    """Sum everything by the shop's days; the last, which may not be over, is not known."""
    rows = len(series.contacts)
    day = _day_of_row(series)
    count = int(day[-1]) + 1 if rows else 0
    left_out = np.bincount(day, weights=is_promotion, minlength=count) > 0
    left_out[-1:] = True

    def by_day(values: Floats) -> Floats:
        known = np.bincount(day, weights=~np.isnan(values), minlength=count)
        total = np.bincount(day, weights=np.nan_to_num(values), minlength=count)
        return np.where((known > 0) & ~left_out, total, np.nan)

    counted = {one.name: by_day(_cut(one.values, rows)) for one in exposures}
    causes = {
        cause: _lasting(counted[name], lasts)
        for cause, names in COUNTED_AS.items()
        for name, lasts in names.items()
        if name in counted
    }
    written = answered({at: float(n) for at, n in sent.items()})
    if any(n > 0 for n in sent.values()):
        slots = [series.slot_at(row) for row in range(rows)]
        causes[Cause.MESSAGE] = by_day(np.array([written.get(slot, 0.0) for slot in slots]))
    return Days(
        contacts={about: by_day(series.contacts[:, at]) for at, about in enumerate(series.groups)},
        causes=causes,
        orders=[_aged(counted["orders"], age) for age in ORDER_AGES] if "orders" in counted else [],
    )


def _day_of_row(series: Series) -> NDArray[np.int64]:
    """Return the day of each row, counted from the series' first."""
    rows = len(series.contacts)
    days = np.zeros(rows, dtype=np.int64)
    start, day = series.starts_at, 1
    while (row := (midnight(start, series.zone, days=day) - start) // SLOT) < rows:
        days[row:] = day
        day += 1
    return days


def _cut(values: Floats, rows: int) -> Floats:
    found = np.full(rows, np.nan)
    found[: min(rows, len(values))] = values[:rows]
    return found


def _lasting(by_day: Floats, days: int) -> Floats:
    """Return how many are open on each day, when each counts for so many from its own on."""
    found = np.array(by_day)
    for back in range(1, days):
        found[back:] += np.nan_to_num(by_day[:-back])
    return found


def _aged(by_day: Floats, days: int) -> Floats:
    """Return what was so many days before each day; NaN before the first."""
    return np.concatenate([np.full(days, np.nan), by_day])[: len(by_day)]
