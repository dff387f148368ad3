"""How far a count may lie from what is expected: the negative binomial distribution.

A Poisson count varies by its mean. Where the mean itself is only known roughly, as a Gamma with a
relative standard deviation `spread`, the count is negative binomial: mean `m`, variance
`m + (m × spread)²`, size `1 / spread²` (Greenwood & Yule 1920, J. R. Statist. Soc. 83:255).
"""

import math
from collections.abc import Iterator
from itertools import accumulate
from statistics import NormalDist

ENOUGH_FOR_SMOOTH = (
    400.0  # contacts; above, the Gamma's quantiles are right to a contact in a hundred
)
MOST_COUNTED = 20_000
LEAST_SPREAD = 1e-4
SHARE_HELD = 0.8


def interval(mean: float, *, spread: float, share: float = SHARE_HELD) -> tuple[int, int]:
    """Return the counts between which `share` of what may come lies, the mean always inside.

    Args:
        mean: Expected count, 0 or more.
        spread: Relative standard deviation of the mean; 0 makes it Poisson.
        share: Between 0 and 1, both excluded; the rest lies half below and half above.
    """
    tail = (1 - share) / 2
    low, high = quantile(mean, tail, spread=spread), quantile(mean, 1 - tail, spread=spread)
    return min(low, math.floor(mean)), max(high, math.ceil(mean))


def quantile(mean: float, share: float, *, spread: float) -> int:
    """Return the smallest count that is not exceeded with a probability of `share`."""
    if mean <= 0:
        return 0
    if mean > ENOUGH_FOR_SMOOTH:
        return round(_smooth(mean, share, spread))
    totals = accumulate(_probabilities(mean, max(spread, LEAST_SPREAD)))
    return next((count for count, total in enumerate(totals) if total >= share), MOST_COUNTED)


def rate_quantile(mean: float, share: float, *, spread: float) -> float:
    """Return the rate that is not exceeded with a probability of `share`: the Gamma's quantile.

    By Wilson & Hilferty (1931, Proc. Natl Acad. Sci. 17:684): the cube root of a Gamma is nearly
    normal. 0 where that would go below 0.
    """
    if mean <= 0 or spread <= LEAST_SPREAD:
        return max(mean, 0.0)
    ninth = spread * spread / 9
    root = 1 - ninth + NormalDist().inv_cdf(share) * math.sqrt(ninth)
    return mean * max(root, 0.0) ** 3


def _smooth(mean: float, share: float, spread: float) -> float:
    return rate_quantile(mean, share, spread=math.sqrt(1 / mean + spread * spread))


def _probabilities(mean: float, spread: float) -> Iterator[float]:
    """Yield the probability of 0, 1, 2, … as far as it can matter."""
    size = 1 / (spread * spread)
    log_odds = math.log(mean) - math.log(size + mean)
    log_now = -size * math.log1p(mean / size)
    for count in range(MOST_COUNTED):
        yield math.exp(log_now)
        log_now += math.log((count + size) / (count + 1)) + log_odds
