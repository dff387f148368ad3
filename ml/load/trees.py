"""Boosted trees on the ratio to the baseline: its mean, and its quantiles.

For the mean an example weighs what its baseline does, as the variance of a ratio of counts falls
with it; the quantiles are only a first guess, which `conformal` puts right.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.load.calendar import Flags
from ml.load.grid import Grid, Ints
from ml.load.regressors import View
from ml.load.series import LEVELS, Floats

LEAST_BASELINE = 0.2  # contacts; below, a ratio says nothing
LEAST_RATIO, LARGEST_RATIO = 0.05, 6.0
EXAMPLES_LEAST, EXAMPLES_MOST = 1_000, 60_000
SHARE_OF_LEVEL = (0.3, 3.0)  # the quantiles of a ratio are held within these times its mean
MEAN_TREES = {"max_iter": 100, "learning_rate": 0.05, "max_leaf_nodes": 12}
QUANTILE_TREES = {"max_iter": 40, "learning_rate": 0.1, "max_leaf_nodes": 8}
LEAF_LEAST, RIDGE = 150, 10  # days are few and their slots alike: small leaves learn noise


@dataclass(frozen=True, kw_only=True)
class Trees:
    """Fitted: the mean, and one for each of `LEVELS`."""

    columns: Flags  #: the features that were ever known
    mean: Any
    quantiles: Sequence[Any]


def fit(views: Sequence[View], grid: Grid, *, until: int, seed: int) -> Trees | None:
    """Return trees that learnt from what came before a day; None if that is too little.

    Args:
        views: What was foreseen, on days before `until`.
        grid: What came then.
        until: The day of the forecast; it and later days are not learnt from.
        seed: Of the choice of examples, where there are too many.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    found = [_examples(one, grid, until) for one in views]
    features, ratios, weights = (
        np.concatenate([part[at] for part in found]) if found else np.empty(0) for at in range(3)
    )
    if len(ratios) < EXAMPLES_LEAST:
        return None
    chosen = _chosen(len(ratios), seed)
    features, ratios, weights = features[chosen], ratios[chosen], weights[chosen]
    columns: Flags = np.asarray(~np.isnan(features).all(axis=0))
    features = features[:, columns]

    def grown(**how: object) -> Any:
        return HistGradientBoostingRegressor(
            **how,
            min_samples_leaf=LEAF_LEAST,
            l2_regularization=RIDGE,
            early_stopping=False,
            random_state=seed,
        )

    with one_core():
        return Trees(
            columns=columns,
            mean=grown(**MEAN_TREES).fit(features, ratios, sample_weight=weights),
            quantiles=[
                grown(loss="quantile", quantile=at, **QUANTILE_TREES).fit(features, ratios)
                for at in LEVELS
            ],
        )


def expect(trees: Trees, seen: View) -> tuple[Floats, Floats]:
    """Return the mean (leads × 48 × groups, no multiplier) and the quantiles ÷ the mean.

    NaN where the baseline is; the quotients are levels × leads × 48 × groups.
    """
    shape = seen.four_weeks.shape
    features = seen.features[..., trees.columns].reshape(-1, trees.columns.sum())
    is_open = ~np.isnan(seen.four_weeks.ravel())
    mean = np.full(is_open.shape, np.nan)
    spread = np.full((len(LEVELS), len(is_open)), np.nan)
    if is_open.any():
        with one_core():
            ratio = np.maximum(trees.mean.predict(features[is_open]), LEAST_RATIO)
            quantiles = [one.predict(features[is_open]) for one in trees.quantiles]
        mean[is_open] = ratio
        spread[:, is_open] = np.clip(np.array(quantiles) / ratio, *SHARE_OF_LEVEL)
    spread = np.sort(spread, axis=0).reshape(len(LEVELS), *shape)
    return mean.reshape(shape) * seen.four_weeks, spread


def _chosen(examples: int, seed: int) -> Ints:
    if examples <= EXAMPLES_MOST:
        return np.arange(examples)
    return np.random.default_rng(seed).choice(examples, EXAMPLES_MOST, replace=False)


def one_core() -> AbstractContextManager[object]:
    """Hold the trees to one core: others need theirs, and threads that wait for one burn it."""
    from threadpoolctl import threadpool_limits

    held: AbstractContextManager[object] = threadpool_limits(limits=1)
    return held


def _examples(seen: View, grid: Grid, until: int) -> tuple[Floats, Floats, Floats]:
    """Return the features, ratios and weights of what a day foresaw and has come by `until`."""
    at = seen.origin + seen.leads
    past = at < until
    came, usual = grid.plain[at[past]], seen.four_weeks[past]
    counts = ~np.isnan(came) & (usual >= LEAST_BASELINE)
    ratios = np.minimum(came[counts] / usual[counts], LARGEST_RATIO)
    return seen.features[past][counts], ratios, usual[counts]
