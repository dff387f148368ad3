"""What levels held at a past time, put together from what explains them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orders_core.tx import Tx

# Units are promised from when they were held until they ended; what was short in between, a
# finding says, which rooms above write: it is read here by name only. Terms come from the history.
LEVELS = """
WITH asked AS (
  SELECT s.code, l.sku_id, l.warehouse, l.id
  FROM level l JOIN sku s ON s.id = l.sku_id
  WHERE s.code > %(after)s AND (%(code)s::text IS NULL OR s.code = %(code)s)
    AND (%(warehouse)s::text IS NULL OR l.warehouse = %(warehouse)s)
  ORDER BY s.code FETCH FIRST %(at_most)s ROWS WITH TIES),
moved AS (
  SELECT a.id, sum(m.delta) AS units FROM asked a
  JOIN movement m ON m.sku_id = a.sku_id AND m.warehouse = a.warehouse
  WHERE m.moved_at <= %(at)s GROUP BY 1),
owed AS (
  SELECT a.id, sum(f.quantity) AS units FROM asked a
  JOIN shortage f ON f.sku_id = a.sku_id AND f.warehouse = a.warehouse
  WHERE f.found_at <= %(at)s AND (f.settled_at IS NULL OR f.settled_at > %(at)s) GROUP BY 1),
live AS (
  SELECT a.id, sum(r.quantity) AS units FROM asked a
  JOIN reservation r ON r.sku_id = a.sku_id AND r.warehouse = a.warehouse
  WHERE r.held_at <= %(at)s AND (r.ended_at IS NULL OR r.ended_at > %(at)s)
    AND (r.state <> 'held' OR r.expires_at IS NULL OR r.expires_at > %(at)s) GROUP BY 1)
SELECT a.code, a.warehouse,
       coalesce(moved.units, 0) AS on_hand,
       coalesce(live.units, 0) - coalesce(owed.units, 0) AS reserved,
       coalesce(owed.units, 0) AS short,
       coalesce((h.new->>'oversell_limit')::int, 0) AS oversell_limit,
       coalesce((h.new->>'safety_stock')::int, 0) AS safety_stock,
       (h.new->>'low_at')::int AS low_at
FROM asked a
LEFT JOIN moved USING (id) LEFT JOIN owed USING (id) LEFT JOIN live USING (id)
LEFT JOIN LATERAL (
  SELECT new FROM history WHERE entity_id = a.id AND changed_at <= %(at)s
  ORDER BY version DESC LIMIT 1) h ON true
ORDER BY a.code, a.warehouse
"""


def levels(
    tx: Tx, *, at: datetime, code: str | None, warehouse: str | None, after: str, at_most: int
) -> Sequence[dict[str, Any]]:
    """Return what levels held at a time, in SKU order; a SKU's warehouses stay together."""
    asked = {"at": at, "code": code, "warehouse": warehouse, "after": after, "at_most": at_most}
    return [dict(row) for row in tx.exec_driver_sql(LEVELS, asked).mappings()]
