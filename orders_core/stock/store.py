"""Levels, reservations and movements in SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, column, insert, select, update, values
from sqlalchemy.dialects.postgresql import insert as upsert

from orders_core.catalog.tables import sku
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.stock.tables import level, movement, reservation
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Ended:
    """A reservation that has just ended."""

    order_id: OrderId
    sku_id: SkuId
    warehouse: str
    quantity: int


def lock_levels_of(tx: Tx, orders: Sequence[OrderId]) -> None:
    """Lock the levels claimed by the orders' held reservations, in SKU order."""
    claimed = (
        select(reservation.c.sku_id, reservation.c.warehouse)
        .where(reservation.c.order_id.in_(orders), reservation.c.state == "held")
        .distinct()
        .subquery()
    )
    tx.execute(
        select(level.c.sku_id)
        .join(
            claimed,
            (claimed.c.sku_id == level.c.sku_id) & (claimed.c.warehouse == level.c.warehouse),
        )
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update(of=level)
    )


def end_reservations(tx: Tx, orders: Sequence[OrderId], ending: str) -> list[Ended]:
    """End the held reservations of the orders and return them."""
    rows = tx.execute(
        update(reservation)
        .where(reservation.c.order_id.in_(orders), reservation.c.state == "held")
        .values(state=ending)
        .returning(
            reservation.c.order_id,
            reservation.c.sku_id,
            reservation.c.warehouse,
            reservation.c.quantity,
        )
    )
    return [Ended(*row) for row in rows]


def write_sales(tx: Tx, ended: Sequence[Ended], *, change: Change) -> None:
    """Record that confirmed units left, once for each order and SKU."""
    tx.execute(
        insert(movement),
        [
            {
                "id": new_id(),
                "sku_id": e.sku_id,
                "warehouse": e.warehouse,
                "delta": -e.quantity,
                "cause": "sale",
                "cause_id": e.order_id,
                "moved_by": change.by,
                "moved_at": change.at,
            }
            for e in ended
        ],
    )


def lower_levels(tx: Tx, ended: Sequence[Ended], *, leaves: bool) -> None:
    """Take ended reservations off their levels, and the goods too where they left."""
    sums: Counter[tuple[SkuId, str]] = Counter()
    for e in ended:
        sums[e.sku_id, e.warehouse] += e.quantity
    rows = [(sku_id, warehouse, units) for (sku_id, warehouse), units in sums.items()]
    fewer = values(
        column("sku_id", Uuid), column("warehouse", Text), column("units", Integer), name="fewer"
    ).data(rows)
    changes: dict[Any, Any] = {level.c.reserved: level.c.reserved - fewer.c.units}
    if leaves:
        changes[level.c.on_hand] = level.c.on_hand - fewer.c.units
    tx.execute(
        update(level)
        .where(level.c.sku_id == fewer.c.sku_id, level.c.warehouse == fewer.c.warehouse)
        .values(changes)
    )


def lock_level(tx: Tx, sku_id: SkuId, warehouse: str) -> int:
    """Make sure the level exists, lock it and return the units on hand."""
    tx.execute(
        upsert(level).values(sku_id=sku_id, warehouse=warehouse, on_hand=0).on_conflict_do_nothing()
    )
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
    tx: Tx, sku_id: SkuId, warehouse: str, *, on_hand: int, oversell_limit: int | None = None
) -> None:
    """Write what the (locked) level holds."""
    changes = {"on_hand": on_hand}
    if oversell_limit is not None:
        changes["oversell_limit"] = oversell_limit
    tx.execute(
        update(level)
        .where(level.c.sku_id == sku_id, level.c.warehouse == warehouse)
        .values(changes)
    )


@dataclass(frozen=True, slots=True)
class Level:
    """What one warehouse holds of one SKU; `available` may still be promised."""

    code: str
    warehouse: str
    on_hand: int
    reserved: int
    oversell_limit: int

    @property
    def available(self) -> int:
        """Units that may still be promised."""
        return self.on_hand + self.oversell_limit - self.reserved


def levels(tx: Tx, *, code: str | None = None, after: str = "", at_most: int = 200) -> list[Level]:
    """Read levels in SKU order; a page never cuts the warehouses of its last SKU apart."""
    query = (
        select(
            sku.c.code, level.c.warehouse, level.c.on_hand, level.c.reserved, level.c.oversell_limit
        )
        .join(sku, sku.c.id == level.c.sku_id)
        .where(sku.c.code > after)
        .order_by(sku.c.code)
        .fetch(at_most, with_ties=True)
    )
    if code is not None:
        query = query.where(sku.c.code == code)
    found = [Level(*row) for row in tx.execute(query)]
    return sorted(found, key=lambda level: (level.code, level.warehouse))


def sku_id_of(tx: Tx, code: str) -> UUID | None:
    """Find a SKU by its canonical code."""
    return tx.scalar(select(sku.c.id).where(sku.c.code == code))
