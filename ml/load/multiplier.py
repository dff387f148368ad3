"""How many times the usual contacts a promotion brings, learnt from the promotions before it.

Each promotion has a multiplier of its own, a draw from a Gamma that the shop's promotions share;
its contacts are Poisson around `multiplier × usual`. Fitting that Gamma by moments is the empirical
Bayes of Clayton & Kaldor (1987, Biometrics 43:671), with the precision weights of DerSimonian &
Laird (1986, Controlled Clinical Trials 7:177). A shop with few promotions leans on a prior.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ml.load.interval import rate_quantile

# What is believed before a shop's first promotion: 2.5 times the usual, 0.7 to 4.9 in four of
# five. Assumptions of ours; the first own promotion of any size already outweighs them.
PRIOR_MEAN = 2.5
PRIOR_MEAN_SPREAD = 0.65  # relative standard deviation: how well that mean is known
PRIOR_SPREAD = 0.35  # the same of promotions of one shop around their mean
PRIOR_WEIGHT = 2.0  # promotions that the prior's spread counts for
LEAST_RATIO = 0.05  # below, a mean of ratios is too near 0 to divide by
LEAST_USUAL = 5.0  # contacts: a promotion with less to compare with teaches nothing


@dataclass(frozen=True, kw_only=True)
class Held:
    """A promotion that is over: contacts that came, and that would usually have come."""

    came: float
    usual: float


@dataclass(frozen=True, kw_only=True)
class Multiplier:
    """The multiplier to plan with: its mean and relative standard deviation."""

    mean: float
    spread: float
    promotions_used: int

    def interval(self, share: float = 0.8) -> tuple[float, float]:
        """Return the multipliers between which `share` of promotions like this one lie."""
        tail = (1 - share) / 2
        low, high = (rate_quantile(self.mean, at, spread=self.spread) for at in (tail, 1 - tail))
        return min(low, self.mean), max(high, self.mean)


def learn(held: Sequence[Held]) -> Multiplier:
    """Return the multiplier of the next promotion, given those that are over.

    The spread counts both that promotions differ and that their mean is not known exactly.
    """
    used = [one for one in held if one.usual >= LEAST_USUAL]
    ratios = [one.came / one.usual for one in used]
    apart = _between(used, ratios)
    # Precisions in relative terms, all at the prior's level: at its own level a promotion that
    # brought little would seem sure of it, and pull the mean down.
    weights = [1 / (1 / (PRIOR_MEAN * one.usual) + apart * apart) for one in used]
    of_prior = 1 / PRIOR_MEAN_SPREAD**2
    total = of_prior + sum(weights)
    seen = sum(weight * ratio for weight, ratio in zip(weights, ratios, strict=True))
    return Multiplier(
        mean=(of_prior * PRIOR_MEAN + seen) / total,
        spread=math.sqrt(apart * apart + 1 / total),
        promotions_used=len(used),
    )


def _between(used: Sequence[Held], ratios: Sequence[float]) -> float:
    """Return the relative deviation between promotions: what was seen, shrunk to the prior's."""
    if len(used) <= 1:
        return PRIOR_SPREAD
    mean = sum(ratios) / len(ratios)
    degrees = len(ratios) - 1
    seen = sum((ratio - mean) ** 2 for ratio in ratios) / degrees
    noise = sum(mean / one.usual for one in used) / len(used)
    beyond = max(seen - noise, 0.0) / (mean * mean) if mean > LEAST_RATIO else PRIOR_SPREAD**2
    return math.sqrt((PRIOR_WEIGHT * PRIOR_SPREAD**2 + degrees * beyond) / (PRIOR_WEIGHT + degrees))
