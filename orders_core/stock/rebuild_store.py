"""Levels beside what explains them, and writing what they should be."""

from collections.abc import Sequence
from typing import Any

from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx

# A level that only its movements know is told as one that holds nothing.
DRIFT = """
WITH said AS (
  SELECT sku_id, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved,
         sum(short) AS short, sum(on_hand_due) AS on_hand_due, sum(reserved_due) AS reserved_due,
         sum(short_due) AS short_due
  FROM (
    SELECT sku_id, warehouse, on_hand, reserved, short,
           0 AS on_hand_due, 0 AS reserved_due, 0 AS short_due FROM level
    UNION ALL SELECT sku_id, warehouse, 0, 0, 0, delta, 0, 0 FROM movement
    UNION ALL SELECT sku_id, warehouse, 0, 0, 0, 0, quantity, 0 FROM reservation
      WHERE state = 'held'
    UNION ALL SELECT sku_id, warehouse, 0, 0, 0, 0, free, 0 FROM bucket
    UNION ALL SELECT sku_id, warehouse, 0, 0, 0, 0, 0, quantity FROM reservation
      WHERE state = 'short') rows
  WHERE %(skus)s::uuid[] IS NULL OR (sku_id, warehouse) IN
    (SELECT * FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[]))
  GROUP BY 1, 2)
SELECT coalesce(s.code, said.sku_id::text) AS code, said.*,
       coalesce(l.oversell_limit, 0) AS oversell_limit
FROM said LEFT JOIN sku s ON s.id = said.sku_id
LEFT JOIN level l ON l.sku_id = said.sku_id AND l.warehouse = said.warehouse
WHERE (on_hand_due, reserved_due, short_due) IS DISTINCT FROM
      (said.on_hand, said.reserved, said.short)
ORDER BY said.sku_id, said.warehouse
"""

OPEN = """
INSERT INTO level (sku_id, warehouse, on_hand, changed_by, change_reason, changed_at, ring)
SELECT sku_id, warehouse, 0, %(by)s, %(why)s, %(at)s, %(ring)s
FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[]) AS k (sku_id, warehouse)
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""

SET = """
UPDATE level l SET on_hand = k.on_hand, reserved = k.reserved, short = k.short,
       changed_by = %(by)s, change_reason = %(why)s, changed_at = %(at)s, ring = %(ring)s
FROM unnest(%(skus)s::uuid[], %(warehouses)s::text[], %(on_hand)s::int[], %(reserved)s::int[],
            %(short)s::int[]) AS k (sku_id, warehouse, on_hand, reserved, short)
WHERE l.sku_id = k.sku_id AND l.warehouse = k.warehouse
"""


def drift(tx: Tx, keys: Sequence[Key] | None = None) -> Sequence[dict[str, Any]]:
    """Return the levels that are not what explains them, of all levels or of some."""
    asked = _columns(keys) if keys is not None else {"skus": None, "warehouses": None}
    return [dict(row) for row in tx.exec_driver_sql(DRIFT, asked).mappings()]


def open_levels(tx: Tx, keys: Sequence[Key], *, change: Change) -> None:
    """Make sure that levels exist."""
    tx.exec_driver_sql(OPEN, _columns(keys) | _about(change))


def set_levels(tx: Tx, rows: Sequence[dict[str, Any]], *, change: Change) -> None:
    """Write of locked levels what they should hold."""
    keys = [(SkuId(row["sku_id"]), row["warehouse"]) for row in rows]
    due = {name: [row[f"{name}_due"] for row in rows] for name in ("on_hand", "reserved", "short")}
    tx.exec_driver_sql(SET, _columns(keys) | due | _about(change))


def _columns(keys: Sequence[Key]) -> dict[str, Any]:
    return {"skus": [sku_id for sku_id, _ in keys], "warehouses": [place for _, place in keys]}


def _about(change: Change) -> dict[str, Any]:
    return {"by": change.by, "why": change.why, "at": change.at, "ring": change.ring}
