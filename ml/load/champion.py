"""Who is used: a contender that does not beat the baseline by a hundredth is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ml.load.conformal import FEW
from ml.load.contenders import BASELINE, NAIVE, Foreseen

BETTER_BY = 0.01  # a contender that is not at least this much better is not used


class Because(StrEnum):
    """Why a contender is used."""

    WON = "won"
    NONE_BEAT_THE_BASELINE = "none_beat_the_baseline"
    TOO_LITTLE_HISTORY = "too_little_history"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is used for a group, and why."""

    group: str
    used: str
    because: Because
    folds: int  #: that were judged
    against_baseline: float  #: error of the best ÷ error of the baseline; 1 where not judged


def choose(folds: Sequence[Foreseen], groups: Sequence[str]) -> Sequence[Choice]:
    """Return the contender of each group with the least error over all folds and leads.

    Absolute errors; squared ones where slots are few contacts, as the least absolute error would
    favour whoever foresees too little. A contender that lacks in a fold is not chosen.
    """
    return [_choose(folds, group, at) for at, group in enumerate(groups)]


def _choose(folds: Sequence[Foreseen], group: str, at: int) -> Choice:
    errors = _errors(folds, at)
    baseline = errors.pop(BASELINE, 0.0)
    if not errors:
        why = Because.TOO_LITTLE_HISTORY
        return Choice(group=group, used=BASELINE, because=why, folds=0, against_baseline=1.0)
    best = min(errors, key=lambda name: errors[name])
    has_won = errors[best] < (1 - BETTER_BY) * baseline
    return Choice(
        group=group,
        used=best if has_won else BASELINE,
        because=Because.WON if has_won else Because.NONE_BEAT_THE_BASELINE,
        folds=len(folds),
        against_baseline=errors[best] / baseline if baseline else 1.0,
    )


def _errors(folds: Sequence[Foreseen], at: int) -> dict[str, float]:
    """Return the summed error of each contender that is in every fold, but the naive one."""
    if not folds:
        return {}
    names = [name for name in folds[-1].means if all(name in one.means for one in folds)]
    came = np.concatenate([one.came[:, :, at].ravel() for one in folds])
    usual = np.concatenate([one.means[BASELINE][:, :, at].ravel() for one in folds])
    has = ~np.isnan(came) & ~np.isnan(usual)
    power = 1 if has.any() and came[has].mean() >= FEW else 2
    found = {}
    for name in names:
        mean = np.concatenate([one.means[name][:, :, at].ravel() for one in folds])
        if name != NAIVE:
            found[name] = float((np.abs(mean - came)[has] ** power).sum())
    return found
