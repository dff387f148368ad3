"""What lies ahead: contacts by half hour and group for six weeks, and the people they take.

The whole is foreseen as a series of its own and decides; the groups are drawn to it in proportion,
as their sum is surer than its parts. Promotions and messages to be sent widen the range by what is
not known of them. Everything random comes from the seed: the same past gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import NormalDist
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.backtest import Report
from ml.load.forecast import make_forecast
from ml.load.grid import row_at
from ml.load.intraday import ratios, rest_of_day, slots_of_day
from ml.load.recorded import WHOLE
from ml.load.sends import contacts_after
from ml.load.series import LEVELS, SLOT, Exposure, Floats, Forecast, Series
from ml.load.slots import midnight
from ml.load.windows import Lessons, Window, lessons
from ml.staffing.kept import people_for_share
from ml.staffing.people import Target
from ml.staffing.rates import rates

DAYS = 42  # six weeks, today included
SENDS_SPREAD = 0.5  # what messages add is assumed, and may well be half or half as much again
MIDDLE = LEVELS.index(0.5)
SLOTS_PER_HOUR = timedelta(hours=1) // SLOT
A_DAY = timedelta(days=1) // SLOT
KEPT_SHARE = 0.95  # of a day's half hours, on average over what may come
DEVIATES = tuple(NormalDist().inv_cdf(level) for level in LEVELS)
SIGNS = (-1.0, -1.0, 0.0, 1.0, 1.0)  # on which side of the middle each of `LEVELS` lies


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything an outlook is made of, as it is known at `now`."""

    now: datetime
    series: Series  #: of `recorded`: its first group is the whole
    windows: Sequence[Window]  #: promotions, past and to come
    messages: Mapping[datetime, int]  #: that are to be sent, by the hour
    exposures: Sequence[Exposure]
    person_share: float  #: of contacts that need a person, 0 to 1
    target: Target
    sent: Mapping[datetime, int] = field(default_factory=dict)  #: messages that left, by the hour


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What was foreseen, from the shop's last midnight on, and what it rests on.

    `forecast.baseline` is the mean of the last four same weekdays × `times`.
    """

    forecast: Forecast
    times: Floats  #: of the promotion, of each slot; 1 where none is
    added: Floats  #: contacts by messages that are to be sent, of each slot; within the mean
    people: Sequence[int]  #: of each slot; 0 where nothing is foreseen
    report: Report
    lessons: Lessons


def look_ahead(known: Known, *, seed: int) -> Outlook:
    """Foresee six weeks from the shop's last midnight on; of today nothing is read.

    Takes seconds to a minute: it learns.
    """
    series = known.series
    start = midnight(known.now, series.zone)
    first = row_at(series, start)
    rows = row_at(series, midnight(start, series.zone, days=DAYS))
    taught = lessons(series, known.windows, now=known.now, rows=rows)
    foretold = make_forecast(
        series,
        origin=start,
        exposures=known.exposures,
        multiplier=np.repeat(taught.times[:, None], len(series.groups), axis=1),
        horizon_slots=rows - first,
        seed=seed,
    )
    added = _added(known.messages, start, rows - first)
    made = _with_sends(_widened(foretold.forecast, taught, first), added)
    return Outlook(
        forecast=_drawn_to_the_whole(made),
        times=taught.times[first:],
        added=added,
        people=people(made.mean[:, 0], made.quantiles[:, :, 0], known.person_share, known.target),
        report=foretold.report,
        lessons=taught,
    )


def later_today(
    made: Forecast, came: Floats, *, trust: Floats, zone: ZoneInfo
) -> tuple[Forecast, float]:
    """Put the rest of today right by what came so far; return it, and what the whole is times by.

    Args:
        made: From midnight to the next, as it was foreseen before the day began.
        came: Slots × groups since midnight, of half hours that are over; NaN where not known.
        trust: Of each group, as learnt.
        zone: The shop's.
    """
    slots = min(slots_of_day(made.starts_at, zone), len(made.mean))
    right = rest_of_day(made, came, slots_today=slots, trust=trust)
    ratio = float(ratios(came, made.mean[: len(came)])[0])
    factor = float(np.clip(1 + trust[0] * (ratio - 1), 0.5, 2.0))
    return _drawn_to_the_whole(right), factor


def people(mean: Floats, quantiles: Floats, person_share: float, target: Target) -> Sequence[int]:
    """Return the teams that keep the target on average over what may come, and in most half hours.

    Day by day: of each day's half hours `KEPT_SHARE` should keep it, in the fewest hours.

    Args:
        mean: Contacts of each slot; NaN needs nobody.
        quantiles: Levels × slots.
        person_share: Of contacts that need a person, 0 to 1.
        target: What is promised.
    """
    known = ~np.isnan(mean)
    hourly = np.round(rates(mean, quantiles) * SLOTS_PER_HOUR * person_share, 1)
    found = np.zeros(len(mean), dtype=np.int64)
    for first in range(0, len(mean), A_DAY):
        day = np.flatnonzero(known[first : first + A_DAY]) + first
        found[day] = people_for_share(hourly[:, day], target, kept_share=KEPT_SHARE)
    return [int(one) for one in found]


def _added(messages: Mapping[datetime, int], start: datetime, slots: int) -> Floats:
    """Return what messages add to each slot: half of their hour's contacts."""
    of_hours = contacts_after(messages)
    at = [start + step * SLOT for step in range(slots)]
    return np.array([of_hours.get(one.replace(minute=0), 0.0) / SLOTS_PER_HOUR for one in at])


