"""What may become of a parcel, as data: what its carrier says next, and what that makes of it.

The statuses on the way out follow each other in any order: carriers scan as they please. `fold`
says where a parcel stands; whatever it is told, it moves only along these. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from orders_core.parcels.parcel import BACK, REFUSED, Checkpoint, ParcelStatus


class Word(StrEnum):
    """Who says so."""

    SCAN = "scan"  #: the carrier's own


@dataclass(frozen=True)
class Guard:
    """A condition of a move; `says` completes "… because", `helps` names the way out."""

    name: str
    holds: Callable[[Sequence[Checkpoint]], bool]  #: of what was said before, in time order
    says: str
    helps: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that may happen to a parcel."""

    name: str
    sources: frozenset[ParcelStatus]
    target: ParcelStatus
    guards: tuple[Guard, ...] = ()
    reasons: frozenset[Word] = field(default_factory=lambda: frozenset({Word.SCAN}))
    axis: str = "status"


ON_THE_WAY = frozenset(ParcelStatus) - {ParcelStatus.DELIVERED} - BACK


def _was_refused(said: Sequence[Checkpoint]) -> bool:
    """Say whether the last delivery was refused after all."""
    codes = [one.code for one in said]
    last = len(codes) - 1 - codes[::-1].index(ParcelStatus.DELIVERED)
    return not REFUSED.isdisjoint(codes[last:])


WAS_REFUSED = Guard(
    "was_refused",
    _was_refused,
    "nobody refused it",
    "the carrier says first that the delivery failed or that something is wrong",
)

MOVES: Sequence[Move] = (
    *(
        Move(name=status, sources=ON_THE_WAY, target=status)
        for status in ParcelStatus
        if status in ON_THE_WAY
    ),
    Move(name="deliver", sources=ON_THE_WAY, target=ParcelStatus.DELIVERED),
    Move(name="turn_back", sources=ON_THE_WAY, target=ParcelStatus.RETURNING),
    Move(name="turn_up_at_sender", sources=ON_THE_WAY, target=ParcelStatus.RETURNED),
    Move(
        name="turn_back_refused",
        sources=frozenset({ParcelStatus.DELIVERED}),
        target=ParcelStatus.RETURNING,
        guards=(WAS_REFUSED,),
    ),
    Move(
        name="turn_up_refused",
        sources=frozenset({ParcelStatus.DELIVERED}),
        target=ParcelStatus.RETURNED,
        guards=(WAS_REFUSED,),
    ),
    Move(
        name="come_home",
        sources=frozenset({ParcelStatus.RETURNING}),
        target=ParcelStatus.RETURNED,
    ),
)
