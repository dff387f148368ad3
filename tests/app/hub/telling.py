"""Events as they come, parcels on their way, and what was told of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.hub.decision import Decision
from app.hub.react import react
from app.hub.verdict import Because
from orders_core.events import Event, EventType, Ring
from orders_core.ids import EventId, OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.parcels.attach import Consignment, attach
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY
from tests.buying import change, moved, paid
from tests.shop import MORNING

PROMISED = MORNING + timedelta(days=2)
LATER = PROMISED + timedelta(days=3)


def an_event(
    type_: EventType, *, old: dict[str, Any] | None = None, ring: Ring = Ring.NOW, **new: Any
) -> Event:
    return Event(
        id=EventId(new_id()),
        type=type_,
        entity=type_.partition(".")[0],
        entity_id=new_id(),
        version=1,
        old=old,
        new=new,
        ring=ring,
        by="test",
        why="test",
        occurred_at=MORNING,
    )


def events_of(tx: Tx, *ids: Any) -> list[Event]:
    return [event for one in ids for event in history_of(tx, one)]


def hear(tx: Tx, events: Sequence[Event], *, now: datetime = MORNING) -> dict[str, Because | None]:
    decisions: Sequence[Decision] = react(tx, events, policy=POLICY, now=now)
    return {decision.wish.notice: decision.verdict.because for decision in decisions}


def ship(tx: Tx, order_id: OrderId, *, promised_at: datetime | None = PROMISED) -> Any:
    paid(tx, order_id)
    moved(tx, order_id, OrderStatus.SHIPPED)
    return sent(tx, order_id, promised_at=promised_at)


def sent(tx: Tx, order_id: OrderId, *, promised_at: datetime | None = PROMISED) -> Any:
    """Tie a parcel to an order that left; return it."""
    parcel = Consignment(
        order_id=order_id, carrier="sf", number="SF1029384756", promised_at=promised_at
    )
    return next(iter(attach(tx, [parcel], change=change()).parcels.values()))


def scan(
    tx: Tx,
    status: ParcelStatus,
    *,
    minutes: int = 1,
    expected_at: datetime | None = None,
    pickup_code: str | None = None,
    words: str = "",
) -> None:
    checkpoint = Checkpoint(
        at=MORNING + timedelta(minutes=minutes),
        code=status,
        place="上海浦东",
        expected_at=expected_at,
        pickup_code=pickup_code,
        words=words,
    )
    seen = Scan("sf", "SF1029384756", checkpoint)
    record(tx, [seen], by="carrier", at=MORNING, ring=lambda _: Ring.NOW)
