"""Write the next version of an order's lines, and of the order with them."""

from typing import Any
from uuid import uuid5

from orders_core.events import Change
from orders_core.orders import line_store as lines
from orders_core.orders import move_store as orders
from orders_core.orders import refund
from orders_core.orders.line import Relined, costing
from orders_core.orders.order import Cause, Order, Payment
from orders_core.stock import settle_store
from orders_core.tx import Tx


def reline(
    tx: Tx, order: Order, wanted: Relined, *, cause: Cause, change: Change, **facts: Any
) -> Order:
    """Write changed lines and the order that has them; what was paid too much is asked back.

    The order must be locked, its units settled. `facts` are other columns that change with it.
    """
    version = order.version + 1
    lines.rewrite(tx, order.id, closing=wanted.closing, opening=wanted.opening, version=version)
    after, back = costing(order.moved(lines_version=version, **facts), wanted.total_minor)
    if after.payment is Payment.PAID and order.payment is Payment.DEPOSIT_PAID:
        after = after.moved(paid_at=change.at)
        settle_store.hold_until(tx, order.id, None)
    refund.write(
        tx,
        order.id,
        money=(back, order.currency),
        cause=cause,
        cause_id=uuid5(order.id, f"lines {version}"),
        change=change,
    )
    orders.write(tx, order, after, change=change)
    return after
