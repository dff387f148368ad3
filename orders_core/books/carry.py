"""Sums that are carried from step to step, so that no step adds up a level's whole past.

`books_level` holds the sum of a level's movements that were written in transactions below a
certain one. It only ever moves up to a transaction below which all are over, so every movement is
either in the carried sum or counted from its row, and never both.
"""

from collections.abc import Sequence
from uuid import UUID

from orders_core.tx import Tx

FORWARD = """
WITH more AS (
  SELECT l.sku_id, l.warehouse,
         coalesce(sum(m.delta) FILTER (WHERE m.written_in < %(below)s), 0) AS units
  FROM level l
  LEFT JOIN books_level c ON c.sku_id = l.sku_id AND c.warehouse = l.warehouse
  LEFT JOIN movement m ON m.sku_id = l.sku_id AND m.warehouse = l.warehouse
    AND m.written_in >= coalesce(c.below, 0)
  WHERE l.id = ANY(%(level)s) AND coalesce(c.below, 0) < %(below)s
  GROUP BY l.sku_id, l.warehouse)
INSERT INTO books_level AS c (sku_id, warehouse, units, below)
SELECT sku_id, warehouse, units, %(below)s FROM more
ON CONFLICT (sku_id, warehouse) DO UPDATE
SET units = c.units + excluded.units, below = excluded.below
"""

ANEW = """
DELETE FROM books_level c USING level l
WHERE l.id = ANY(%(level)s) AND c.sku_id = l.sku_id AND c.warehouse = l.warehouse
"""

ALL_ANEW = """
INSERT INTO books_level (sku_id, warehouse, units, below)
SELECT sku_id, warehouse, sum(delta), %(below)s FROM movement WHERE written_in < %(below)s
GROUP BY sku_id, warehouse
"""


def carry_forward(tx: Tx, levels: Sequence[UUID], *, below: int) -> None:
    """Add to the carried sums what was written below, a transaction under which all are over."""
    tx.exec_driver_sql(FORWARD, {"level": list(levels), "below": below})


def forget(tx: Tx, levels: Sequence[UUID]) -> None:
    """Throw the carried sums of some levels away: they are added up from their movements again."""
    tx.exec_driver_sql(ANEW, {"level": list(levels)})


def carry_all_anew(tx: Tx, *, below: int) -> None:
    """Add up the sums of every level from its movements."""
    tx.exec_driver_sql("DELETE FROM books_level")
    tx.exec_driver_sql(ALL_ANEW, {"below": below})
