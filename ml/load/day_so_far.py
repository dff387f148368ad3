"""Past days as they would have been put right after three open hours."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ml.load.calendar import Flags
from ml.load.conformal import Cells
from ml.load.intraday import SLOTS_LEAST, factors, learnt_trust, ratios


def day_by_day(days: Sequence[Cells]) -> tuple[Sequence[Cells], Sequence[Cells], float]:
    """Return the rest of each day as foreseen, the same put right, and the trust learnt by now.

    Each day is put right with the trust that the days before it taught.

    Args:
        days: In their order, each with all its slots of one group.
    """
    as_foreseen, put_right = list[Cells](), list[Cells]()
    so_far, rest = list[float](), list[float]()
    for day in days:
        over = np.cumsum(~np.isnan(day.came) & ~np.isnan(day.centre)) <= SLOTS_LEAST
        ratio = float(ratios(day.came[over, None], day.centre[over, None])[0])
        later = _without(day, over)
        factor = factors(np.array(ratio), learnt_trust(so_far, rest))
        as_foreseen.append(later)
        put_right.append(replace(later, centre=later.centre * factor))
        came = _ratio(later)
        if ratio != 1 and came is not None:
            so_far.append(ratio)
            rest.append(came)
    return as_foreseen, put_right, learnt_trust(so_far, rest)


def _without(day: Cells, over: Flags) -> Cells:
    return Cells(
        origin=day.origin,
        day=day.day[~over],
        centre=day.centre[~over],
        spread=day.spread[:, ~over],
        came=day.came[~over],
    )


def _ratio(day: Cells) -> float | None:
    """Return what came ÷ what was expected; None where nothing was."""
    has = ~np.isnan(day.came) & ~np.isnan(day.centre)
    expected = float(day.centre[has].sum())
    return float(day.came[has].sum()) / expected if expected else None
