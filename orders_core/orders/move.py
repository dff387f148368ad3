"""Move orders along MOVES, and their stock with them."""

from collections.abc import Mapping, Sequence

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, show
from orders_core.orders import move_store as store
from orders_core.orders.order import (
    IllegalMove,
    Moved,
    OrderStatus,
    PaymentConflict,
    sources_of,
)
from orders_core.stock import settle
from orders_core.stock.settle import Ending
from orders_core.tx import Tx

#: Which move ends an order's reservations, and how.
ENDS: Mapping[OrderStatus, Ending] = {
    OrderStatus.SHIPPED: Ending.CONFIRMED,
    OrderStatus.CANCELLED: Ending.RELEASED,
}


def move(tx: Tx, orders: Sequence[OrderId], to: OrderStatus, *, change: Change) -> Moved:
    """Move each order to `to` where MOVES allows it; say which were refused and from what.

    Already there counts as done: shops and providers tell us twice. Shipping takes the held units
    out of stock, cancelling sets them free. Locks: levels in SKU order, then orders by id.
    """
    moves_stock = to in ENDS
    if moves_stock:
        settle.lock(tx, orders)
    present = store.lock(tx, orders)
    sources = sources_of(to)
    moving = [order_id for order_id, status in present.items() if status in sources]
    if moving:
        store.move(tx, moving, to, sources=sources, change=change)
    if moving and moves_stock:
        settle.end(tx, moving, ENDS[to], change=change)
    return Moved(
        done=moving,
        already=[order_id for order_id, status in present.items() if status == to],
        refused={o: s for o, s in present.items() if s != to and s not in sources},
        missing=[order_id for order_id in orders if order_id not in present],
    )


def move_one(tx: Tx, order_id: OrderId, to: OrderStatus, *, change: Change) -> None:
    """Move one order, or say why not.

    Raises:
        NotFound: If there is no such order.
        IllegalMove: If MOVES does not lead there from the present status.
    """
    moved = move(tx, [order_id], to, change=change)
    if moved.missing:
        raise NotFound("order", show("ord", order_id))
    for refused, present in moved.refused.items():
        raise IllegalMove(refused, present, to)


def pay(tx: Tx, order_id: OrderId, reference: str, *, change: Change) -> None:
    """Take the gateway's word that an order is paid; the same word twice is one payment.

    Raises:
        NotFound: If there is no such order.
        IllegalMove: If the order can no longer be paid.
        PaymentConflict: If the reference pays another order, or another reference paid this one.
    """
    present = store.lock(tx, [order_id])
    if order_id not in present:
        raise NotFound("order", show("ord", order_id))
    match store.payment(tx, order_id, reference):
        case (_, other) if other is not None and other != order_id:
            raise PaymentConflict(order_id, reference, "this reference paid another order")
        case (paid_with, _) if paid_with == reference:
            return
        case (paid_with, _) if paid_with is not None:
            raise PaymentConflict(order_id, reference, "it was paid with another reference")
    status = present[order_id]
    if status not in sources_of(OrderStatus.PAID):
        raise IllegalMove(order_id, status, OrderStatus.PAID)
    store.pay(tx, order_id, reference, change=change)
