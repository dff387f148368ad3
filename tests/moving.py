"""What the moves of orders come to in one word, worked out of MOVES by trying all of them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from orders_core.ids import OrderId, PersonId, new_id
from orders_core.orders.moves import MOVES, Facts, Move, may
from orders_core.orders.order import (
    Axes,
    Fulfilment,
    Order,
    OrderStatus,
    Payment,
    Standing,
)
from tests.shop import MORNING

PRICE = 100
AN_ORDER = Order(
    id=OrderId(new_id()),
    number=1,
    source="shop",
    reference=None,
    mirrored=False,
    person_id=PersonId(new_id()),
    status=OrderStatus.PLACED,
    currency="CNY",
    total_minor=PRICE,
    payment_reference=None,
    placed_at=MORNING,
    paid_at=None,
    shipped_at=None,
    delivered_at=None,
    cancelled_at=None,
    version=1,
)
PAID_MINOR = {
    Payment.UNPAID: 0,
    Payment.DEPOSIT_PAID: 20,
    Payment.PAID: PRICE,
    Payment.REFUND_DUE: PRICE,
    Payment.REFUNDED: PRICE,
}
GOES_BACK = {Payment.REFUND_DUE, Payment.REFUNDED}


def everywhere() -> Iterator[Order]:
    """Yield an order at every place on the three axes that its own moves can bring it to."""
    seen: dict[tuple[str, str, str], Order] = {}
    waiting = [AN_ORDER]
    while waiting:
        order = waiting.pop()
        place = (order.standing, order.payment, order.fulfilment)
        if place not in seen:
            seen[place] = order
            waiting += [moved(order, move) for move in MOVES if goes(order, move)]
    yield from seen.values()


def somewhere() -> Iterator[Order]:
    """Yield an order at every place that the three axes span, reached by moves or not."""
    for standing, payment, fulfilment in product(Standing, Payment, Fulfilment):
        yield at(AN_ORDER, Axes(standing, payment, fulfilment))


def at(order: Order, axes: Axes) -> Order:
    """Return the order at a place, its money in agreement."""
    paid = PAID_MINOR[axes.payment]
    return replace(
        order,
        standing=axes.standing,
        payment=axes.payment,
        fulfilment=axes.fulfilment,
        status=axes.status,
        paid_minor=paid,
        refund_minor=paid if axes.payment in GOES_BACK else 0,
        deposit_minor=20 if axes.payment is Payment.DEPOSIT_PAID else None,
    )


def goes(order: Order, move: Move) -> bool:
    """Say whether nothing speaks against a move, on an order with a deposit or without one."""
    return any(
        may(Facts(order=replace(order, deposit_minor=deposit), at=MORNING), move) is None
        for deposit in (None, 20)
    )


def moved(order: Order, move: Move) -> Order:
    """Return where a move brings an order."""
    axes: dict[str, Any] = {
        "standing": order.standing,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
    }
    return at(order, Axes(**{**axes, move.axis: move.target}))


def following(status: OrderStatus) -> frozenset[OrderStatus]:
    """Say which one-word states can come right after another."""
    return frozenset(
        after.status
        for order in everywhere()
        if order.status is status
        for move in MOVES
        if goes(order, move) and (after := moved(order, move)).status is not status
    )
