"""What nobody bought is given up before any order goes short: buckets, then bookings."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from orders_core.ids import SkuId
from orders_core.orders.place import WAREHOUSE
from orders_core.stock import booking, bucket
from orders_core.stock import store as stock
from orders_core.stock.booking import BookingLost, Wish
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, order, out_of_balance, paid, rows
from tests.shop import MORNING
from tests.shorts import counted


def booked(tx: Tx, units: int, *, minutes: int) -> booking.Booking:
    until = MORNING + timedelta(minutes=minutes)
    return booking.book(tx, [Wish(MUG, units, WAREHOUSE)], until=until, change=change())


def test_units_in_buckets_go_before_any_order(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = paid(tx, bought(tx, (MUG, 4)))
    key = (SkuId(stock.sku_id_of(tx, MUG)), WAREHOUSE)  # type: ignore[arg-type]
    bucket.hand_out(tx, key, slots=2, change=change())

    assert counted(tx, 5) == []
    assert tx.scalar(text("SELECT sum(free) FROM bucket")) == 1
    assert counted(tx, 3) == [order_id]

    assert tx.scalar(text("SELECT sum(free) FROM bucket")) == 0
    assert order(tx, order_id).short_units == 1
    assert out_of_balance(tx) == []


def test_bookings_go_before_any_order_the_latest_first(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = paid(tx, bought(tx, (MUG, 4)))
    early, late = booked(tx, 2, minutes=10), booked(tx, 3, minutes=20)
    tx.execute(
        text("UPDATE booking SET booked_at = booked_at - interval '1 minute' WHERE id = :i"),
        {"i": early.id},
    )

    assert counted(tx, 6) == []

    assert booking.confirm(tx, early.id, change=change()).state == "confirmed"
    with pytest.raises(BookingLost):
        booking.confirm(tx, late.id, change=change())
    assert order(tx, order_id).short_units == 0
    assert out_of_balance(tx) == []


def test_what_a_booking_holds_past_its_time_goes_first(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    paid(tx, bought(tx, (MUG, 4)))
    booked(tx, 5, minutes=1)

    counted(tx, 6, at=MORNING + timedelta(minutes=5))

    assert rows(tx, "shortage") == 0
    assert rows(tx, "level", "reserved = 4 AND on_hand = 6") == 1
