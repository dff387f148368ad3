"""Which hour a person is told in: mostly the best there is, and by chance another, to learn from.

Of a hundred people ninety are told in their best hour, five in the hour that was named for all, and
five in any hour that is allowed. The chance comes from the names of the campaign and the person: it
can be worked out again, and nobody can choose it. With every choice goes its propensity, how likely
it was beforehand, without which nothing could be said later of what the choice brought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

NAMED_SHARE, ANY_SHARE = 0.05, 0.05
SPACE = 2**64


@dataclass(frozen=True)
class Chosen:
    """The hour that was chosen, the best one, and how likely the choice was, above 0 up to 1.

    `best` is None where nobody could tell: then the hour named for all stands in its place.
    """

    hour: int
    best: int | None
    propensity: float


def choose(*names: str, best: int | None, named: int, hours: Sequence[int]) -> Chosen:
    """Choose an hour by the chance that belongs to these names.

    Args:
        best: The person's best hour; None if it cannot be told.
        named: The hour for all; one of `hours`.
        hours: All that are allowed.
    """
    first = named if best is None else best
    chance = int.from_bytes(blake2b("|".join(names).encode(), digest_size=8).digest()) / SPACE
    if chance < ANY_SHARE:
        hour = hours[int(chance / ANY_SHARE * len(hours))]
    elif chance < ANY_SHARE + NAMED_SHARE:
        hour = named
    else:
        hour = first
    return Chosen(hour, best, propensity(hour, first=first, named=named, hours=hours))


def propensity(hour: int, *, first: int, named: int, hours: Sequence[int]) -> float:
    """Return how likely an hour was to be chosen."""
    best_share = 1 - NAMED_SHARE - ANY_SHARE
    return best_share * (hour == first) + NAMED_SHARE * (hour == named) + ANY_SHARE / len(hours)
