"""From how many contacts may come to the rates that people are rostered for."""

from statistics import NormalDist

import numpy as np

from ml.load.series import LEVELS, Floats

LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)
DEVIATES = np.array([NormalDist().inv_cdf(level) for level in LEVELS])


def rates(mean: Floats, quantiles: Floats) -> Floats:
    """Return the quantiles of the rate that is behind counts, in contacts a slot: levels × slots.

    A count varies by chance around its rate, and Erlang's formula knows that already: what is left
    of the variance when the mean is taken off (a mixed Poisson count: Var = E + Var of the rate) is
    the rate's. The quantiles are drawn towards the mean by that share.

    Args:
        mean: Contacts expected in each slot.
        quantiles: Levels × slots, of contacts, of `LEVELS`.
    """
    width = DEVIATES[HIGH] - DEVIATES[LOW]
    deviation = np.maximum((quantiles[HIGH] - quantiles[LOW]) / width, 1e-9)
    kept = np.sqrt(np.maximum(deviation**2 - mean, 0.0)) / deviation
    return np.asarray(np.maximum(mean + kept * (quantiles - mean), 0.0))
