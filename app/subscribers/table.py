"""Who hears of which event: one table. An event that nobody needs says so with `NOBODY`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.desk.short import open_short
from app.house import House
from app.hub.policy import read_policy
from app.hub.react import order_of, react
from app.hub.release import retract
from app.ops.erase import rest
from orders_core.events import Change, Event, EventType, Ring
from orders_core.ids import OrderId, PersonId
from orders_core.orders.move import move
from orders_core.orders.order import Cause, OrderStatus
from orders_core.parcels.store import delivered_orders
from orders_core.returns.receive import close
from orders_core.returns.rma import Why
from orders_core.tx import Tx

Handler = Callable[[House, Tx, Sequence[Event]], None]


@dataclass(frozen=True)
class Consumer:
    """Somebody who hears of events. The name is kept with what was handled: never reuse one.

    Who does not hear history is spared what may ring nobody: back-fills, stale snapshots.
    """

    name: str
    handle: Handler
    hears_history: bool = True


def _tell_people(house: House, tx: Tx, events: Sequence[Event]) -> None:
    now = house.clock.now()
    made = react(tx, events, policy=read_policy(tx, house.settings), now=now)
    fresh = {one.id for one in made if one.wish.standing is not None}
    retract(tx, {order for event in events if (order := _moved(event))}, but=fresh, now=now)


def _moved(event: Event) -> OrderId | None:
    """Return the order that a live event is about: replay tells all as if nothing moved on."""
    return order_of(event) if event.ring is Ring.NOW else None


def _deliver_orders(_house: House, tx: Tx, events: Sequence[Event]) -> None:
    for event in events:
        arrived = delivered_orders(tx, [event.entity_id])
        change = Change(by=event.by, why="parcels_delivered", at=event.occurred_at, ring=event.ring)
        if arrived:
            move(tx, arrived, OrderStatus.DELIVERED, change=change)


def _open_cases(house: House, tx: Tx, events: Sequence[Event]) -> None:
    """Open the case of what orders lack; more of it may be found when an order is short already."""
    ids = sorted({OrderId(event.entity_id) for event in events if _is_shorter(event)})
    if ids:
        open_short(tx, ids, settings=house.settings, now=house.clock.now())


def _is_shorter(event: Event) -> bool:
    before = (event.old or {}).get("short_units") or 0
    return int(event.new.get("short_units") or 0) > int(before)


def _close_returns(_house: House, tx: Tx, events: Sequence[Event]) -> None:
    for event in events:
        if event.new["cause"] == Cause.RETURNED:
            change = Change(by=event.by, why=Why.REFUND_MADE, at=event.occurred_at, ring=event.ring)
            close(tx, UUID(event.new["cause_id"]), change=change)


def _erase_what_came_since(house: House, tx: Tx, events: Sequence[Event]) -> None:
    """Erase once more: what was decided or written while the person was erased is here now."""
    for event in events:
        rest(tx, PersonId(event.entity_id), now=house.clock.now())


DESK = Consumer("desk.short", _open_cases, hears_history=False)
RETURNS = Consumer("returns.closed", _close_returns)
HUB = Consumer("hub", _tell_people, hears_history=False)
ARRIVALS = Consumer("orders.arrivals", _deliver_orders)
ERASER = Consumer("people.erased", _erase_what_came_since)
NOBODY: Sequence[Consumer] = ()

SUBSCRIBERS: Mapping[EventType, Sequence[Consumer]] = {
    EventType.ORDER_PLACED: (HUB,),
    EventType.ORDER_PAID: (HUB,),
    EventType.ORDER_SHIPPED: (HUB,),
    EventType.ORDER_DELIVERED: (HUB,),
    EventType.ORDER_CANCELLED: (HUB,),
    EventType.ORDER_UPDATED: (DESK,),
    EventType.ORDER_PARTLY_SHIPPED: (HUB,),
    EventType.ORDER_RETURNED: NOBODY,
    EventType.ORDER_DEPOSIT_PAID: NOBODY,
    EventType.ORDER_BALANCE_DUE: (HUB,),
    EventType.ORDER_REFUND_DUE: NOBODY,
    EventType.ORDER_REFUNDED: NOBODY,
    EventType.ORDER_UNPAID: NOBODY,
    EventType.ORDER_UNFULFILLED: NOBODY,
    EventType.ORDER_SHORT: (HUB, DESK),
    EventType.ORDER_SHORT_SETTLED: (HUB,),
    EventType.ORDER_ADDRESS_CHANGED: (HUB,),
    EventType.ORDER_INVOICE_ASKED: NOBODY,
    EventType.ORDER_EDITED: NOBODY,
    EventType.REFUND_ASKED: (HUB,),
    EventType.REFUND_MADE: (RETURNS, HUB),
    EventType.REFUND_UPDATED: NOBODY,
    EventType.RETURN_REQUESTED: NOBODY,
    EventType.RETURN_APPROVED: (HUB,),
    EventType.RETURN_REJECTED: NOBODY,
    EventType.RETURN_RECEIVED: (HUB,),
    EventType.RETURN_CLOSED: NOBODY,
    EventType.RETURN_UPDATED: NOBODY,
    EventType.STOCK_OPENED: NOBODY,
    EventType.STOCK_LOW: NOBODY,
    EventType.STOCK_OUT: NOBODY,
    EventType.STOCK_BACK: NOBODY,
    EventType.STOCK_PLENTY: NOBODY,
    EventType.STOCK_UPDATED: NOBODY,
    EventType.PRICE_CHANGED: NOBODY,
    EventType.PARCEL_ANNOUNCED: (HUB,),
    EventType.PARCEL_PICKED_UP: (HUB,),
    EventType.PARCEL_IN_TRANSIT: (HUB,),
    EventType.PARCEL_AT_STATION: (HUB,),
    EventType.PARCEL_OUT_FOR_DELIVERY: (HUB,),
    EventType.PARCEL_ATTEMPT_FAILED: (HUB,),
    EventType.PARCEL_DELIVERED: (ARRIVALS, HUB),
    EventType.PARCEL_EXCEPTION: (HUB,),
    EventType.PARCEL_RETURNING: (HUB,),
    EventType.PARCEL_RETURNED: NOBODY,
    EventType.PARCEL_RELABELLED: (ARRIVALS,),
    EventType.PARCEL_RESCHEDULED: (HUB,),
    EventType.PARCEL_UPDATED: NOBODY,
    EventType.PERSON_ERASED: (ERASER,),
}
