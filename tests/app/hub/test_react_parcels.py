"""What parcels, refunds and whole stories tell, each once, and only while it is true."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.hub.catalogue import NOTICES, Kind
from app.hub.release import retract
from app.hub.verdict import Because
from app.subscribers.table import HUB, SUBSCRIBERS
from app.templating.render import Renderer
from orders_core.events import Event, EventType, Ring
from orders_core.ids import EventId, OrderId, new_id
from orders_core.orders import refund_store
from orders_core.orders.order import OrderStatus
from orders_core.orders.refund import made
from orders_core.parcels.parcel import ParcelStatus
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued
from tests.app.hub.telling import LATER, events_of, hear, scan, ship
from tests.buying import MUG, TEA, bought, change, fill, moved, paid
from tests.cast import ANA
from tests.shop import MORNING

TEMPLATES = Path(__file__).parents[3] / "templates"
NOT_IN_THE_STORY = (
    EventType.ORDER_CANCELLED,
    EventType.ORDER_DELIVERED,
    EventType.ORDER_SHORT,
    EventType.ORDER_PARTLY_SHIPPED,
    EventType.ORDER_BALANCE_DUE,
    EventType.ORDER_ADDRESS_CHANGED,
    EventType.RETURN_APPROVED,
    EventType.RETURN_RECEIVED,
    EventType.REFUND_ASKED,
    EventType.REFUND_MADE,
)


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    """An order of Ana's, just placed."""
    enter(tx, ANA)
    fill(tx, {MUG: 9, TEA: 9})
    return bought(tx, (MUG, 2), (TEA, 1))


def test_a_parcel_that_waits_is_told_with_its_code_until_it_was_fetched(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.AT_STATION, pickup_code="3-2-1086")
    waiting = events_of(tx, parcel.id)
    scan(tx, ParcelStatus.DELIVERED, minutes=2)

    assert hear(tx, waiting[-1:]) == {"pickup_ready": Because.SUPERSEDED}


def test_a_parcel_that_waits_says_where_and_with_which_code(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.AT_STATION, pickup_code="3-2-1086")

    assert hear(tx, events_of(tx, parcel.id)) == {"pickup_ready": None}
    assert queued(tx)[0].variables["pickup_code"] == "3-2-1086"


def test_a_second_failed_attempt_is_told_again(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    for minutes in (1, 3):
        scan(tx, ParcelStatus.ATTEMPT_FAILED, minutes=minutes)
        assert hear(tx, events_of(tx, parcel.id)[-1:]) == {"attempt_failed": None}
        scan(tx, ParcelStatus.OUT_FOR_DELIVERY, minutes=minutes + 1)


@pytest.mark.parametrize(
    ("words", "is_told"),
    [("清关异常，等待查验", True), ("Held by Customs", True), ("外包装破损", False), ("", False)],
)
def test_customs_are_named_only_where_the_carrier_names_them(
    tx: Tx, order_id: OrderId, words: str, *, is_told: bool
):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.EXCEPTION, words=words)

    told = hear(tx, events_of(tx, parcel.id))

    assert told == ({"customs_hold": None} if is_told else {})


def test_money_that_goes_back_is_told_when_it_leaves_and_when_it_is_there(
    tx: Tx, order_id: OrderId
):
    paid(tx, order_id)
    moved(tx, order_id, OrderStatus.CANCELLED)
    hear(tx, events_of(tx, order_id))
    [asked] = refund_store.of_order(tx, order_id)

    told = hear(tx, events_of(tx, asked.id))
    made(tx, asked.id, "rf-1", change=change())
    told |= hear(tx, events_of(tx, asked.id)[-1:])

    assert told == {"refund_started": None, "refund_arrived": None}
    assert queued(tx)[-1].variables["back_minor"] == asked.amount_minor


def test_money_that_is_back_already_is_not_told_to_be_on_its_way(tx: Tx, order_id: OrderId):
    paid(tx, order_id)
    moved(tx, order_id, OrderStatus.CANCELLED)
    [asked] = refund_store.of_order(tx, order_id)
    made(tx, asked.id, "rf-1", change=change())

    told = hear(tx, events_of(tx, asked.id))

    assert told == {"refund_started": "superseded", "refund_arrived": None}


def test_a_refund_that_arrives_retracts_the_letter_that_said_it_was_on_its_way(
    tx: Tx, order_id: OrderId
):
    paid(tx, order_id)
    moved(tx, order_id, OrderStatus.CANCELLED)
    [asked] = refund_store.of_order(tx, order_id)
    hear(tx, events_of(tx, asked.id))
    assert retract(tx, [order_id], now=MORNING) == 0

    made(tx, asked.id, "rf-1", change=change())
    retract(tx, [order_id], now=MORNING)

    ended = {(row.channel, row.state) for row in queued(tx) if row.notice == "refund_started"}
    assert ended == {("email", "cancelled"), ("inapp", "queued")}


@pytest.mark.parametrize("ends", [ParcelStatus.RETURNING, ParcelStatus.DELIVERED])
def test_a_parcel_that_waits_no_more_retracts_the_bells_that_say_so(
    tx: Tx, order_id: OrderId, ends: ParcelStatus
):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.AT_STATION, pickup_code="3-2-1086")
    hear(tx, events_of(tx, parcel.id)[-1:])
    scan(tx, ends, minutes=2)
    event = events_of(tx, parcel.id)[-1]

    assert HUB in SUBSCRIBERS[event.type]
    retract(tx, [order_id], now=MORNING)

    states = {row.channel: row.state for row in queued(tx) if row.notice == "pickup_ready"}
    assert states == {"inapp": "queued", "push": "cancelled", "sms": "cancelled"}


def as_if(event: Event, order_id: OrderId, *types: EventType) -> list[Event]:
    """Return the event as if it were of each type: of the order, or of a return or refund of it."""
    told = {"order_id": str(order_id), "amount_minor": 9_800, "who_pays": "shop", "currency": "CNY"}
    of_order = {"balance_until": LATER.isoformat(), "ship_to": "b"}
    made = []
    for type_ in types:
        entity = type_.partition(".")[0]
        own = {"entity_id": event.entity_id, "new": of_order, "old": {"ship_to": "a"}}
        others = {"entity_id": new_id(), "new": told, "old": None}
        more: dict[str, Any] = own if entity == "order" else others
        made.append(
            replace(event, id=EventId(new_id()), type=type_, entity=entity, ring=Ring.THEN, **more)
        )
    return made


def test_every_message_of_a_whole_story_renders_in_both_languages(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY, expected_at=LATER)
    scan(tx, ParcelStatus.AT_STATION, minutes=2, pickup_code="3-2-1086")
    scan(tx, ParcelStatus.ATTEMPT_FAILED, minutes=3)
    scan(tx, ParcelStatus.EXCEPTION, minutes=4, words="清关异常")
    events = [replace(one, ring=Ring.THEN) for one in events_of(tx, order_id, parcel.id)]
    hear(tx, [*events, *as_if(events[0], order_id, *NOT_IN_THE_STORY)])

    renderer = Renderer.of_folder(TEMPLATES)
    told_by_events = {
        name
        for name, one in NOTICES.items()
        if one.kind is Kind.ORDER and not one.by_hand and not one.for_receiver
    }
    told = queued(tx)
    for row in told:
        for locale in ("zh", "en"):
            assert renderer.render(row.notice, row.channel, locale, row.variables).text

    assert {row.notice for row in told} == told_by_events
