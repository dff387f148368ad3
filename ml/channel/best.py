"""Which channel is worth ringing first: what being seen is worth, less what the channel costs.

It takes the place of the channel that would ring without it only where it is better than that
beyond doubt, and where none would, only where it is better than each of the others; the doubt is
that of two beliefs' difference, taken as normal. Else it cannot be told.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

SURE = 0.8416  # deviations of the difference: four times in five it is better indeed


class Option(NamedTuple):
    """A channel: the share that is likely seen and its deviation, and what a thousand cost."""

    name: str
    mean: float
    deviation: float
    cost: float


def best(options: Sequence[Option], *, worth: float, before: str | None = None) -> str | None:
    """Return the channel that is worth most; None if it cannot be told, or nothing is to choose.

    Args:
        worth: What it is worth that a thousand people see it, in the unit of the costs.
        before: The one that would ring without it; None if it is none of these.
    """
    if len(options) <= 1:
        return None
    worths = [worth * option.mean - option.cost for option in options]
    most = max(worths)
    first = options[worths.index(most)]
    others = [(value, one) for value, one in zip(worths, options, strict=True) if one is not first]
    for value, other in [one for one in others if one[1].name == before] or others:
        if most - value <= SURE * worth * math.hypot(first.deviation, other.deviation):
            return None
    return first.name