def _widened(made: Forecast, taught: Lessons, first: int) -> Forecast:
    """Let the range hold what promotions differ by, beside what it held."""
    of_mean = np.exp(taught.next.log_mean + np.array(DEVIATES) * taught.next.log_sd)
    off = of_mean / taught.next.mean - 1
    part = taught.part[first:]
    return _apart(made, off[:, None, None] * (part[:, None] * made.mean))


def _with_sends(made: Forecast, added: Floats) -> Forecast:
    """Add what messages bring to the whole and to those who ask before buying."""
    mean = made.mean.copy()
    off = np.zeros(made.quantiles.shape)
    for name in {WHOLE, "presale"} & set(made.groups):
        at = made.groups.index(name)
        mean[:, at] += added
        off[:, :, at] = np.outer(DEVIATES, SENDS_SPREAD * added)
    moved = replace(made, mean=mean, quantiles=made.quantiles + (mean - made.mean))
    return _apart(moved, off)


def _apart(made: Forecast, off: Floats) -> Forecast:
    return replace(made, quantiles=apart(made.mean, made.quantiles, off))


def apart(mean: Floats, quantiles: Floats, off: Floats) -> Floats:
    """Move quantiles apart by a further error, independent of the one they hold.

    Args:
        mean: Contacts of each slot, or slots × groups.
        quantiles: Levels × the same.
        off: How far from the mean the further error alone would put each quantile.
    """
    own = quantiles - mean
    both = np.sqrt(own**2 + off**2)
    sign = np.array(SIGNS).reshape(-1, *[1] * mean.ndim)
    wide = np.where(sign == 0, quantiles, mean + sign * both)
    wide = np.where(off == 0, quantiles, np.maximum(wide, 0.0))
    return np.asarray(np.sort(wide, axis=0))


def _drawn_to_the_whole(made: Forecast) -> Forecast:
    """Let the groups sum to the whole, each in its proportion."""
    if len(made.groups) == 1:
        return made
    total = np.nansum(made.mean[:, 1:], axis=1)
    factor = np.divide(made.mean[:, 0], total, out=np.ones(len(total)), where=total > 0)
    mean = made.mean.copy()
    mean[:, 1:] *= factor[:, None]
    return replace(made, mean=mean)
