"""Events become wishes: which notice, for whom, decided when, with which facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.hub.react import implied, order_of, react
from app.hub.verdict import Because
from orders_core.events import EventType, Ring
from orders_core.ids import EventId, OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, verdicts
from tests.app.hub.telling import LATER, PROMISED, an_event, events_of, hear, scan, ship
from tests.buying import MUG, TEA, bought, fill, moved, paid
from tests.cast import ANA
from tests.shop import MORNING

TEMPLATES = Path(__file__).parents[3] / "templates"


def expecting(day: datetime | None, *, status: str = "in_transit") -> dict[str, Any]:
    return {
        "status": status,
        "promised_at": PROMISED.isoformat(),
        "expected_at": day.isoformat() if day else None,
        "order_id": str(new_id()),
    }


@pytest.mark.parametrize(
    ("type_", "notice"),
    [
        (EventType.ORDER_PLACED, "order_placed"),
        (EventType.ORDER_PAID, "order_paid"),
        (EventType.ORDER_SHIPPED, "order_shipped"),
        (EventType.ORDER_DELIVERED, "order_delivered"),
        (EventType.ORDER_CANCELLED, "order_cancelled"),
        (EventType.PARCEL_OUT_FOR_DELIVERY, "out_for_delivery"),
        (EventType.PARCEL_ATTEMPT_FAILED, "attempt_failed"),
        (EventType.PARCEL_EXCEPTION, "customs_hold"),
        (EventType.ORDER_PARTLY_SHIPPED, "partly_shipped"),
        (EventType.REFUND_ASKED, "refund_started"),
        (EventType.REFUND_MADE, "refund_arrived"),
    ],
)
def test_what_happens_to_an_order_is_told(type_: EventType, notice: str):
    assert [one.name for one in implied(an_event(type_, status="x"))] == [notice]


@pytest.mark.parametrize(
    "type_",
    sorted(
        set(EventType)
        - {
            EventType.ORDER_PLACED,
            EventType.ORDER_PAID,
            EventType.ORDER_SHIPPED,
            EventType.ORDER_DELIVERED,
            EventType.ORDER_CANCELLED,
            EventType.PARCEL_OUT_FOR_DELIVERY,
            EventType.PARCEL_ATTEMPT_FAILED,
            EventType.PARCEL_EXCEPTION,
            EventType.ORDER_PARTLY_SHIPPED,
            EventType.ORDER_SHORT,
            EventType.REFUND_ASKED,
            EventType.REFUND_MADE,
            EventType.RETURN_APPROVED,
            EventType.RETURN_RECEIVED,
        }
    ),
)
def test_the_rest_rings_nowhere(type_: EventType):
    assert implied(an_event(type_, status="x")) == ()


@pytest.mark.parametrize(
    ("type_", "old", "new", "notice"),
    [
        (EventType.PARCEL_AT_STATION, {}, {"pickup_code": "3-2-1086"}, "pickup_ready"),
        (EventType.PARCEL_AT_STATION, {}, {"pickup_code": None}, None),
        (EventType.ORDER_BALANCE_DUE, {}, {"balance_until": "2026-03-05"}, "preorder_balance_due"),
        (EventType.ORDER_BALANCE_DUE, {"balance_until": "2026-03-05"}, {}, None),
        (EventType.ORDER_ADDRESS_CHANGED, {"ship_to": "a"}, {"ship_to": "b"}, "address_changed"),
        (EventType.ORDER_ADDRESS_CHANGED, {"ship_to": None}, {"ship_to": "b"}, None),
        (EventType.PARCEL_OUT_FOR_DELIVERY, {}, {"direction": "back"}, None),
    ],
)
def test_an_event_is_news_only_with_the_fact_that_makes_it_so(
    type_: EventType, old: dict[str, Any], new: dict[str, Any], notice: str | None
):
    told = implied(an_event(type_, old=old, status="x", **new))

    assert [one.name for one in told] == ([notice] if notice else [])


@pytest.mark.parametrize("type_", EventType)
def test_what_may_not_ring_implies_nothing(type_: EventType):
    event = an_event(type_, old=expecting(PROMISED), ring=Ring.NEVER, **expecting(LATER))

    assert implied(event) == ()


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (PROMISED, LATER, True),
        (None, LATER, True),
        (LATER, LATER + timedelta(days=1), True),
        (LATER, LATER, False),
        (LATER + timedelta(days=1), LATER, False),
        (None, PROMISED, False),
        (None, PROMISED - timedelta(days=1), False),
        (PROMISED, None, False),
    ],
)
def test_a_delay_is_told_when_the_expected_day_moves_past_what_was_promised(
    before: datetime | None, after: datetime | None, *, is_told: bool
):
    event = an_event(EventType.PARCEL_RESCHEDULED, old=expecting(before), **expecting(after))

    assert [one.name for one in implied(event)] == ["order_delayed"] * is_told


def test_a_parcel_that_is_new_and_late_is_told():
    event = an_event(EventType.PARCEL_IN_TRANSIT, old=None, **expecting(LATER))

    assert [one.name for one in implied(event)] == ["order_delayed"]


def test_a_parcel_that_arrived_is_late_no_more():
    event = an_event(EventType.PARCEL_DELIVERED, old=None, **expecting(LATER, status="delivered"))

    assert implied(event) == ()


def test_a_parcel_without_order_concerns_nobody():
    assert order_of(an_event(EventType.PARCEL_IN_TRANSIT, order_id=None)) is None


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    """An order of Ana's, just placed."""
    enter(tx, ANA)
    fill(tx, {MUG: 9, TEA: 9})
    return bought(tx, (MUG, 2), (TEA, 1))


