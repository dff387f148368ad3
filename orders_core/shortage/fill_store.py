"""Which shortages could be filled, and whose wait is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, exists, func, select

from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import NOT_YET_PAID
from orders_core.orders.tables import orders
from orders_core.shortage.short import OWED, State
from orders_core.shortage.store import COLUMNS, Shortage, read
from orders_core.shortage.tables import shortage
from orders_core.stock.shelf_store import Key
from orders_core.stock.tables import level
from orders_core.tx import Tx


def fillable(tx: Tx, *, at_most: int) -> Sequence[Key]:
    """Return levels that owe units and have some that nobody holds, in SKU order."""
    owed = exists().where(
        shortage.c.sku_id == level.c.sku_id,
        shortage.c.warehouse == level.c.warehouse,
        shortage.c.state.in_(OWED),
    )
    wanted = (
        select(level.c.sku_id, level.c.warehouse)
        .where(
            level.c.short > 0,
            level.c.on_hand + level.c.oversell_limit > level.c.reserved,
            level.c.on_hand != level.c.reserved,  # as `Room.to_give` says it
            owed,
        )
        .order_by(level.c.sku_id, level.c.warehouse)
        .limit(at_most)
    )
    return [(SkuId(row.sku_id), row.warehouse) for row in tx.execute(wanted)]


def first_in_line(tx: Tx, place: Key, *, at_most: int) -> list[Shortage]:
    """Return what a locked level owes: to who has paid first, in it who waits longest."""
    is_unpaid = case((orders.c.payment.in_(NOT_YET_PAID), 1), else_=0)
    wanted = (
        select(*COLUMNS)
        .join(orders, orders.c.id == shortage.c.order_id)
        .where(
            shortage.c.sku_id == place[0],
            shortage.c.warehouse == place[1],
            shortage.c.state.in_(OWED),
        )
        .order_by(is_unpaid, shortage.c.found_at, shortage.c.id)
        .limit(at_most)
    )
    return read(tx.execute(wanted).mappings())


def waited_out(tx: Tx, *, now: datetime, at_most: int) -> Sequence[tuple[OrderId, datetime]]:
    """Return orders that wait for goods past the day they chose, and that day, first over first."""
    over = func.min(shortage.c.wait_until).label("over")
    wanted = (
        select(shortage.c.order_id, over)
        .where(shortage.c.state == State.WAITING, shortage.c.wait_until <= now)
        .group_by(shortage.c.order_id)
        .order_by(over, shortage.c.order_id)
        .limit(at_most)
    )
    return [(OrderId(row.order_id), row.over) for row in tx.execute(wanted)]


def first_over(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time between two that a wait is over."""
    first: datetime | None = tx.scalar(
        select(func.min(shortage.c.wait_until)).where(
            shortage.c.state == State.WAITING,
            shortage.c.wait_until > after,
            shortage.c.wait_until <= until,
        )
    )
    return first
