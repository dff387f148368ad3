"""Who hears of which event: one table. An event that nobody needs says so with `NOBODY`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.house import House
from app.hub.policy import read_policy
from app.hub.react import react
from orders_core.events import Change, Event, EventType
from orders_core.orders.move import move
from orders_core.orders.order import OrderStatus
from orders_core.parcels.store import delivered_orders
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
    react(tx, events, policy=read_policy(tx, house.settings), now=house.clock.now())


def _deliver_orders(_house: House, tx: Tx, events: Sequence[Event]) -> None:
    for event in events:
        arrived = delivered_orders(tx, [event.entity_id])
        change = Change(by=event.by, why="parcels_delivered", at=event.occurred_at, ring=event.ring)
        if arrived:
            move(tx, arrived, OrderStatus.DELIVERED, change=change)


HUB = Consumer("hub", _tell_people, hears_history=False)
ARRIVALS = Consumer("orders.arrivals", _deliver_orders)
NOBODY: Sequence[Consumer] = ()

SUBSCRIBERS: Mapping[EventType, Sequence[Consumer]] = {
    EventType.ORDER_PLACED: (HUB,),
    EventType.ORDER_PAID: (HUB,),
    EventType.ORDER_SHIPPED: (HUB,),
    EventType.ORDER_DELIVERED: (HUB,),
    EventType.ORDER_CANCELLED: (HUB,),
    EventType.ORDER_UPDATED: NOBODY,
    EventType.ORDER_PARTLY_SHIPPED: NOBODY,
    EventType.ORDER_RETURNED: NOBODY,
    EventType.ORDER_DEPOSIT_PAID: NOBODY,
    EventType.ORDER_BALANCE_DUE: NOBODY,
    EventType.ORDER_REFUND_DUE: NOBODY,
    EventType.ORDER_REFUNDED: NOBODY,
    EventType.ORDER_UNPAID: NOBODY,
    EventType.ORDER_UNFULFILLED: NOBODY,
    EventType.ORDER_SHORT: NOBODY,
    EventType.ORDER_SHORT_SETTLED: NOBODY,
    EventType.ORDER_ADDRESS_CHANGED: NOBODY,
    EventType.ORDER_INVOICE_ASKED: NOBODY,
    EventType.ORDER_EDITED: NOBODY,
    EventType.REFUND_ASKED: NOBODY,
    EventType.REFUND_MADE: NOBODY,
    EventType.REFUND_UPDATED: NOBODY,
    EventType.STOCK_OPENED: NOBODY,
    EventType.STOCK_LOW: NOBODY,
    EventType.STOCK_OUT: NOBODY,
    EventType.STOCK_BACK: NOBODY,
    EventType.STOCK_PLENTY: NOBODY,
    EventType.STOCK_UPDATED: NOBODY,
    EventType.PARCEL_ANNOUNCED: (HUB,),
    EventType.PARCEL_PICKED_UP: (HUB,),
    EventType.PARCEL_IN_TRANSIT: (HUB,),
    EventType.PARCEL_AT_STATION: (HUB,),
    EventType.PARCEL_OUT_FOR_DELIVERY: (HUB,),
    EventType.PARCEL_ATTEMPT_FAILED: (HUB,),
    EventType.PARCEL_DELIVERED: (ARRIVALS,),
    EventType.PARCEL_EXCEPTION: (HUB,),
    EventType.PARCEL_RESCHEDULED: (HUB,),
    EventType.PARCEL_UPDATED: NOBODY,
}
