"""The forecast of one shop: every contender judged, the best of each group used, intervals made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from ml.load.backtest import REACHES, Decision, Report, calibrations, score, trusts
from ml.load.calendar import calendar
from ml.load.champion import Choice, choose
from ml.load.contenders import BASELINE, Foreseen, foresee, spread_of, usual_step
from ml.load.grid import Grid, Ints, lay, row_at
from ml.load.regressors import Ground, View, ground, known, view
from ml.load.series import LEVELS, SLOT, Exposure, Floats, Forecast, Series
from ml.load.trees import Trees, fit

FOLDS = 8  # weeks judged
REFIT = 4  # weeks that one fit serves in the backtest
WEEKS_BEFORE = 5  # that a day needs behind it to be learnt from
LEADS = np.arange(21)
DAILY = 28  # days judged for the day before and the day itself


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """A forecast, and why it is the one that is used."""

    forecast: Forecast
    means: Mapping[str, Floats]  #: what each contender says: slots × groups, the one used included
    report: Report


class HorizonUncovered(ValueError):
    """The multipliers do not reach to the end of the horizon."""


def make_forecast(
    series: Series,
    *,
    origin: datetime,
    exposures: Sequence[Exposure],
    multiplier: Floats,
    horizon_slots: int,
    seed: int,
) -> Foretold:
    """Return what will come from the origin's slot on, and how every contender did before.

    Nothing of the origin's day is read but exposures known by then; two calls with the same past
    give the same bytes. Takes seconds to a minute: it learns.

    Args:
        series: What came; may reach past the origin, where it is not read.
        origin: Aware; when the forecast is made.
        exposures: What may explain; a value that was not known at the origin is not read.
        multiplier: Slots × groups from the series' start to the horizon's end; 1 where no event.
        horizon_slots: How many half hours.
        seed: Of everything random.

    Raises:
        HorizonUncovered: If `multiplier` is too short.
    """
    first = row_at(series, origin)
    if len(multiplier) < first + horizon_slots:
        raise HorizonUncovered(f"{len(multiplier)} rows, {first + horizon_slots} needed")
    of = _ground(series, origin, exposures, multiplier[: first + horizon_slots])
    weekly = [view(of, origin=day, leads=_leads(of.grid, day)) for day in _origins(of.grid, 7)]
    folds, daily = _folds(of, weekly, seed=seed)
    now = _now(of, weekly, seed=seed)
    report = _report(of.grid, folds, daily, series.groups)
    rows = slice(first, None)
    day, slot = of.grid.day_of_row[rows] - of.grid.origin, of.grid.slot_of_row[rows]
    return Foretold(
        forecast=_forecast(series, of.grid, (folds, now), report.choices, first_row=first),
        means={name: mean[day, slot] for name, mean in now.means.items()},
        report=report,
    )


def _ground(
    series: Series, origin: datetime, exposures: Sequence[Exposure], multiplier: Floats
) -> Ground:
    grid, first = lay(series, origin=origin, multiplier=multiplier), row_at(series, origin)
    past = [known(series, one, rows=len(multiplier), origin_row=first) for one in exposures]
    days = calendar(grid.first_day, days=grid.days, country=series.country)
    return ground(grid, days, past, origin_row=first)


def _origins(grid: Grid, step: int) -> Sequence[int]:
    """Return the days before the origin that are learnt from and judged, in their order."""
    return range(grid.origin - step, 7 * WEEKS_BEFORE - 1, -step)[::-1]


def _leads(grid: Grid, origin: int) -> Ints:
    return np.asarray(LEADS[: grid.origin - origin])


def _folds(
    of: Ground, weekly: Sequence[View], *, seed: int
) -> tuple[Sequence[Foreseen], Sequence[Foreseen]]:
    """Return what was foreseen in each of the last weeks, and on each of the last days."""
    judged = weekly[-FOLDS:]
    fits: list[tuple[int, Trees | None]] = [
        (one.origin, fit(weekly, of.grid, until=one.origin, seed=seed)) for one in judged[::REFIT]
    ]

    def foreseen(one: View) -> Foreseen:
        trees = [trees for since, trees in fits if since <= one.origin][-1]
        return foresee(of, one, trees)

    began = max(judged[0].origin, of.grid.origin - DAILY) if judged else of.grid.origin
    daily = [
        view(of, origin=day, leads=_leads(of.grid, day)[:2]) for day in range(began, of.grid.origin)
    ]
    return [foreseen(one) for one in judged], [foreseen(one) for one in daily]


def _now(of: Ground, weekly: Sequence[View], *, seed: int) -> Foreseen:
    grid = of.grid
    trees = fit(weekly, grid, until=grid.origin, seed=seed)
    return foresee(
        of, view(of, origin=grid.origin, leads=np.arange(grid.days - grid.origin)), trees
    )


def _forecast(
    series: Series,
    grid: Grid,
    seen: tuple[Sequence[Foreseen], Foreseen],
    choices: Sequence[Choice],
    *,
    first_row: int,
) -> Forecast:
    folds, now = seen
    mean = np.empty_like(now.means[BASELINE])
    quantiles = np.empty((len(LEVELS), *mean.shape))
    for at, choice in enumerate(choices):
        mean[:, :, at] = now.means[choice.used][:, :, at]
        spread = spread_of(choice.used, now)
        by_reach = calibrations(folds, choice.used, group=at, now=grid.origin)
        for leads, one in zip(REACHES, by_reach, strict=True):
            days = np.isin(now.view.leads, leads)
            centre, apart = mean[..., at][days], spread[..., at][:, days]
            of_days = one.quantiles(centre.ravel(), apart.reshape(len(LEVELS), -1))
            quantiles[..., at][:, days] = of_days.reshape(len(LEVELS), *centre.shape)
    rows = slice(first_row, None)
    day, slot = grid.day_of_row[rows] - grid.origin, grid.slot_of_row[rows]
    return Forecast(
        starts_at=(series.starts_at + first_row * SLOT).astimezone(UTC),
        groups=series.groups,
        baseline=now.means[BASELINE][day, slot],
        mean=mean[day, slot],
        quantiles=quantiles[:, day, slot],
        used={choice.group: choice.used for choice in choices},
    )


def _report(
    grid: Grid, folds: Sequence[Foreseen], daily: Sequence[Foreseen], groups: Sequence[str]
) -> Report:
    step, choices = usual_step(grid), choose(folds, groups)
    by_week = (Decision.T_14, Decision.T_7)
    scores = [
        score(one, folds if one in by_week else daily, step=step, groups=groups) for one in Decision
    ]
    return Report(
        choices=choices,
        scores=[one for of_decision in scores for one in of_decision],
        trust=trusts(daily, choices),
    )
