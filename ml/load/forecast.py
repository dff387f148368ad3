"""The forecast of one shop: every contender judged, the best of each group used, intervals made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from ml.load.backtest import NEAR, REACHES, Decision, Report, calibration, score, trusts
from ml.load.calendar import calendar
from ml.load.champion import choose
from ml.load.contenders import BASELINE, Foreseen, foresee, spread_of, usual_step
from ml.load.grid import Grid, Ints, lay, row_at
from ml.load.regressors import Ground, View, ground, known, view
from ml.load.series import LEVELS, SLOT, Exposure, Floats, Forecast, Series
from ml.load.trees import Trees, fit

FOLDS = 8  # weeks judged
REFIT = 4  # weeks that one fit serves in the backtest
WEEKS_BEFORE = 5  # that a day needs behind it to be learnt from
LEADS = np.arange(21)
DAILY = 56  # days judged for the day before and the day itself
LEARNT_DAILY = 182  # days whose next days are learnt from, each for itself
NEAR_LEADS = np.arange(2)


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
        horizon_slots: How many half hours; the seed is that of everything random.

    Raises:
        HorizonUncovered: If `multiplier` is too short.
    """
    first = row_at(series, origin)
    if len(multiplier) < first + horizon_slots:
        raise HorizonUncovered(f"{len(multiplier)} rows, {first + horizon_slots} needed")
    of = _ground(series, origin, exposures, multiplier[: first + horizon_slots])
    weekly = [view(of, origin=day, leads=_within(of, day, LEADS)) for day in _origins(of, 7)]
    days = _origins(of, 1)[-LEARNT_DAILY:]
    daily = [view(of, origin=day, leads=_within(of, day, NEAR_LEADS)) for day in days]
    folds, near = _folds(of, weekly, daily, seed=seed)
    now = _now(of, [*weekly, *daily], seed=seed)
    report = _report(of.grid, folds, near, series.groups)
    rows = _ahead(of.grid, first)
    return Foretold(
        forecast=_forecast(series, of.grid, (folds, near, now), report, first_row=first),
        means={name: mean[rows] for name, mean in now.means.items()},
        report=report,
    )


def _ground(
    series: Series, origin: datetime, exposures: Sequence[Exposure], multiplier: Floats
) -> Ground:
    grid, first = lay(series, origin=origin, multiplier=multiplier), row_at(series, origin)
    past = [known(series, one, grid=grid, origin_row=first) for one in exposures]
    days = calendar(grid.first_day, days=grid.days, country=series.country)
    return ground(grid, days, past, origin_row=first)


def _ahead(grid: Grid, first_row: int) -> tuple[Ints, Ints]:
    """Return the lead and the half hour of the day of each slot from a row on."""
    return grid.day_of_row[first_row:] - grid.origin, grid.slot_of_row[first_row:]


def _origins(of: Ground, step: int) -> Sequence[int]:
    """Return the days before the origin that are learnt from and judged, in their order."""
    return range(of.grid.origin - step, 7 * WEEKS_BEFORE - 1, -step)[::-1]


def _within(of: Ground, origin: int, leads: Ints) -> Ints:
    """Return the leads that end before the forecast's own origin."""
    return leads[: of.grid.origin - origin]


def _folds(
    of: Ground, weekly: Sequence[View], daily: Sequence[View], *, seed: int
) -> tuple[Sequence[Foreseen], Sequence[Foreseen]]:
    """Return what was foreseen in each of the last weeks, and on each of the last days."""
    judged = weekly[-FOLDS:]
    fits: list[tuple[int, Trees | None]] = [
        (one.origin, fit([*weekly, *daily], of.grid, until=one.origin, seed=seed))
        for one in judged[::REFIT]
    ]

    def foreseen(one: View) -> Foreseen:
        trees = [trees for since, trees in fits if since <= one.origin][-1]
        return foresee(of, one, trees)

    near = [one for one in daily[-DAILY:] if judged and one.origin >= judged[0].origin]
    return [foreseen(one) for one in judged], [foreseen(one) for one in near]


def _now(of: Ground, views: Sequence[View], *, seed: int) -> Foreseen:
    grid = of.grid
    trees = fit(views, grid, until=grid.origin, seed=seed)
    return foresee(
        of, view(of, origin=grid.origin, leads=np.arange(grid.days - grid.origin)), trees
    )


def _forecast(
    series: Series,
    grid: Grid,
    seen: tuple[Sequence[Foreseen], Sequence[Foreseen], Foreseen],
    report: Report,
    *,
    first_row: int,
) -> Forecast:
    folds, near, now = seen
    mean = np.empty_like(now.means[BASELINE])
    quantiles = np.empty((len(LEVELS), *mean.shape))
    for at, choices in enumerate(zip(report.near, report.choices, strict=True)):
        for leads, like in REACHES:
            past, choice = (near, choices[0]) if leads is NEAR else (folds, choices[1])
            by = calibration(past, choice.used, group=at, leads=like, now=grid.origin)
            days = np.isin(now.view.leads, leads)
            centre = now.means[choice.used][..., at][days]
            apart = spread_of(choice.used, now)[..., at][:, days]
            of_days = by.quantiles(centre.ravel(), apart.reshape(len(LEVELS), -1))
            mean[..., at][days] = centre
            quantiles[..., at][:, days] = of_days.reshape(len(LEVELS), *centre.shape)
    rows = _ahead(grid, first_row)
    return Forecast(
        starts_at=(series.starts_at + first_row * SLOT).astimezone(UTC),
        groups=series.groups,
        baseline=now.means[BASELINE][rows],
        mean=mean[rows],
        quantiles=quantiles[:, *rows],
        used={choice.group: choice.used for choice in report.choices},
    )


def _report(
    grid: Grid, folds: Sequence[Foreseen], daily: Sequence[Foreseen], groups: Sequence[str]
) -> Report:
    step, near = usual_step(grid), choose(daily, groups)
    by_week = (Decision.T_14, Decision.T_7)
    scores = [
        score(one, folds if one in by_week else daily, step=step, groups=groups) for one in Decision
    ]
    return Report(
        choices=choose(folds, groups),
        near=near,
        scores=[one for of_decision in scores for one in of_decision],
        trust=trusts(daily, near),
    )
