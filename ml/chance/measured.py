"""What choosing for each person brought, measured on what was left to chance.

Each telling stands for all that might have gone the same way: what came of it is weighed with the
inverse of its propensity (Horvitz & Thompson 1952, J. Am. Stat. Ass. 47:663). The mean outcome
is taken off first, a control variate that changes no expectation and most of the variance (Dudík,
Langford & Li 2011, ICML: doubly robust with a constant model).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964  # 95 % of a normal distribution lie within so many deviations
FEWEST = 100  # tellings, and ten of them as it would be without the choice
FEWEST_NAMED = 10


@dataclass(frozen=True)
class Told:
    """One telling of which the best way was known and was not the one that was named."""

    is_best: bool  #: told in the best way
    is_named: bool  #: told as without the choice
    propensity: float
    opened: bool


@dataclass(frozen=True)
class Gain:
    """How much larger the share that opens is in the best way: 0.02 is two points.

    Of a hundred such intervals, `low` to `high`, ninety-five hold the truth.
    """

    people: int
    best_share: float
    named_share: float
    value: float
    low: float
    high: float

    @property
    def can_tell(self) -> bool:
        """Whether the interval leaves no doubt which is better."""
        return self.low > 0 or self.high < 0


def gain(told: Sequence[Told]) -> Gain | None:
    """Return what the best way brought over the one that was named; None of too few."""
    people = len(told)
    if people < FEWEST or sum(one.is_named for one in told) < FEWEST_NAMED:
        return None
    mean = sum(one.opened for one in told) / people
    parts = [(one.is_best - one.is_named) / one.propensity * (one.opened - mean) for one in told]
    value = sum(parts) / people
    spread = sum((part - value) ** 2 for part in parts) / (people - 1)
    reach = Z * math.sqrt(spread / people)
    best = [one.opened for one in told if one.is_best]
    named = [one.opened for one in told if one.is_named]
    return Gain(
        people=people,
        best_share=sum(best) / max(len(best), 1),
        named_share=sum(named) / len(named),
        value=value,
        low=value - reach,
        high=value + reach,
    )
