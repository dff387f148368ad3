"""From how many contacts may come to the rates that people are rostered for."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EQUALLY_LIKELY = (0.1, 0.3, 0.5, 0.7, 0.9)  # each stands for a fifth of what may come
WIDTH_80 = 2.5631  # standard deviations between the 10 % and the 90 % quantile of a normal one


def rates(mean: Floats, quantiles: Floats, *, levels: tuple[float, ...]) -> Floats:
    """Return five equally likely rates of each slot, in contacts a slot: 5 × slots.

    A count varies by chance around its rate, and Erlang's formula knows that already: what is left
    of the variance when the mean is taken off (a mixed Poisson count: Var = E + Var of the rate) is
    the rate's. The quantiles are drawn towards the mean by that share.

    Args:
        mean: Contacts expected in each slot.
        quantiles: Levels × slots, of contacts.
        levels: Of the quantiles, rising; 0.1 and 0.9 among them.
    """
    low, high = quantiles[levels.index(0.1)], quantiles[levels.index(0.9)]
    deviation = np.maximum((high - low) / WIDTH_80, 1e-9)
    beyond = np.maximum(deviation**2 - mean, 0.0)
    kept = np.sqrt(beyond) / deviation
    at = np.array(
        [np.interp(EQUALLY_LIKELY, levels, of_slot) for of_slot in quantiles.T]
    ).T.reshape(len(EQUALLY_LIKELY), -1)
    return np.asarray(np.maximum(mean + kept * (at - mean), 0.0))
