"""Scans and orders find each other, whichever came first and however often."""

import random
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text

from orders_core.events import Change, Ring
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import OrderStatus, axes_of
from orders_core.orders.tables import orders
from orders_core.outbox.tables import history
from orders_core.parcels import attach, scan, store
from orders_core.parcels.attach import Consignment, ParcelTaken, attach_one
from orders_core.parcels.parcel import Checkpoint, ExpectedSource, Parcel, ParcelStatus
from orders_core.parcels.scan import Recorded, Scan, ScanOutcome, record
from orders_core.parcels.tables import checkpoint, parcel
from orders_core.tx import Tx
from tests.dice import dice

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHIPPING = Change(by="clerk", why="shipped", at=MONDAY)


def seen(hours: int, code: ParcelStatus, number: str = "SF100", **more: object) -> Scan:
    said = Checkpoint(at=MONDAY + hours * HOUR, code=code, **more)  # type: ignore[arg-type]
    return Scan(carrier="sf", number=number, checkpoint=said)


def take(tx: Tx, *scans: Scan, ring: Ring = Ring.NOW) -> Recorded:
    return record(tx, scans, by="carrier", at=MONDAY + 99 * HOUR, ring=lambda _: ring)


def placed_order(tx: Tx, *, status: str = "shipped", mirrored: bool = False) -> OrderId:
    order_id = OrderId(new_id())
    tx.execute(
        orders.insert().values(
            id=order_id,
            number=order_id.int % 10**15,
            source="shop",
            reference=str(order_id),
            mirrored=mirrored,
            person_id=new_id(),
            status=status,
            **asdict(axes_of(OrderStatus(status))),
            currency="CNY",
            total_minor=100,
            placed_at=MONDAY,
            changed_by="test",
            change_reason="test",
            changed_at=MONDAY,
        )
    )
    return order_id


def one(tx: Tx, number: str = "SF100") -> Parcel:
    return store.lock(tx, [("sf", number)])["sf", number]


def types_of(tx: Tx) -> list[str]:
    rows = select(history.c.type).where(history.c.entity == "parcel").order_by(history.c.version)
    return list(tx.scalars(rows))


def test_the_parcel_stands_where_its_latest_scan_was(tx: Tx) -> None:
    take(tx, seen(5, ParcelStatus.IN_TRANSIT, place="Jiaxing"), seen(1, ParcelStatus.PICKED_UP))

    assert (one(tx).status, one(tx).last_place) == (ParcelStatus.IN_TRANSIT, "Jiaxing")


def test_a_scan_told_twice_is_kept_once_and_changes_nothing(tx: Tx) -> None:
    first = take(tx, seen(1, ParcelStatus.PICKED_UP), seen(1, ParcelStatus.PICKED_UP))
    again = take(tx, seen(1, ParcelStatus.PICKED_UP))

    assert list(first.outcomes) == [ScanOutcome.ACCEPTED, ScanOutcome.DUPLICATE]
    assert list(again.outcomes) == [ScanOutcome.DUPLICATE]
    assert len(tx.execute(select(checkpoint)).all()) == 1
    assert types_of(tx) == ["parcel.announced", "parcel.picked_up"]


def test_an_older_scan_is_kept_and_emits_nothing(tx: Tx) -> None:
    take(tx, seen(5, ParcelStatus.IN_TRANSIT))
    take(tx, seen(1, ParcelStatus.PICKED_UP))

    assert len(tx.execute(select(checkpoint)).all()) == 2
    assert types_of(tx) == ["parcel.announced", "parcel.in_transit"]


def test_a_batch_changes_each_parcel_once(tx: Tx) -> None:
    take(
        tx,
        seen(1, ParcelStatus.PICKED_UP),
        seen(2, ParcelStatus.IN_TRANSIT),
        seen(3, ParcelStatus.OUT_FOR_DELIVERY),
    )

    assert types_of(tx) == ["parcel.announced", "parcel.out_for_delivery"]


def test_a_change_carries_the_time_and_ring_of_its_scan(tx: Tx) -> None:
    take(tx, seen(3, ParcelStatus.IN_TRANSIT), ring=Ring.THEN)

    row = tx.execute(select(parcel)).one()
    assert (row.changed_at, row.ring) == (MONDAY + 3 * HOUR, "then")


def test_carrier_and_number_are_read_in_any_case(tx: Tx) -> None:
    take(
        tx,
        Scan(
            carrier=" SF ", number=" sf100", checkpoint=seen(1, ParcelStatus.PICKED_UP).checkpoint
        ),
    )

    assert one(tx).status is ParcelStatus.PICKED_UP


def test_an_order_finds_the_parcel_that_was_scanned_before_it_shipped(tx: Tx) -> None:
    take(tx, seen(1, ParcelStatus.PICKED_UP))
    order_id = placed_order(tx)

    attach_one(tx, Consignment(order_id=order_id, carrier="SF", number="sf100"), change=SHIPPING)

    assert one(tx).order_id == order_id
    assert one(tx).status is ParcelStatus.PICKED_UP


