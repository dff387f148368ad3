"""Levels under lock, several at once: what may be promised, promising it, letting go of it.

Every function takes its levels in the one order of the product: by SKU id, then by warehouse.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.store import PROMISABLE
from orders_core.tx import Tx

Key = tuple[SkuId, str]  # a SKU and a warehouse: one level

LOCK = f"""
SELECT l.sku_id, l.warehouse, {PROMISABLE} - l.safety_stock - l.short
FROM level l LEFT JOIN preorder p ON p.sku_id = l.sku_id
JOIN unnest(%(skus)s::uuid[], %(warehouses)s::text[]) AS k (sku_id, warehouse)
  ON k.sku_id = l.sku_id AND k.warehouse = l.warehouse
ORDER BY l.sku_id, l.warehouse
FOR UPDATE OF l
"""  # noqa: S608 - a constant of ours

LOCK_FREE = """
SELECT l.sku_id, l.warehouse FROM level l WHERE l.sku_id = ANY(%(skus)s)
ORDER BY l.sku_id, l.warehouse FOR UPDATE SKIP LOCKED
"""

PROMISE = """
UPDATE level l SET reserved = l.reserved + k.units, changed_by = %(by)s,
       change_reason = %(why)s, changed_at = %(at)s, ring = %(ring)s
FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[], %(units)s::int[])
  AS k (sku_id, warehouse, units)
WHERE l.sku_id = k.sku_id AND l.warehouse = k.warehouse
"""

# Of bookings alone: an order that is overdue is ended by the orders' own rules.
LET_GO = """
UPDATE reservation r SET state = 'released', ended_at = r.expires_at
FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[]) AS k (sku_id, warehouse)
WHERE r.sku_id = k.sku_id AND r.warehouse = k.warehouse
  AND r.state = 'held' AND r.expires_at <= %(now)s
  AND EXISTS (SELECT FROM booking b WHERE b.id = r.order_id)
RETURNING r.sku_id, r.warehouse, r.quantity
"""


def lock(tx: Tx, keys: Collection[Key], *, now: datetime) -> dict[Key, int]:
    """Lock levels and return how many units of each may still be promised.

    A level that does not exist has none; what stands overdue still counts as promised.
    """
    rows = tx.exec_driver_sql(LOCK, _columns(sorted(keys)) | {"now": now})
    return {(SkuId(sku_id), warehouse): units for sku_id, warehouse, units in rows}


def lock_free(tx: Tx, sku_ids: Collection[SkuId]) -> list[Key]:
    """Lock those levels of some SKUs that nobody else has locked; name them, and wait for none."""
    rows = tx.exec_driver_sql(LOCK_FREE, {"skus": list(sku_ids)})
    return [(SkuId(sku_id), warehouse) for sku_id, warehouse in rows]


def promise(tx: Tx, units: Mapping[Key, int], *, change: Change) -> None:
    """Count units of locked levels as reserved; negative ones are let go."""
    moving = {key: count for key, count in sorted(units.items()) if count}
    if moving:
        about = {"by": change.by, "why": change.why, "at": change.at, "ring": change.ring}
        parameters = _columns(moving) | about | {"units": list(moving.values())}
        tx.exec_driver_sql(PROMISE, parameters)


def let_go(tx: Tx, keys: Collection[Key], *, now: datetime) -> dict[Key, int]:
    """End what bookings hold of locked levels past their time; return the units that got free.

    The bookings themselves are ended by the sweeper, as of the same time.
    """
    freed: dict[Key, int] = {}
    for sku_id, warehouse, units in tx.exec_driver_sql(
        LET_GO, _columns(sorted(keys)) | {"now": now}
    ):
        freed[SkuId(sku_id), warehouse] = freed.get((SkuId(sku_id), warehouse), 0) + units
    change = Change(by="shop", why="expired", at=now)
    promise(tx, {key: -units for key, units in freed.items()}, change=change)
    return freed


def _columns(keys: Collection[Key]) -> dict[str, Any]:
    return {"skus": [sku_id for sku_id, _ in keys], "warehouses": [place for _, place in keys]}
