"""Where staff may go: the pages of the house, those their role opens and no others.

Rights are compared as plain names, for the roles live a storey above.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """One page of the navigation; an empty `wants` is open to everybody."""

    address: str
    word: str
    wants: str = ""


class Entry(NamedTuple):
    """A place as one page shows it."""

    address: str
    word: str
    is_here: bool


PLACES: Sequence[Place] = (
    Place("/desk", "nav.desk", "cases:read"),
    Place("/desk/forecast", "nav.forecast", "forecast:read"),
    Place("/campaigns", "nav.campaigns", "campaigns:read"),
    Place("/hub/notices", "nav.notices", "campaigns:read"),
    Place("/ops/promotion", "nav.promotion", "ops:read"),
    Place("/ops/flow", "nav.flow", "ops:read"),
    Place("/ops/stock", "nav.stock", "ops:read"),
    Place("/ops", "nav.ops", "ops:read"),
    Place("/rules", "nav.rules", "rules:read"),
    Place("/dev/outbox", "nav.outbox", "outbox:read"),
    Place("/docs", "nav.docs"),
)


def entries(rights: Collection[str], *, path: str) -> Sequence[Entry]:
    """Return the places open to somebody with these rights, the one that holds `path` marked."""
    here = max(
        (place.address for place in PLACES if _holds(place.address, path)), key=len, default=""
    )
    return [
        Entry(place.address, place.word, place.address == here)
        for place in PLACES
        if not place.wants or place.wants in rights
    ]


def home(rights: Collection[str]) -> str:
    """Return the first place open to somebody with these rights; it is never closed to them."""
    return entries(rights, path="")[0].address


def _holds(address: str, path: str) -> bool:
    return path == address or path.startswith(f"{address}/")