def test_an_order_is_told_to_who_placed_it_with_its_facts(tx: Tx, order_id: OrderId):
    hear(tx, events_of(tx, order_id))

    row = queued(tx)[0]
    assert (row.person_id, row.order_id, row.notice) == (ANA.person_id, order_id, "order_placed")
    assert (row.variables["total_minor"], row.variables["currency"]) == (22_600, "CNY")
    assert [one["quantity"] for one in row.variables["items"]] == [2, 1]
    assert row.variables["order_number"].isdigit()
    assert row.variables["placed_at"] == MORNING.isoformat()


def test_each_event_is_told_once_however_often_it_is_heard(tx: Tx, order_id: OrderId):
    events = events_of(tx, order_id)

    hear(tx, events)

    assert hear(tx, events) == {}
    assert hear(tx, [replace(one, id=EventId(new_id())) for one in events]) == {}


def test_heard_one_by_one_every_step_is_told(tx: Tx, order_id: OrderId):
    told = hear(tx, events_of(tx, order_id)[-1:])
    paid(tx, order_id)
    told |= hear(tx, events_of(tx, order_id)[-1:])
    moved(tx, order_id, OrderStatus.SHIPPED)
    told |= hear(tx, events_of(tx, order_id)[-1:])
    moved(tx, order_id, OrderStatus.DELIVERED)
    told |= hear(tx, events_of(tx, order_id)[-1:])

    assert told == {
        "order_placed": None,
        "order_paid": None,
        "order_shipped": None,
        "order_delivered": None,
    }


def test_heard_late_and_all_at_once_only_the_last_step_is_told(tx: Tx, order_id: OrderId):
    ship(tx, order_id)
    moved(tx, order_id, OrderStatus.DELIVERED)

    told = hear(tx, events_of(tx, order_id))

    assert told == {
        "order_placed": Because.SUPERSEDED,
        "order_paid": Because.SUPERSEDED,
        "order_shipped": Because.SUPERSEDED,
        "order_delivered": None,
    }


def test_replayed_every_step_is_told_as_of_its_own_time(tx: Tx, order_id: OrderId):
    ship(tx, order_id)
    moved(tx, order_id, OrderStatus.DELIVERED)
    years_ago = datetime(2017, 10, 2, 13, 56, 33, tzinfo=UTC)
    events = [
        replace(one, ring=Ring.THEN, occurred_at=years_ago + timedelta(hours=step))
        for step, one in enumerate(events_of(tx, order_id))
    ]

    told = hear(tx, events)

    assert set(told) == {"order_placed", "order_paid", "order_shipped", "order_delivered"}
    assert Because.SUPERSEDED not in told.values()
    assert [row.decided_at for row in verdicts(tx)] == [one.occurred_at for one in events]


def test_a_delay_is_told_once_for_each_new_day(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=1, expected_at=LATER)
    first = hear(tx, events_of(tx, parcel.id)[-1:])
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=2, expected_at=LATER + timedelta(minutes=5))
    same_day = hear(tx, events_of(tx, parcel.id)[-1:])
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=3, expected_at=LATER + timedelta(days=1))
    next_day = hear(tx, events_of(tx, parcel.id)[-1:])

    assert (first, same_day, next_day) == ({"order_delayed": None}, {}, {"order_delayed": None})
    assert queued(tx)[0].variables["expected_at"] == LATER.isoformat()
    assert queued(tx)[0].variables["promised_at"] == PROMISED.isoformat()


def test_a_delay_that_was_outdated_before_it_was_heard_is_not_told(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=1, expected_at=LATER)
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=2, expected_at=LATER + timedelta(days=1))

    told = react(tx, events_of(tx, parcel.id), policy=POLICY, now=MORNING)

    assert [made.verdict.because for made in told] == [Because.SUPERSEDED, None]


def test_a_delay_corrected_within_its_day_before_it_was_heard_is_still_told(
    tx: Tx, order_id: OrderId
):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=1, expected_at=LATER)
    scan(tx, ParcelStatus.IN_TRANSIT, minutes=2, expected_at=LATER + timedelta(minutes=5))

    assert hear(tx, events_of(tx, parcel.id)) == {"order_delayed": None}


def test_what_was_scanned_before_its_order_was_known_is_news_once_it_is(tx: Tx, order_id: OrderId):
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY, expected_at=LATER)
    parcel = ship(tx, order_id)

    told = hear(tx, events_of(tx, parcel.id))

    assert told == {"out_for_delivery": None, "order_delayed": None}


def test_out_for_delivery_is_told_with_its_parcel(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY)

    told = hear(tx, events_of(tx, parcel.id))

    assert told == {"out_for_delivery": None}
    said = queued(tx)[0].variables
    assert (said["carrier"], said["parcel_number"]) == ("顺丰速运", "SF1029384756")
    assert said["place"] == "上海浦东"


def test_out_for_delivery_is_not_told_of_a_parcel_that_came_back(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY, minutes=1)
    scan(tx, ParcelStatus.ATTEMPT_FAILED, minutes=2)

    assert hear(tx, events_of(tx, parcel.id)) == {
        "out_for_delivery": Because.SUPERSEDED,
        "attempt_failed": None,
    }
