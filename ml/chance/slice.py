"""What a person gets: mostly what is best for them, and by chance something else, to learn from.

Of a hundred choices ninety are the best there is, five what would be chosen without it, and five
any that is allowed. The chance comes from the names of what is chosen for whom: it can be worked
out again, and nobody can choose it. With every choice goes its propensity, how likely it was
beforehand, without which nothing could be said later of what the choice brought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

NAMED_SHARE, ANY_SHARE = 0.05, 0.05
SPACE = 2**64

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen(Generic[T]):
    """What was taken, the best there is, and how likely the choice was, above 0 up to 1.

    `best` is None where nobody could tell: then what is named stands in its place.
    """

    taken: T
    best: T | None
    propensity: float


def choose(*names: str, best: T | None, named: T, among: Sequence[T]) -> Chosen[T]:
    """Choose by the chance that belongs to these names.

    Args:
        best: What is best for the person; None if it cannot be told.
        named: What would be chosen without it.
        among: All that chance may choose.
    """
    first = named if best is None else best
    chance = int.from_bytes(blake2b("|".join(names).encode(), digest_size=8).digest()) / SPACE
    if chance < ANY_SHARE:
        taken = among[int(chance / ANY_SHARE * len(among))]
    elif chance < ANY_SHARE + NAMED_SHARE:
        taken = named
    else:
        taken = first
    return Chosen(taken, best, propensity(taken, first=first, named=named, among=among))


def propensity(taken: T, *, first: T, named: T, among: Sequence[T]) -> float:
    """Return how likely it was that this is taken."""
    best_share = 1 - NAMED_SHARE - ANY_SHARE
    by_any = ANY_SHARE / len(among) if taken in among else 0.0
    return best_share * (taken == first) + NAMED_SHARE * (taken == named) + by_any
