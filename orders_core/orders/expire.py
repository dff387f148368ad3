"""Orders of ours that nobody paid end at the time they should have been paid by."""

from collections.abc import Collection, Sequence
from datetime import datetime

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.orders import expire_store as store
from orders_core.orders import move_store as orders
from orders_core.orders import refund_store
from orders_core.orders.order import Order
from orders_core.stock import settle
from orders_core.stock.settle import Ending
from orders_core.stock.settle_store import LevelKey
from orders_core.tx import Tx

BY, WHY = "orders.unpaid", "unpaid"


def expire(tx: Tx, *, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Cancel up to `at_most` unpaid orders whose `pay_until` has come; return them.

    Each is cancelled as of the moment its time was up, and its stock is free again. A payment that
    comes first keeps the order; one under way at this moment is not waited for. Mirrored orders
    are their own shop's business. Locks: levels in SKU order, then orders by id.
    """
    overdue = store.overdue(tx, now=now, at_most=at_most)
    if not overdue:
        return []
    locked = settle.lock(tx, overdue)
    return _end_covered(tx, overdue, locked, now=now)


def expire_of(
    tx: Tx, sku_ids: Collection[SkuId], *, now: datetime, at_most: int
) -> Sequence[OrderId]:
    """Cancel up to `at_most` overdue orders that hold these SKUs, whose levels you have locked.

    So nobody is told that goods are sold out which only an expired order holds. It waits for
    nobody: an order, or another level that it claims, that somebody else holds is left for later.
    """
    overdue = store.overdue_of(tx, sku_ids, now=now, at_most=at_most)
    if not overdue:
        return []
    locked = store.lock_free_levels(tx, overdue)
    return _end_covered(tx, overdue, locked, now=now)


def end_one(tx: Tx, order: Order) -> Order:
    """End one overdue order that is locked with its levels; return how it stands then."""
    _end(tx, [order.id], now=order.pay_until or order.placed_at)
    return orders.lock(tx, [order.id])[order.id]


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that an unpaid order's time is up."""
    return store.first_due(tx, after=after, until=until)


def _end_covered(
    tx: Tx, overdue: Sequence[OrderId], locked: frozenset[LevelKey], *, now: datetime
) -> Sequence[OrderId]:
    """End the overdue orders that nobody else holds and that claim nothing but locked levels."""
    unpaid = store.lock_unpaid(tx, overdue, now=now)
    beyond = {c.order_id for c in settle.live(tx, unpaid) if (c.sku_id, c.warehouse) not in locked}
    return _end(tx, [order_id for order_id in unpaid if order_id not in beyond], now=now)


def _end(tx: Tx, ids: Sequence[OrderId], *, now: datetime) -> Sequence[OrderId]:
    if not ids:
        return []
    change = Change(by=BY, why=WHY, at=now)
    refund_store.add_for_cancelled(tx, ids, change=change)
    ended = store.cancel(tx, ids, by=BY, why=WHY)
    settle.end(tx, ended, Ending.RELEASED, change=change)
    return ended
