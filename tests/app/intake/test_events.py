"""Events from foreign shops: each is told apart, and nobody is told of what nobody asked for."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.intake.events import Result, accept
from app.people.tables import contact, person
from orders_core.events import Ring
from orders_core.orders.tables import orders
from orders_core.outbox.tables import history
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx
from tests.app.intake.foreign import ROAD, event, order, terms


def take(tx: Tx, *raw: Any, ring: Ring = Ring.NEVER) -> list[Result]:
    return accept(tx, raw, terms(ring), region="CN")


def reason(tx: Tx, raw: Any) -> tuple[str, str]:
    (result,) = take(tx, raw)
    assert result.outcome == "rejected"
    assert result.reason is not None
    return result.reason.code, result.reason.pointer


def test_an_event_makes_an_order_and_its_customer(tx: Tx) -> None:
    (result,) = take(tx, event(order(1, "placed")))

    row = tx.execute(select(orders)).one()
    who = tx.execute(select(person)).one()
    assert (result.outcome, result.order_id, result.status) == ("accepted", row.id, "placed")
    assert (row.source, row.reference, row.mirrored, row.person_id) == ("taoli", "A1", True, who.id)
    assert (who.reference, who.locale, who.zone) == ("c-1", "zh", "Asia/Shanghai")
    assert tx.scalar(select(contact.c.address)) == "xiaoyu@mail.example"


def test_the_same_event_again_is_a_duplicate(tx: Tx) -> None:
    one = event(order(1, "placed"))

    assert [r.outcome for r in take(tx, one, one)] == ["accepted", "duplicate"]
    assert [r.outcome for r in take(tx, one)] == ["duplicate"]
    assert tx.scalar(select(func.count()).select_from(history)) == 1


def test_another_event_under_a_used_id_is_rejected(tx: Tx) -> None:
    take(tx, event(order(1, "placed"), id="e1"))

    assert reason(tx, event(order(2, "paid"), id="e1")) == ("event_id_reused", "/id")
    assert tx.scalar(select(orders.c.status)) == "placed"


def test_an_older_snapshot_is_stale_and_rings_nobody(tx: Tx) -> None:
    take(tx, event(order(4, "delivered")), ring=Ring.NOW)

    assert [r.outcome for r in take(tx, event(order(2, "paid")), ring=Ring.NOW)] == ["stale"]
    rings = list(tx.scalars(select(history.c.ring).order_by(history.c.version)))
    assert rings == ["now", "never"]


def test_one_bad_event_does_not_hold_up_the_others(tx: Tx) -> None:
    batch = [event(order(1, "placed")), {"specversion": "1.0"}, event(order(2, "paid"))]

    assert [r.outcome for r in take(tx, *batch)] == ["accepted", "rejected", "accepted"]
    assert tx.scalar(select(orders.c.status)) == "paid"


def without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


PLACED = order(1, "placed")
LINE = PLACED["lines"][0]


@pytest.mark.parametrize(
    ("raw", "code", "pointer"),
    [
        ("text", "not_object", ""),
        (event(PLACED, specversion="0.3"), "unknown_value", "/specversion"),
        (event(PLACED, id=""), "too_short", "/id"),
        (event(PLACED, type="order.created"), "unknown_type", "/type"),
        (event(PLACED, source="shop"), "own_source", "/source"),
        (event(PLACED, time="2026-03-02T10:00:00"), "timezone_required", "/time"),
        (event(PLACED) | {"data": None}, "not_object", "/data"),
        (event(without(PLACED, "occurred_at"), time=None), "missing_field", "/time"),
        (event(PLACED | {"occurred_at": "2027-01-01T00:00:00Z"}), "in_the_future", "/time"),
        (
            event(PLACED | {"occurred_at": "1999-01-01T00:00:00Z"}),
            "implausible_time",
            "/data/occurred_at",
        ),
        (event(PLACED | {"colour": "red"}), "unknown_field", "/data/colour"),
        (event(without(PLACED, "lines")), "missing_field", "/data/lines"),
        (event(PLACED | {"status": "on_hold"}), "unknown_value", "/data/status"),
        (event(PLACED | {"version": "1"}), "not_integer", "/data/version"),
        (event(PLACED | {"paid_at": "2026-03-01T00:00:00Z"}), "status_contradicts_times", "/data"),
        (
            event(PLACED | {"total": {"amount_minor": -1, "currency": "CNY"}}),
            "out_of_range",
            "/data/total/amount_minor",
        ),
        (
            event(PLACED | {"total": {"amount_minor": 1, "currency": "RMB"}}),
            "unknown_currency",
            "/data/total/currency",
        ),
        (
            event(PLACED | {"lines": [LINE | {"quantity": 0}]}),
            "quantity_out_of_range",
            "/data/lines/0/quantity",
        ),
        (
            event(PLACED | {"lines": [LINE | {"unit": {"amount_minor": 1, "currency": "EUR"}}]}),
            "mixed_currencies",
            "/data",
        ),
        (
            event(PLACED | {"customer": {"reference": "per_1"}}),
            "bad_reference",
            "/data/customer/reference",
        ),
        (
            event(PLACED | {"customer": {"reference": "c\u202e"}}),
            "bad_text",
            "/data/customer/reference",
        ),
    ],
)
def test_what_cannot_be_taken_says_where_and_why(tx: Tx, raw: Any, code: str, pointer: str) -> None:
    assert reason(tx, raw) == (code, pointer)
    assert tx.scalar(select(func.count()).select_from(orders)) == 0


def test_an_address_that_cannot_work_costs_a_warning_and_not_the_order(tx: Tx) -> None:
    customer = {"reference": "c-2", "phone": "010-62345678", "email": "no-at", "zone": "EST5"}
    (result,) = take(tx, event(order(1, "placed", customer=customer)))

    assert result.outcome == "accepted"
    assert sorted((w.code, w.pointer) for w in result.warnings) == [
        ("bad_email", "/data/customer/email"),
        ("not_textable", "/data/customer/phone"),
        ("unknown_zone", "/data/customer/zone"),
    ]
    assert tx.scalar(select(func.count()).select_from(contact)) == 0


def test_without_a_version_the_time_takes_its_place(tx: Tx) -> None:
    late, early = without(order(4, "delivered"), "version"), without(order(1, "placed"), "version")
    take(tx, event(late, id="late"))

    (result,) = take(tx, event(early, id="early"))

    assert result.outcome == "stale"
    assert tx.scalar(select(orders.c.status)) == "delivered"


def test_the_parcels_of_a_snapshot_are_tied_to_its_order(tx: Tx) -> None:
    sent = {"carrier": "SF", "number": "sf1", "promised_at": "2026-03-05T10:00:00Z"}
    (result,) = take(tx, event(order(3, "shipped", parcels=[sent])))

    row = tx.execute(select(parcel)).one()
    assert (row.carrier, row.number, row.order_id) == ("sf", "SF1", result.order_id)
    assert row.promised_at == row.expected_at


def test_a_parcel_of_another_order_is_a_warning(tx: Tx) -> None:
    sent = {"carrier": "sf", "number": "SF1"}
    take(tx, event(order(3, "shipped", "A1", parcels=[sent])))

    (result,) = take(tx, event(order(3, "shipped", "A2", parcels=[sent])))

    assert result.outcome == "accepted"
    assert [warning.code for warning in result.warnings] == ["parcel_taken"]


def test_a_late_snapshot_does_not_bring_an_old_address_back(tx: Tx) -> None:
    moved = {"reference": "c-1", "email": "new@mail.example"}
    take(tx, event(order(3, "shipped", customer=moved)))
    take(tx, event(order(1, "placed")))

    assert list(tx.scalars(select(contact.c.address))) == ["new@mail.example"]


def test_a_batch_rings_as_it_was_asked_and_in_version_order(tx: Tx) -> None:
    batch = [event(order(n, status)) for n, status in enumerate(ROAD, start=1)]

    take(tx, *reversed(batch), ring=Ring.NOW)

    rows = tx.execute(select(history.c.type, history.c.ring).order_by(history.c.version))
    assert [tuple(row) for row in rows] == [(f"order.{status}", "now") for status in ROAD]
