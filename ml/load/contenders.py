"""The ways to foresee that compete: each alone, and averages of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ml.load.conformal import Cells
from ml.load.grid import Grid
from ml.load.regressors import Ground, View
from ml.load.series import LEVELS, Floats
from ml.load.trees import Trees, expect
from ml.load.weekly import four_weeks

BASELINE, NAIVE, DAYS, TREES = "four_weeks", "seasonal_naive", "days", "trees"
#: What each is the average of. The naive one is there to be compared with and is never used.
PARTS: Mapping[str, tuple[str, ...]] = {
    NAIVE: (NAIVE,),
    BASELINE: (BASELINE,),
    DAYS: (DAYS,),
    TREES: (TREES,),
    "trees_and_four_weeks": (TREES, BASELINE),
    "trees_and_days": (TREES, DAYS),
    "all_three": (TREES, DAYS, BASELINE),
}
PLAIN = (NAIVE, BASELINE)  # their quantiles start from themselves, not from the trees' spread


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What each contender foresaw on one day, multiplied by the events'; leads × 48 × groups."""

    view: View
    means: Mapping[str, Floats]
    spread: Floats  #: levels × leads × 48 × groups: the trees' quantiles ÷ their mean; 1 without
    came: Floats  #: NaN where closed or not known


def foresee(of: Ground, seen: View, trees: Trees | None) -> Foreseen:
    """Return what each contender that can says; without trees, those that have them are left out.

    Where the model of days has no answer (a new weekday, too short a past), the baseline's stands.
    """
    alone: dict[str, Floats] = {BASELINE: seen.four_weeks}
    naive = four_weeks(of.grid, origin=seen.origin, leads=seen.leads, wanted=1)
    alone[NAIVE] = naive
    alone[DAYS] = np.where(np.isnan(seen.days), seen.four_weeks, seen.days)
    alone[DAYS][np.isnan(seen.four_weeks)] = np.nan
    spread = np.ones((len(LEVELS), *seen.four_weeks.shape))
    if trees is not None:
        alone[TREES], spread = expect(trees, seen)
    at = seen.origin + seen.leads
    times = of.grid.multiplier[at]
    means = {
        name: np.mean([alone[part] for part in parts], axis=0) * times
        for name, parts in PARTS.items()
        if all(part in alone for part in parts)
    }
    return Foreseen(view=seen, means=means, spread=spread, came=of.grid.contacts[at])


def spread_of(name: str, seen: Foreseen) -> Floats:
    """Return the quantiles ÷ the mean that a contender starts from."""
    return np.ones_like(seen.spread) if name in PLAIN else seen.spread


def cells(seen: Foreseen, name: str, *, group: int, leads: range) -> Cells:
    """Return a contender's slots of some leads of one fold."""
    within = np.isin(seen.view.leads, leads)
    centre = seen.means[name][within][:, :, group]
    day = np.broadcast_to((seen.view.origin + seen.view.leads[within])[:, None], centre.shape)
    return Cells(
        origin=seen.view.origin,
        day=day.ravel(),
        centre=centre.ravel(),
        spread=spread_of(name, seen)[:, within][..., group].reshape(len(LEVELS), -1),
        came=seen.came[within][:, :, group].ravel(),
    )


def usual_step(grid: Grid) -> Floats:
    """Return how far a slot lies from the one a week before, on average, of each group.

    The scale of MASE (Hyndman & Koehler 2006, Int. J. Forecasting 22:679).
    """
    steps = np.abs(grid.contacts[7 : grid.origin] - grid.contacts[: max(grid.origin - 7, 0)])
    known = ~np.isnan(steps)
    count = known.sum(axis=(0, 1))
    total = np.where(known, steps, 0.0).sum(axis=(0, 1))
    one = np.ones(count.shape)
    return np.asarray(np.divide(total, count, out=one, where=count > 0))
