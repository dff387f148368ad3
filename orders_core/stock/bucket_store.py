"""The statements of buckets. Lock order: the level, then its buckets by slot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from orders_core.ids import OrderId
from orders_core.stock.shelf_store import Key
from orders_core.stock.store import PROMISABLE
from orders_core.tx import Tx, pipeline

# The own slot first, then the next ones round the circle; one that somebody works in is passed by.
# Units and the reservation that claims them in one statement.
FROM_ONE = """
WITH found AS (
  SELECT slot FROM bucket
  WHERE sku_id = %(sku_id)s AND warehouse = %(warehouse)s AND free >= %(units)s
  ORDER BY slot < %(slot)s, slot
  LIMIT 1 FOR UPDATE SKIP LOCKED),
taken AS (
  UPDATE bucket b SET free = b.free - %(units)s FROM found
  WHERE b.sku_id = %(sku_id)s AND b.warehouse = %(warehouse)s AND b.slot = found.slot
  RETURNING b.slot),
held AS (
  INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, held_at)
  SELECT uuid7(), %(order_id)s, %(sku_id)s, %(warehouse)s, %(units)s, %(at)s FROM taken)
SELECT slot FROM taken
"""

LEFT = f"""
SELECT {PROMISABLE} - l.safety_stock - l.short
     + coalesce((SELECT sum(b.free) FROM bucket b
                 WHERE b.sku_id = l.sku_id AND b.warehouse = l.warehouse), 0)
     + coalesce((SELECT sum(r.quantity) FROM reservation r JOIN booking ON booking.id = r.order_id
                 WHERE r.sku_id = l.sku_id AND r.warehouse = l.warehouse
                   AND r.state = 'held' AND r.expires_at <= %(now)s), 0)
FROM level l LEFT JOIN preorder p ON p.sku_id = l.sku_id
WHERE l.sku_id = %(sku_id)s AND l.warehouse = %(warehouse)s
"""  # noqa: S608 - a constant of ours

LOCK_ALL = """
SELECT slot, free FROM bucket
WHERE sku_id = %(sku_id)s AND warehouse = %(warehouse)s
ORDER BY slot FOR UPDATE
"""

TAKE_ALL = """
UPDATE bucket b SET free = b.free - k.units
FROM unnest(%(slots)s::int[], %(units)s::int[]) AS k (slot, units)
WHERE b.sku_id = %(sku_id)s AND b.warehouse = %(warehouse)s AND b.slot = k.slot
"""

HOLD = """
INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, held_at)
VALUES (uuid7(), %(order_id)s, %(sku_id)s, %(warehouse)s, %(units)s, %(at)s)
"""

FILL = """
INSERT INTO bucket AS b (sku_id, warehouse, slot, free)
SELECT %(sku_id)s, %(warehouse)s, slot, units
FROM unnest(%(slots)s::int[], %(units)s::int[]) AS k (slot, units) ORDER BY slot
ON CONFLICT (sku_id, warehouse, slot) DO UPDATE SET free = b.free + excluded.free
"""

EMPTY = "DELETE FROM bucket WHERE sku_id = %(sku_id)s AND warehouse = %(warehouse)s"


def take_from_one(
    tx: Tx, order_id: OrderId, key: Key, units: int, *, slot: int, at: datetime
) -> int | None:
    """Claim units out of one bucket that has enough and is free; return its slot.

    None leaves no lock behind: a bucket that was looked at and had too few would stay locked, and
    its holder would then wait for the level out of order. One round trip.
    """
    wanted = _named(key) | {"order_id": order_id, "units": units, "slot": slot, "at": at}
    with pipeline(tx) as driver:
        driver.execute("SAVEPOINT bucket")
        found = driver.execute(FROM_ONE, wanted)
    if row := found.fetchone():
        return int(row[0])  # the savepoint ends with the transaction
    tx.exec_driver_sql("ROLLBACK TO SAVEPOINT bucket")
    return None


def left(tx: Tx, key: Key, *, now: datetime) -> int:
    """Return what may be promised of a level and its buckets, as last committed; locks nothing."""
    found = tx.exec_driver_sql(LEFT, _named(key) | {"now": now}).scalar()
    return int(found) if found is not None else 0


def lock_all(tx: Tx, key: Key) -> dict[int, int]:
    """Lock every bucket of a locked level; return what each holds."""
    return {row.slot: row.free for row in tx.exec_driver_sql(LOCK_ALL, _named(key))}


def take_from_many(tx: Tx, key: Key, taken: Mapping[int, int]) -> None:
    """Take units out of locked buckets, by slot."""
    if taken:
        columns = {"slots": list(taken), "units": list(taken.values())}
        tx.exec_driver_sql(TAKE_ALL, _named(key) | columns)


def hold(tx: Tx, order_id: UUID, key: Key, units: int, *, at: datetime) -> None:
    """Write the reservation that claims units taken."""
    tx.exec_driver_sql(HOLD, _named(key) | {"order_id": order_id, "units": units, "at": at})


def fill(tx: Tx, key: Key, units: Mapping[int, int]) -> None:
    """Add units to buckets of a locked level, by slot; one that is not there is made."""
    columns = {"slots": list(units), "units": list(units.values())}
    tx.exec_driver_sql(FILL, _named(key) | columns)


def empty(tx: Tx, key: Key) -> None:
    """Take the locked buckets of a level away."""
    tx.exec_driver_sql(EMPTY, _named(key))


def _named(key: Key) -> dict[str, Any]:
    return {"sku_id": key[0], "warehouse": key[1]}
