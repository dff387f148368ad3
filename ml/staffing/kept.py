"""Teams that keep the target in so many of all slots, for the fewest hours.

`people_needed` keeps a target slot by slot, on average over what may come. Who promises "in 95 of
100 half hours" may choose where the other five are. A team is whole people: one slot is safe with
the team for its middle, another is at the brink. So a person more is put where that makes a slot
most likelier to be kept, until the mean chance is what was promised (Fox 1966, Oper. Res. 14:210:
giving each next unit to where it gains most is best while gains fall).
"""

import heapq
import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ml.load.series import LEVELS, Floats
from ml.staffing.erlang import ImpossibleTarget
from ml.staffing.people import Target, level, people_needed
from ml.staffing.rates import DEVIATES

NORMAL = NormalDist()
MIDDLE = LEVELS.index(0.5)
EQUALLY_LIKELY = (0.1, 0.3, 0.5, 0.7, 0.9)  # each stands for a fifth of what may come
CARRIED_EXACT = 1e-4  # relative, of the rate that a team carries


def people_for_share(rates: Floats, target: Target, *, kept_share: float) -> NDArray[np.int64]:
    """Return the teams of the fewest hours that keep the target in a share of all slots.

    No team is smaller than keeps the target on average over its slot's range, and at its median: no
    slot is planned to be missed, and one whose range is wide does not pay for the others.

    Args:
        rates: Levels × slots, contacts an hour, of `LEVELS`, never falling from level to level.
        target: What is promised within a slot.
        kept_share: Of the slots, on average over what may come; from 0 to below 1.

    Raises:
        ImpossibleTarget: If the share is not in its range.
    """
    if not 0 <= kept_share < 1:
        raise ImpossibleTarget("the share of slots kept lies between 0 and 1, the 1 excluded")
    slots = [tuple(float(rate) for rate in of) for of in rates.T]
    people = [_least(of, target) for of in slots]
    chances = [_chance(of, there, target) for of, there in zip(slots, people, strict=True)]

    def gain(slot: int) -> tuple[float, int]:
        return chances[slot] - _chance(slots[slot], people[slot] + 1, target), slot

    waiting = [gain(slot) for slot in range(len(slots))]
    heapq.heapify(waiting)
    wanting = kept_share * len(slots) - sum(chances)
    while wanting > 0 and waiting[0][0] < 0:
        less, slot = waiting[0]
        people[slot] += 1
        chances[slot] -= less
        wanting += less
        heapq.heapreplace(waiting, gain(slot))
    return np.array(people, dtype=np.int64)


@lru_cache(maxsize=20_000)
def _least(rates: tuple[float, ...], target: Target) -> int:
    likely = [float(rate) for rate in np.interp(EQUALLY_LIKELY, LEVELS, rates)]
    return max(people_needed(likely, target), people_needed([rates[MIDDLE]], target))


def _chance(rates: tuple[float, ...], people: int, target: Target) -> float:
    """Return how likely a slot's rate is one that the team carries: normal between quantiles."""
    carried = _carried(people, target)
    if carried < rates[-1]:
        return NORMAL.cdf(float(np.interp(carried, rates, DEVIATES)))
    width = (rates[-1] - rates[MIDDLE]) / DEVIATES[-1]
    beyond = (carried - rates[-1]) / width if width > 0 else math.inf
    return NORMAL.cdf(DEVIATES[-1] + beyond)


@lru_cache(maxsize=20_000)
def _carried(people: int, target: Target) -> float:
    """Return the largest rate, in contacts an hour, at which a team keeps the target."""
    low, high = 0.0, 3600 / target.handle_seconds * people
    while high > 0 and level(high, people, target) >= target.share:
        low, high = high, 2 * high
    while high - low > CARRIED_EXACT * high:
        middle = (low + high) / 2
        low, high = (
            (middle, high) if level(middle, people, target) >= target.share else (low, middle)
        )
    return low