def test_a_new_parcel_is_announced_with_its_order_in_one_event(tx: Tx) -> None:
    order_id = placed_order(tx)
    promise = MONDAY + 48 * HOUR
    wish = Consignment(order_id=order_id, carrier="sf", number="SF100", promised_at=promise)

    attach_one(tx, wish, change=SHIPPING)
    attach_one(tx, wish, change=SHIPPING)

    assert types_of(tx) == ["parcel.announced"]
    assert (one(tx).expected_at, one(tx).expected_source) == (promise, ExpectedSource.SHOP)


def test_the_carriers_day_replaces_the_shops_promise_but_not_the_promise_itself(tx: Tx) -> None:
    order_id = placed_order(tx)
    promise, later = MONDAY + 24 * HOUR, MONDAY + 96 * HOUR
    wish = Consignment(order_id=order_id, carrier="sf", number="SF100", promised_at=promise)
    attach_one(tx, wish, change=SHIPPING)

    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=later))
    attach_one(tx, wish, change=SHIPPING)

    assert (one(tx).promised_at, one(tx).expected_at) == (promise, later)
    assert one(tx).expected_source is ExpectedSource.CARRIER


def test_a_new_day_alone_is_a_rescheduling(tx: Tx) -> None:
    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=MONDAY + 24 * HOUR))
    take(tx, seen(2, ParcelStatus.IN_TRANSIT, expected_at=MONDAY + 72 * HOUR))

    assert types_of(tx)[-1] == "parcel.rescheduled"


def test_a_clerks_day_outlives_the_carriers(tx: Tx) -> None:
    take(tx, seen(1, ParcelStatus.IN_TRANSIT))
    by_clerk = {"expected_at": MONDAY + 30 * HOUR, "expected_source": "clerk"}
    tx.execute(parcel.update().values(**by_clerk))

    take(tx, seen(2, ParcelStatus.IN_TRANSIT, expected_at=MONDAY + 72 * HOUR))

    assert one(tx).expected_at == MONDAY + 30 * HOUR


def test_a_parcel_carries_the_first_order_that_claims_it(tx: Tx) -> None:
    first, second = placed_order(tx), placed_order(tx)
    wishes = [Consignment(order_id=o, carrier="sf", number="SF100") for o in (first, second)]

    attached = attach.attach(tx, wishes, change=SHIPPING)

    assert one(tx).order_id == first
    assert [type(refusal) for refusal in attached.taken] == [ParcelTaken]


def test_an_order_is_delivered_when_its_last_parcel_is(tx: Tx) -> None:
    order_id = placed_order(tx)
    wishes = [Consignment(order_id=order_id, carrier="sf", number=n) for n in ("SF1", "SF2")]
    ids = [p.id for p in attach.attach(tx, wishes, change=SHIPPING).parcels.values()]

    take(tx, seen(1, ParcelStatus.DELIVERED, "SF1"))
    half_way = store.delivered_orders(tx, ids)
    take(tx, seen(2, ParcelStatus.DELIVERED, "SF2"))

    assert half_way == []
    assert store.delivered_orders(tx, ids[:1]) == [order_id]


def test_a_mirrored_order_waits_for_its_own_shops_word(tx: Tx) -> None:
    order_id = placed_order(tx, mirrored=True)
    wish = Consignment(order_id=order_id, carrier="sf", number="SF100")
    parcel_id = attach_one(tx, wish, change=SHIPPING).id

    take(tx, seen(1, ParcelStatus.DELIVERED))

    assert store.delivered_orders(tx, [parcel_id]) == []


def journey(number: str, rng: random.Random) -> list[Scan]:
    codes = list(ParcelStatus)[1 : rng.randint(2, len(ParcelStatus))]
    return [
        seen(rng.randint(0, 40), code, number, place=rng.choice(["Wuhan", "Xi'an"]))
        for code in codes
    ]


def test_shuffled_and_doubled_scans_leave_the_rows_they_leave_in_order(tx: Tx) -> None:
    rng = dice(7)
    scans = [s for n in range(200) for s in journey(f"P{n}", rng)]
    shuffled = scans * 2
    rng.shuffle(shuffled)
    rows = text(
        "SELECT carrier, number, status, last_scan_at, last_place, pickup_code, expected_at,"
        " (SELECT array_agg((at, code, place)::text ORDER BY at, code, place)"
        "  FROM checkpoint WHERE parcel_id = parcel.id) FROM parcel ORDER BY carrier, number"
    )
    with tx.begin_nested() as undone:
        for hour in range(0, len(scans), 50):
            take(tx, *sorted(scans, key=lambda s: s.checkpoint.at)[hour : hour + 50])
        in_order = tx.execute(rows).all()
        undone.rollback()

    for start in range(0, len(shuffled), 50):
        take(tx, *shuffled[start : start + 50])

    assert len(in_order) == 200
    assert tx.execute(rows).all() == in_order


def test_no_scans_touch_nothing(tx: Tx) -> None:
    assert scan.record(tx, [], by="x", at=MONDAY, ring=lambda _: Ring.NOW).parcels == {}
    assert attach.attach(tx, [], change=SHIPPING).parcels == {}
