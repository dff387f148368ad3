"""Move whole orders along MOVES, several at once, and their stock with them."""

from collections.abc import Mapping, Sequence

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, show
from orders_core.orders import hold, refund_store
from orders_core.orders import move_store as store
from orders_core.orders.moves import LEADS_TO, Facts, may_become
from orders_core.orders.order import IllegalMove, Moved, OrderStatus
from orders_core.stock import settle
from orders_core.stock.settle import Ending
from orders_core.tx import Tx

#: Which move ends an order's reservations, and how.
ENDS: Mapping[OrderStatus, Ending] = {
    OrderStatus.SHIPPED: Ending.CONFIRMED,
    OrderStatus.CANCELLED: Ending.RELEASED,
}


def move(tx: Tx, orders: Sequence[OrderId], to: OrderStatus, *, change: Change) -> Moved:
    """Move each order to `to` where its move is allowed; say which were refused and why.

    Already there counts as done: shops and providers tell us twice. Shipping takes the held units
    out of stock; cancelling sets them free and asks back what was paid. Money is taken by `pay`,
    not here. Locks: levels in SKU order, then orders by id.
    """
    present = hold.with_levels(tx, orders) if to in ENDS else store.lock(tx, orders)
    asked = {o: may_become(Facts(order=order, at=change.at), to) for o, order in present.items()}
    already = [order_id for order_id, order in present.items() if order.status is to]
    moving = [o for o, refusal in asked.items() if refusal is None and o not in already]
    if moving:
        if to is OrderStatus.CANCELLED:
            refund_store.add_for_cancelled(tx, moving, change=change)
        store.move(tx, moving, to, LEADS_TO[to], change=change)
    if moving and to in ENDS:
        settle.end(tx, moving, ENDS[to], change=change)
    return Moved(
        done=moving,
        already=already,
        refused={o: refusal for o, refusal in asked.items() if refusal and o not in already},
        missing=[order_id for order_id in orders if order_id not in present],
    )


def move_one(tx: Tx, order_id: OrderId, to: OrderStatus, *, change: Change) -> None:
    """Move one order, or say why not.

    Raises:
        NotFound: If there is no such order.
        IllegalMove: If no move leads there from how the order stands.
    """
    moved = move(tx, [order_id], to, change=change)
    if moved.missing:
        raise NotFound("order", show("ord", order_id))
    for refusal in moved.refused.values():
        raise IllegalMove(refusal)
