"""What plans cost where the rate itself is known: two played shops, week after week.

Half hour by half hour, beside the oracle that knew the rate of every one, though not who would
write: teams for the mean, for the whole predictive distribution, for its 90 % quantile, and those
of the fewest hours that should keep the target in 95 of 100 half hours. The week is foreseen on its
Monday; its first two days apart show what is lost by the distance, as carriers' troubles and
shortages are not known a week before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.load.forecast import make_forecast
from ml.load.series import LEVELS, SLOT, Floats, Series
from ml.play.causes import Causes
from ml.play.course import DAY_SLOTS
from ml.play.play import Played, play
from ml.play.world import sends, shortages
from ml.staffing.kept import people_for_share
from ml.staffing.people import Target, people_needed
from ml.staffing.rates import rates
from ml.staffing.regret import Regret, regret

Say = Callable[[str], None]

ORDERS = (4_000.0, 20_000.0)  # a day, of each shop: about 45 and 225 contacts in half an hour
WEEKS_BEFORE, WEEKS = 36, 3
WEEK = 7 * DAY_SLOTS
NEAR = 2 * DAY_SLOTS
SEED = 11
AN_HOUR, HOURS = 2, 0.5  # slots, and back
AT = (0.1, 0.3, 0.5, 0.7, 0.9)
KEPT = 0.95
TARGET = Target(handle_seconds=180, patience_seconds=120, within_seconds=20, share=0.8)


@dataclass(frozen=True, kw_only=True)
class Week:
    """Open half hours as they were foreseen on a Monday, and their true rate; contacts."""

    mean: Floats
    quantiles: Floats  #: levels × slots
    rate: Floats
    is_near: Floats  #: 1 in the first two days

    def teams(self) -> Mapping[str, Sequence[int]]:
        """Return the people of each slot by each rule."""
        hourly, mean = self.quantiles * AN_HOUR, self.mean * AN_HOUR
        of_rate = rates(self.mean, self.quantiles) * AN_HOUR
        spread = [np.interp(AT, LEVELS, slot) for slot in hourly.T]
        return {
            "mean": [people_needed([float(one)], TARGET) for one in mean],
            "distribution": [people_needed([float(at) for at in one], TARGET) for one in spread],
            "quantile_90": [people_needed([float(one)], TARGET) for one in hourly[3]],
            "kept_95": people_for_share(of_rate, TARGET, kept_share=KEPT).tolist(),
        }


def played_plans(say: Say) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Measure hours beyond the oracle's and slots kept, of each shop; the week, its beginning."""
    return {f"{orders:.0f}_orders_a_day": _plans(orders, say) for orders in ORDERS}


def _plans(orders: float, say: Say) -> Mapping[str, Mapping[str, float]]:
    shop = a_shop(orders, weeks=WEEKS_BEFORE + WEEKS)
    weeks = [_week(shop, WEEKS_BEFORE + at) for at in range(WEEKS)]
    rates = np.concatenate([week.rate for week in weeks]) * AN_HOUR
    near = np.concatenate([week.is_near for week in weeks]) > 0
    teams = [week.teams() for week in weeks]
    off = np.concatenate([np.abs(week.mean - week.rate) for week in weeks]) * AN_HOUR
    found: dict[str, Mapping[str, float]] = {}
    for reach, some in (("week", np.ones_like(near)), ("two_days", near)):
        error = 100 * float(off[some].sum() / rates[some].sum())
        say(f"  {orders:.0f} orders a day, {reach}: the rate foreseen with WAPE {error:.2f} %")
        for name in teams[0]:
            people = np.concatenate([np.array(week[name]) for week in teams])[some]
            made = regret(people.tolist(), rates[some].tolist(), TARGET, slot_hours=HOURS)
            found[f"{reach}_{name}"] = _told(name, made, say)
    return found


def a_shop(orders: float, *, weeks: int) -> Played:
    """Return a played shop without promotions: campaigns, shortages and troubles there are."""
    dice = np.random.default_rng(SEED)
    causes = replace(
        Causes(orders_a_day=orders),
        sends=sends(days=7 * weeks, messages=round(2 * orders), rng=dice),
        shortages=shortages(days=7 * weeks, rng=dice),
    )
    return play(causes, days=7 * weeks, rng=dice)


def _week(shop: Played, at: int) -> Week:
    """Foresee a week, by its number, from what was known at its beginning."""
    of, first = shop.series, at * WEEK
    total = Series(
        starts_at=of.starts_at,
        zone=of.zone,
        groups=("other",),
        contacts=of.contacts.sum(axis=1, keepdims=True),
    )
    made = make_forecast(
        total,
        origin=of.starts_at + first * SLOT,
        exposures=shop.exposures,
        multiplier=np.ones((first + WEEK, 1)),
        horizon_slots=WEEK,
        seed=SEED,
    ).forecast
    rate = shop.rate[first : first + WEEK].sum(axis=1)
    is_open = ~np.isnan(rate)
    return Week(
        mean=made.mean[is_open, 0],
        quantiles=made.quantiles[:, is_open, 0],
        rate=rate[is_open],
        is_near=(np.arange(WEEK) < NEAR)[is_open].astype(np.float64),
    )


def _told(name: str, found: Regret, say: Say) -> Mapping[str, float]:
    extra, kept = 100 * found.extra_share, 100 * found.kept_share
    say(
        f"    {name}: {found.planned_hours:.0f} hours, {extra:+.1f} % of the oracle's,"
        f" target kept in {kept:.1f} % of half hours"
    )
    return {"extra_percent": round(extra, 2), "kept_percent": round(kept, 2)}
