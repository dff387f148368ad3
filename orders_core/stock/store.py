"""Levels, reservations and movements in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from orders_core.catalog import warehouse_store
from orders_core.catalog.tables import sku
from orders_core.events import Change
from orders_core.ids import SkuId, new_id
from orders_core.stock.tables import level, movement
from orders_core.tx import Tx

NEVER = datetime(1, 1, 1, tzinfo=UTC)

# Of a pre-order's goods that have not all come, only what is there once its time has come. The
# level is `l`, the pre-order of its SKU `p`, and business time `now`.
PROMISABLE = """CASE WHEN p.units > p.arrived AND p.warehouse = l.warehouse
         AND (p.ended_at IS NOT NULL OR p.release_at <= %(now)s)
    THEN greatest(l.on_hand - l.reserved, 0)
    ELSE l.on_hand + l.oversell_limit - l.reserved END"""


def lock_level(tx: Tx, sku_id: SkuId, warehouse: str, *, change: Change | None = None) -> int:
    """Make sure the level exists, lock it and return the units on hand.

    `change` says who opened a level that was not there.
    """
    warehouse_store.meet(tx, warehouse)
    about = _about(change) if change else {}
    new = {"sku_id": sku_id, "warehouse": warehouse, "on_hand": 0, **about}
    tx.execute(upsert(level).values(new).on_conflict_do_nothing())
    locked = (
        select(level.c.on_hand)
        .where(level.c.sku_id == sku_id, level.c.warehouse == warehouse)
        .with_for_update()
    )
    return int(tx.execute(locked).scalar_one())


def write_movement(tx: Tx, row: dict[str, Any]) -> bool:
    """Record a movement; False where the same cause was recorded before."""
    writing = (
        upsert(movement)
        .values(id=new_id(), **row)
        .on_conflict_do_nothing(
            index_elements=["cause", "cause_id", "sku_id", "warehouse"],
        )
        .returning(movement.c.id)
    )
    return tx.scalar(writing) is not None


def set_level(
    tx: Tx, sku_id: SkuId, warehouse: str, changes: Mapping[str, Any], *, change: Change
) -> None:
    """Write columns of a locked level, and who changed them."""
    tx.execute(
        update(level)
        .where(level.c.sku_id == sku_id, level.c.warehouse == warehouse)
        .values({**changes, **_about(change)})
    )


def _about(change: Change) -> dict[str, Any]:
    return {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }


# What holds units past its time, what lies in buckets and what is on the road, each looked up once.
LEVELS = f"""
SELECT s.code, l.warehouse, l.on_hand, l.reserved, l.oversell_limit, l.safety_stock, l.short,
       l.low_at, l.standing, {PROMISABLE} AS promisable,
       coalesce(over.units, 0) AS overdue, coalesce(apart.units, 0) AS bucketed,
       coalesce(road.units, 0) AS coming
FROM level l JOIN sku s ON s.id = l.sku_id
LEFT JOIN preorder p ON p.sku_id = l.sku_id
LEFT JOIN (SELECT sku_id, warehouse, sum(quantity) AS units FROM reservation
           WHERE state = 'held' AND expires_at <= %(now)s GROUP BY 1, 2) over
  ON over.sku_id = l.sku_id AND over.warehouse = l.warehouse
LEFT JOIN (SELECT sku_id, warehouse, sum(free) AS units FROM bucket GROUP BY 1, 2) apart
  ON apart.sku_id = l.sku_id AND apart.warehouse = l.warehouse
LEFT JOIN (SELECT o.sku_id, t.to_warehouse, sum(o.sent) AS units
           FROM stock_transfer t JOIN stock_transfer_line o ON o.transfer_id = t.id
           WHERE t.state = 'sent' GROUP BY 1, 2) road
  ON road.sku_id = l.sku_id AND road.to_warehouse = l.warehouse
WHERE s.code > %(after)s AND (%(code)s::text IS NULL OR s.code = %(code)s)
ORDER BY s.code
FETCH FIRST %(at_most)s ROWS WITH TIES
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What one warehouse holds of one SKU, in units; `available` may still be promised.

    `short` is owed to orders that could not ship, `overdue` is reserved but past its time,
    `bucketed` was handed to buckets, `coming` is on the road from another warehouse.
    """

    code: str
    warehouse: str
    on_hand: int
    reserved: int
    oversell_limit: int
    safety_stock: int
    short: int
    low_at: int | None
    standing: str
    promisable: int  #: what orders and safety stock together may claim
    overdue: int = 0
    bucketed: int = 0
    coming: int = 0

    @property
    def available(self) -> int:
        """Units that may still be promised; never below 0."""
        free = self.promisable - self.safety_stock - self.short + self.overdue + self.bucketed
        return max(free, 0)


def levels(
    tx: Tx,
    *,
    code: str | None = None,
    after: str = "",
    at_most: int = 200,
    now: datetime | None = None,
) -> list[Level]:
    """Read levels in SKU order; a page never cuts the warehouses of its last SKU apart.

    What is held past `now` counts as free; without it nothing does.
    """
    asked = {"code": code, "after": after, "at_most": at_most, "now": now or NEVER}
    found = [Level(**row) for row in tx.exec_driver_sql(LEVELS, asked).mappings()]
    return sorted(found, key=lambda level: (level.code, level.warehouse))


def sku_id_of(tx: Tx, code: str) -> UUID | None:
    """Find a SKU by its canonical code."""
    return tx.scalar(select(sku.c.id).where(sku.c.code == code))
