"""What a level held at any past business time."""

from dataclasses import dataclass
from datetime import datetime

from orders_core.stock import as_of_store as store
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLevel:
    """What one warehouse held of one SKU at a time, in units.

    `reserved` was promised to somebody then: units that lay in buckets are not among it.
    """

    code: str
    warehouse: str
    on_hand: int
    reserved: int
    short: int
    oversell_limit: int
    safety_stock: int
    low_at: int | None

    @property
    def available(self) -> int:
        """Units that could still be promised then, pre-orders left out; never below 0."""
        promised = self.reserved + self.short + self.safety_stock
        return max(self.on_hand + self.oversell_limit - promised, 0)


def level_as_of(tx: Tx, code: str, warehouse: str, at: datetime) -> PastLevel | None:
    """Return what a level held at `at`; None if the shop has no such level.

    It is put together from movements, reservations and the level's history: what happened exactly
    at `at` is in. Before its first movement a level held nothing.
    """
    found = levels_as_of(tx, at=at, code=code, warehouse=warehouse)
    return found[0] if found else None


def levels_as_of(
    tx: Tx,
    *,
    at: datetime,
    code: str | None = None,
    warehouse: str | None = None,
    after: str = "",
    at_most: int = 200,
) -> list[PastLevel]:
    """Return what levels held at `at`, in SKU order; a SKU's warehouses stay together."""
    rows = store.levels(tx, at=at, code=code, warehouse=warehouse, after=after, at_most=at_most)
    return [PastLevel(**row) for row in rows]
