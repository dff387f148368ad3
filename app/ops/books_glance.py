"""The books at a glance: what the last check found, and how old it is.

The scheduler takes a step every minute; a wall screen that asks every few seconds reads one row.
"""

from dataclasses import dataclass

from app.ops import books
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What the last check found."""

    promises: int
    broken: int
    age_seconds: float


def look(tx: Tx) -> Glance | None:
    """Return what is known; None before the first check."""
    last = books.latest(tx)
    if last is None:
        return None
    return Glance(
        promises=len(books.names()), broken=len(last.broken), age_seconds=last.age_seconds
    )
