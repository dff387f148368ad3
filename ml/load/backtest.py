"""Every contender as it would have been, at the moments when people decide; and who won.

Rolling origins over the last eight weeks: a roster is cut off fourteen and seven days before, is
mended the day before, and the day itself is put right after three hours. Nothing a fold foresaw
was learnt from days after its origin.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

import numpy as np

from ml.load.champion import Choice
from ml.load.conformal import Calibration, Cells, replay
from ml.load.contenders import Foreseen, cells
from ml.load.day_so_far import day_by_day
from ml.load.series import LEVELS, Floats

WARM_UP = 2  # folds: before, there is too little to calibrate on
NEAR = range(2)  # leads in days: today and tomorrow
#: Leads, each with those by whose errors it is calibrated: some more where few have come.
REACHES = (
    (NEAR, NEAR),
    (range(2, 7), range(7)),
    (range(7, 14), range(7, 14)),
    (range(14, 1_000), range(14, 1_000)),
)


class Decision(StrEnum):
    """When a forecast is needed."""

    T_14 = "T-14 d"
    T_7 = "T-7 d"
    T_1 = "T-1 d"
    MORNING = "morning"  # the rest of the day after three open hours, as foreseen before it began
    INTRADAY = "intraday"  # the same, put right by those three hours


LEADS: Mapping[Decision, range] = {
    Decision.T_14: range(14, 21),
    Decision.T_7: range(7, 14),
    Decision.T_1: range(1, 2),
    Decision.MORNING: range(1),
    Decision.INTRADAY: range(1),
}


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a contender did for one group at one decision."""

    decision: Decision
    contender: str
    group: str
    slots: int
    wape: float  #: sum of errors ÷ sum of contacts; NaN without contacts
    mase: float  #: mean error ÷ the mean difference to the week before, over the whole past
    pinball: float | None  #: mean over `LEVELS`, contacts; None where no interval was made
    coverage_80: float | None
    coverage_95: float | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a page can show: who competed, how they did, and who is used."""

    choices: Sequence[Choice]  #: for the days after tomorrow, of each group
    near: Sequence[Choice]  #: for today and tomorrow, judged on the last days' own forecasts
    scores: Sequence[Score]
    trust: Mapping[str, float]  #: in the first hours of a day, of each group: see `intraday`


class _Intervals(TypedDict):
    pinball: float | None
    coverage_80: float | None
    coverage_95: float | None


class _Figures(_Intervals):
    slots: int
    wape: float
    mase: float


def trusts(days: Sequence[Foreseen], choices: Sequence[Choice]) -> Mapping[str, float]:
    """Return how far each group's days follow their first three hours, from 0 to 1."""
    return {
        one.group: day_by_day([cells(day, one.used, group=at, leads=range(1)) for day in days])[2]
        for at, one in enumerate(choices)
    }


def calibration(
    folds: Sequence[Foreseen], name: str, *, group: int, leads: range, now: int
) -> Calibration:
    """Return a contender's calibration for some leads, of all that has come by now."""
    of = [cells(one, name, group=group, leads=leads) for one in folds]
    return replay([one for one in of if (one.day < now).any()], now=now)[1]


def score(
    decision: Decision, folds: Sequence[Foreseen], *, step: Floats, groups: Sequence[str]
) -> Sequence[Score]:
    """Return how each contender did at one decision, for each group.

    Args:
        decision: It says which leads count.
        folds: In the order of their origins.
        step: The scale of MASE, of each group.
        groups: Their names.
    """
    if not folds:
        return []
    names = [name for name in folds[-1].means if all(name in one.means for one in folds)]
    found = []
    for name in names:
        for at, group in enumerate(groups):
            of: Sequence[Cells] = [
                cells(one, name, group=at, leads=LEADS[decision]) for one in folds
            ]
            is_judged = decision not in (Decision.MORNING, Decision.INTRADAY)
            if not is_judged:
                as_foreseen, put_right, _ = day_by_day(of)
                of = put_right if decision is Decision.INTRADAY else as_foreseen
            figures = _measured(of, step=float(step[at]), has_interval=is_judged)
            found.append(Score(decision=decision, contender=name, group=group, **figures))
    return found


def _measured(of: Sequence[Cells], *, step: float, has_interval: bool) -> _Figures:
    came, centre = (
        np.concatenate([getattr(one, what) for one in of]) for what in ("came", "centre")
    )
    has = ~np.isnan(came) & ~np.isnan(centre)
    off, total = float(np.abs(came - centre)[has].sum()), float(came[has].sum())
    slots = int(has.sum())
    figures = _Figures(
        slots=slots,
        wape=off / total if total else math.nan,
        mase=off / slots / step if slots and step else math.nan,
        pinball=None,
        coverage_80=None,
        coverage_95=None,
    )
    if not has_interval or len(of) <= WARM_UP:
        return figures
    given = replay(of, now=of[-1].origin)[0][WARM_UP:]
    quantiles = np.concatenate(given, axis=1)
    late = np.concatenate([one.came for one in of[WARM_UP:]])
    known = ~np.isnan(late) & ~np.isnan(quantiles[0])
    return {**figures, **interval_figures(late[known], quantiles[:, known])}


def interval_figures(came: Floats, quantiles: Floats) -> _Intervals:
    """Return the pinball loss (contacts, mean over `LEVELS`) and how often intervals held."""
    if not len(came):
        return _Intervals(pinball=math.nan, coverage_80=math.nan, coverage_95=math.nan)
    off = came - quantiles
    levels = np.array(LEVELS)[:, None]
    inside = {
        width: float(((quantiles[low] <= came) & (came <= quantiles[-1 - low])).mean())
        for low, width in enumerate((95, 80))
    }
    return _Intervals(
        pinball=float(np.maximum(levels * off, (levels - 1) * off).mean()),
        coverage_80=inside[80],
        coverage_95=inside[95],
    )
