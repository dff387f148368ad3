"""How far what comes may lie from what is expected, learnt from how far it lay of late.

Conformalised quantile regression (Romano, Patterson & Candès 2019, arXiv 1905.03222), each quantile
for itself: what came beyond it, in units of the square root of the level, is ranked, and the
quantile moved by the rank's value. Ranks are adapted online (adaptive conformal inference, Gibbs &
Candès 2021, arXiv 2106.00170). Few contacts are counted instead: negative binomial, with the
dispersion that was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ml.load.grid import Ints
from ml.load.series import LEVELS, Floats

FEW = 20.0  # contacts a slot; below, they are counted and not measured
SCORES_LEAST = 60
STEP = 0.3  # how fast the ranks follow what was missed, a week
SHORTEST = 0.25  # a tail is never made smaller than this part of its nominal share
DISPERSION = 0.05  # assumed until seen: variance = mean + 0.05 × mean²
DISPERSION_WEIGHT = 50.0  # contacts that the assumption counts for
LEAST_DISPERSION = 1e-4  # near enough to Poisson
COUNTED_MOST = 2_000
SHARES = np.array(LEVELS)


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Slots that were foreseen on one day: one figure for each."""

    origin: int  #: the day
    day: Ints  #: of each slot
    centre: Floats  #: contacts expected
    spread: Floats  #: levels × slots: the quantiles ÷ the centre, before any correction
    came: Floats  #: NaN where not known


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What turns an expectation into quantiles."""

    offsets: Floats | None  #: of each level, in square roots of contacts; None if too little seen
    dispersion: float  #: of few contacts: variance = mean + dispersion × mean²

    def quantiles(self, centre: Floats, spread: Floats) -> Floats:
        """Return levels × slots, never falling from level to level; whole numbers for the few."""
        counted = count_quantiles(centre, dispersion=self.dispersion)
        if self.offsets is None:
            return counted
        moved = centre * spread + self.offsets[:, None] * np.sqrt(np.maximum(centre, 1.0))
        measured = np.maximum(np.sort(moved, axis=0), 0.0)
        return np.asarray(np.where(centre < FEW, counted, measured))


def count_quantiles(mean: Floats, *, dispersion: float) -> Floats:
    """Return the negative binomial's quantiles of `LEVELS`, whole numbers: levels × slots.

    From 20 contacts on by its Gamma's (Wilson & Hilferty 1931, Proc. Natl Acad. Sci. 17:684).

    Args:
        mean: Contacts; NaN stays NaN.
        dispersion: Variance = mean + dispersion × mean²; above 0.
    """
    few = np.minimum(np.nan_to_num(mean), FEW)
    size = 1 / max(dispersion, LEAST_DISPERSION)
    chance = (size / (size + few)) ** size
    total, found = chance.copy(), np.zeros((len(LEVELS), *few.shape))
    for count in range(COUNTED_MOST):
        is_short = total < SHARES[:, None]
        if not is_short.any():
            break
        found += is_short
        chance = chance * (count + size) / (count + 1) * few / (size + few)
        total = total + chance
    many = np.maximum(np.nan_to_num(mean), FEW)
    ninth = (1 / many + dispersion) / 9
    deviates = np.array([NormalDist().inv_cdf(share) for share in LEVELS])[:, None]
    smooth = many * np.maximum(1 - ninth + deviates * np.sqrt(ninth), 0.0) ** 3
    both = np.where(mean < FEW, found, np.round(smooth))
    return np.where(np.isnan(mean), np.nan, both)


def calibrate(seen: Sequence[Cells], *, shares: Floats = SHARES) -> Calibration:
    """Return the calibration that slots which have come would have needed."""
    if not seen:
        return Calibration(offsets=None, dispersion=DISPERSION)
    centre, came = (np.concatenate([getattr(one, what) for one in seen]) for what in PARTS)
    spread = np.concatenate([one.spread for one in seen], axis=1)
    has = ~np.isnan(came) & ~np.isnan(centre)
    centre, came, spread = centre[has], came[has], spread[:, has]
    few = centre < FEW
    dispersion = _dispersion(centre[few], came[few])
    if (~few).sum() < SCORES_LEAST:
        return Calibration(offsets=None, dispersion=dispersion)
    centre, came, spread = centre[~few], came[~few], spread[:, ~few]
    scores = (came - centre * spread) / np.sqrt(np.maximum(centre, 1.0))
    offsets = [np.quantile(of, share) for of, share in zip(scores, shares, strict=True)]
    return Calibration(offsets=np.array(offsets), dispersion=dispersion)


PARTS = ("centre", "came")


def replay(folds: Sequence[Cells], *, now: int) -> tuple[Sequence[Floats], Calibration]:
    """Return the quantiles each fold would have been given then, and the calibration of now.

    A fold is calibrated on slots that had come before its origin; of itself it knows nothing.

    Args:
        folds: In the order of their origins.
        now: The day of the forecast.
    """
    shares, judged, given = SHARES.copy(), 0, list[Floats]()
    for fold in folds:
        shares, judged = _adapted(shares, folds, given, judged, until=fold.origin)
        known = [_until(one, fold.origin) for one in folds[: len(given)]]
        given.append(calibrate(known, shares=shares).quantiles(fold.centre, fold.spread))
    shares, _ = _adapted(shares, folds, given, judged, until=now)
    return given, calibrate([_until(one, now) for one in folds], shares=shares)


def _adapted(
    shares: Floats, folds: Sequence[Cells], given: Sequence[Floats], judged: int, *, until: int
) -> tuple[Floats, int]:
    """Return the ranks after every further fold that is over, and how many folds are."""
    while judged < len(given) and folds[judged].day.max(initial=0) < until:
        came, quantiles = folds[judged].came, given[judged]
        has = ~np.isnan(came) & (folds[judged].centre >= FEW)
        if has.any():
            below = (came[has] <= quantiles[:, has]).mean(axis=1)
            step = STEP * _gap(folds) / 7
            shares = np.clip(
                shares + step * (SHARES - below), SHORTEST * SHARES, 1 - SHORTEST * (1 - SHARES)
            )
        judged += 1
    return shares, judged


def _gap(folds: Sequence[Cells]) -> int:
    """Return the days from one fold to the next; a week where there is but one."""
    return folds[1].origin - folds[0].origin if len(folds) > 1 else 7


def _until(cells: Cells, day: int) -> Cells:
    """Return the slots of days before `day`."""
    over = cells.day < day
    return Cells(
        origin=cells.origin,
        day=cells.day[over],
        centre=cells.centre[over],
        spread=cells.spread[:, over],
        came=cells.came[over],
    )


def _dispersion(mean: Floats, came: Floats) -> float:
    """Return the dispersion by moments, beside what is assumed before anything is seen."""
    beyond = float(((came - mean) ** 2 - mean).sum())
    squares = float((mean**2).sum())
    return max((beyond + DISPERSION * DISPERSION_WEIGHT) / (squares + DISPERSION_WEIGHT), 0.0)
