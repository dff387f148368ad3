"""Call an order off, or some of its units."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import hold
from orders_core.orders import line_store as lines
from orders_core.orders.line import check_units, relined
from orders_core.orders.move import move_one
from orders_core.orders.moves import CANCEL_UNITS, Facts, Reason, may
from orders_core.orders.order import Cause, Fulfilment, IllegalMove, Order, OrderStatus
from orders_core.orders.reline import reline
from orders_core.stock import settle
from orders_core.stock.settle import Ending, Units
from orders_core.tx import Tx


def cancel_units(
    tx: Tx,
    order_id: OrderId,
    units: Mapping[int, int] | None,
    *,
    reason: Reason,
    change: Change,
) -> None:
    """Call off so many units of some lines, by position; None calls off the whole order.

    All that is left of an order of which nothing has left is the whole order, too. The units are
    free again, the total is lowered, and what was paid for them is asked back. `change.why` may
    hold a note; the reason stands before it. Locks: levels in SKU order, then the order.

    Raises:
        NotFound: If there is no such order.
        NoSuchUnits: If the order has no such line, or fewer units of it that have not left.
        IllegalMove: If the order is cancelled or shipped, or lives in another shop.
    """
    change = because(reason, change)
    if units is None:
        move_one(tx, order_id, OrderStatus.CANCELLED, change=change)
        return
    order = hold.one(tx, order_id)
    if refusal := may(Facts(order=order, at=change.at), CANCEL_UNITS):
        raise IllegalMove(refusal)
    there = lines.units_of(tx, [order_id]).get(order_id, {})
    left = {code: found.live for code, found in there.items()}
    wanted = check_units(order_id, lines.current(tx, order_id), units, left)
    is_rest = all(wanted[code] == live for code, live in left.items())
    if is_rest and order.fulfilment is Fulfilment.UNFULFILLED:
        move_one(tx, order_id, OrderStatus.CANCELLED, change=change)
        return
    facts = _fulfilled(order, change.at) if is_rest else {}
    short = sum(min(n, there[code].short) for code, n in wanted.items())
    facts["short_units"] = order.short_units - short
    _take_off(tx, order, units, cause=_cause(reason), change=change, **facts)


def _take_off(
    tx: Tx, order: Order, units: Mapping[int, int], *, cause: Cause, change: Change, **facts: Any
) -> None:
    """Release units of a locked order by line position, and write the order without them."""
    own = lines.current(tx, order.id)
    sku_of = {line.position: line.sku_id for line in own if line.sku_id}
    released = [Units(order.id, sku_of[position], n) for position, n in units.items()]
    settle.end_units(tx, released, Ending.RELEASED, change=change)
    rest = {line.position: line.quantity - units.get(line.position, 0) for line in own}
    reline(tx, order, relined(own, rest), cause=cause, change=change, **facts)


def because(reason: Reason, change: Change) -> Change:
    """Return the change with the reason's code before what it says itself."""
    note = change.why.removeprefix(reason).lstrip(": ")
    return replace(change, why=f"{reason}: {note}" if note else reason.value)


def _cause(reason: Reason) -> Cause:
    return Cause.SHORT if reason is Reason.OUT_OF_STOCK else Cause.CANCELLED


def _fulfilled(order: Order, at: datetime) -> dict[str, Any]:
    """The last units that had not left are called off: what left is all there is."""
    if order.fulfilment is not Fulfilment.PARTLY_SHIPPED:
        return {}
    return {"fulfilment": Fulfilment.SHIPPED, "shipped_at": at}
