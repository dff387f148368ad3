"""Moving units of many levels at once: one movement for each, in the levels' own statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx

OPEN = """
INSERT INTO level (sku_id, warehouse, on_hand, changed_by, change_reason, changed_at, ring)
SELECT sku_id, warehouse, 0, %(by)s, %(why)s, %(at)s, %(ring)s
FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[]) AS k (sku_id, warehouse)
ORDER BY sku_id, warehouse
ON CONFLICT DO NOTHING
"""

LOCK = """
SELECT s.code, l.sku_id, l.warehouse, l.on_hand, l.oversell_limit, l.reserved
FROM level l JOIN sku s ON s.id = l.sku_id
JOIN unnest(%(skus)s::uuid[], %(warehouses)s::text[]) AS k (sku_id, warehouse)
  ON k.sku_id = l.sku_id AND k.warehouse = l.warehouse
ORDER BY l.sku_id, l.warehouse
FOR UPDATE OF l
"""

# A level follows only what was written for the first time: the same cause counts once.
MOVE = """
WITH moved AS (
  INSERT INTO movement (id, sku_id, warehouse, delta, cause, cause_id, moved_by, moved_at)
  SELECT uuid7(), sku_id, warehouse, units, %(cause)s, %(cause_id)s, %(by)s, %(at)s
  FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[], %(units)s::int[])
    AS k (sku_id, warehouse, units)
  ON CONFLICT (cause, cause_id, sku_id, warehouse) DO NOTHING
  RETURNING sku_id, warehouse, delta)
UPDATE level l SET on_hand = l.on_hand + m.delta,
       oversell_limit = coalesce(k.most, l.oversell_limit), changed_by = %(by)s,
       change_reason = %(why)s, changed_at = %(at)s, ring = %(ring)s
FROM moved m JOIN unnest(%(skus)s::uuid[], %(warehouses)s::text[], %(limits)s::int[])
  AS k (sku_id, warehouse, most) USING (sku_id, warehouse)
WHERE l.sku_id = m.sku_id AND l.warehouse = m.warehouse
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A locked level's counters, in units."""

    code: str
    key: Key
    on_hand: int
    oversell_limit: int
    reserved: int

    def could_hold(self, on_hand: int) -> bool:
        """Say whether what is promised would still be covered by so many units."""
        return on_hand >= 0 and on_hand + self.oversell_limit >= self.reserved


def open_levels(tx: Tx, keys: Sequence[Key], *, change: Change) -> None:
    """Make sure that levels exist."""
    tx.exec_driver_sql(OPEN, _columns(keys) | _about(change))


def lock(tx: Tx, keys: Sequence[Key]) -> list[Held]:
    """Lock levels in SKU order and read their counters."""
    rows = tx.exec_driver_sql(LOCK, _columns(keys))
    return [Held(code, (SkuId(sku_id), place), *rest) for code, sku_id, place, *rest in rows]


@dataclass(frozen=True, slots=True)
class Going:
    """Units that come to a locked level or go, and its limit from then on; None: as it is."""

    key: Key
    units: int
    limit: int | None = None


def move(tx: Tx, going: Sequence[Going], *, cause: str, cause_id: UUID, change: Change) -> None:
    """Write movements of locked levels and what the levels hold after them."""
    about = {
        "cause": cause,
        "cause_id": cause_id,
        "units": [one.units for one in going],
        "limits": [one.limit for one in going],
    }
    tx.exec_driver_sql(MOVE, _columns([one.key for one in going]) | about | _about(change))


def _columns(keys: Sequence[Key]) -> dict[str, Any]:
    return {"skus": [sku_id for sku_id, _ in keys], "warehouses": [place for _, place in keys]}


def _about(change: Change) -> dict[str, Any]:
    return {"by": change.by, "why": change.why, "at": change.at, "ring": change.ring}
