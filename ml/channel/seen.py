"""How likely somebody sees what rings on a channel: their own counts, shrunken to everybody's.

Each person has a share of their own of what they see on a channel; the shares of all are thought to
be a Beta, and what one person saw of what they were told is a binomial of theirs (Beta-Binomial).
Mean and strength of the Beta come from the counts of all by the method of moments (Kleinman 1973,
J. Am. Stat. Ass. 68:46): where people differ more than chance alone makes them, a person's own
counts weigh more. Of a person of whom nothing is known the prior is said, with all its width.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

FEWEST_PEOPLE = 30  # told twice or more: only they show how much people differ
WEAKEST, STRONGEST = 2.0, 200.0  # tellings that a prior may weigh
HALF = 0.5  # of a telling seen and of one not seen are added, so that no mean is 0 or 1

Cells = Mapping[tuple[int, int], int]  # (told, seen) -> how many people


class Prior(NamedTuple):
    """What holds of everybody: a mean share, 0 to 1, as sure as if `strength` were told."""

    mean: float
    strength: float


class Belief(NamedTuple):
    """The share that a person sees, 0 to 1, and the standard deviation of what it may be."""

    mean: float
    deviation: float


def prior_of(cells: Cells) -> Prior | None:
    """Learn the prior of a channel; None where too few people were told more than once.

    Args:
        cells: How many people were told and saw so many times; `seen` is at most `told`.
    """
    told_any = {cell: people for cell, people in cells.items() if cell[0]}
    people = sum(told_any.values())
    if sum(many for (told, _), many in told_any.items() if told > 1) < FEWEST_PEOPLE:
        return None
    told_all = sum(told * many for (told, _), many in told_any.items())
    seen_all = sum(seen * many for (_, seen), many in told_any.items())
    mean = (seen_all + HALF) / (told_all + 2 * HALF)
    spread = sum(many * told * (seen / told - mean) ** 2 for (told, seen), many in told_any.items())
    by_chance = people - 1
    room = sum(many * (told - 1) * (1 - told / told_all) for (told, _), many in told_any.items())
    alike = (spread / (mean * (1 - mean)) - by_chance) / room  # of two tellings of one person
    strength = 1 / alike - 1 if alike > 0 else STRONGEST
    return Prior(mean, min(max(strength, WEAKEST), STRONGEST))


def belief(prior: Prior, *, told: int, seen: int) -> Belief:
    """Return what is believed of a person who saw so many of what they were told."""
    weight = prior.strength + told
    mean = (prior.mean * prior.strength + seen) / weight
    return Belief(mean, math.sqrt(mean * (1 - mean) / (weight + 1)))
