"""Goods that came in go to those who were promised them first."""

from datetime import timedelta

from orders_core.orders.order import OrderStatus
from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.choice import Wait
from orders_core.shortage.choose import choose
from orders_core.shortage.fill import fill as fill_shorts
from orders_core.shortage.fill import next_due
from orders_core.shortage.stuck import waiting
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, fill, moved, order, out_of_balance, paid, rows
from tests.shop import MORNING
from tests.shorts import NEXT_WEEK, counted, shopper, short, states


def came_in(tx: Tx, on_hand: int) -> None:
    counting.count(tx, MUG, WAREHOUSE, on_hand=on_hand, oversell_limit=None, change=change("clerk"))


def test_units_that_came_in_are_held_for_the_order_again(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3))
    came_in(tx, 5)

    assert fill_shorts(tx, now=MORNING, at_most=9) == [order_id]

    assert states(tx, order_id) == [("filled", 3)]
    assert order(tx, order_id).short_units == 0
    assert rows(tx, "reservation", "state = 'held'") == 1
    assert rows(tx, "level", "reserved = 3 AND short = 0 AND on_hand = 5") == 1
    assert rows(tx, "history", "type = 'order.short_settled' AND change_reason = 'came_in'") == 1
    assert out_of_balance(tx) == []
    assert order(tx, moved(tx, order_id, OrderStatus.SHIPPED)).status is OrderStatus.SHIPPED


def test_filled_twice_is_filled_once(tx: Tx) -> None:
    short(tx, (MUG, 3))
    came_in(tx, 5)
    fill_shorts(tx, now=MORNING, at_most=9)
    before = rows(tx, "history")

    assert fill_shorts(tx, now=MORNING, at_most=9) == []

    assert rows(tx, "history") == before


def test_nobody_is_filled_from_units_that_others_hold(tx: Tx) -> None:
    short(tx, (MUG, 3), left=2)

    assert fill_shorts(tx, now=MORNING, at_most=9) == []


def test_who_has_paid_comes_first_then_who_waits_longest(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    unpaid = bought(tx, (MUG, 2))
    first, second = paid(tx, bought(tx, (MUG, 2))), paid(tx, bought(tx, (MUG, 2)))
    counted(tx, 2)
    counted(tx, 0, at=MORNING + timedelta(hours=1))
    came_in(tx, 3)

    fill_shorts(tx, now=NEXT_WEEK, at_most=9)

    assert states(tx, second) == [("filled", 2)]  # its units were missed an hour before the first's
    assert sorted(states(tx, first)) == [("filled", 1), ("open", 1)]
    assert states(tx, unpaid) == [("open", 2)]
    assert out_of_balance(tx) == []


def test_who_waits_is_filled_as_well(tx: Tx) -> None:
    order_id = short(tx, (MUG, 3))
    choose(tx, order_id, Wait(NEXT_WEEK), change=shopper())
    came_in(tx, 3)

    fill_shorts(tx, now=MORNING, at_most=9)

    assert states(tx, order_id) == [("filled", 3)]


def test_the_next_end_of_a_wait_is_known(tx: Tx) -> None:
    choose(tx, short(tx, (MUG, 3)), Wait(NEXT_WEEK), change=shopper())

    assert next_due(tx, after=MORNING, until=NEXT_WEEK) == NEXT_WEEK
    assert next_due(tx, after=NEXT_WEEK, until=NEXT_WEEK + timedelta(days=1)) is None


def test_what_is_paid_and_cannot_ship_is_known(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 9})
    paid(tx, bought(tx, (MUG, 2)))
    bought(tx, (MUG, 2))
    paid(tx, bought(tx, (TEA, 4), (MUG, 1)))
    counted(tx, 0)
    counted(tx, 1, code=TEA, at=MORNING - timedelta(days=1))

    stuck = waiting(tx)

    assert (stuck.orders, stuck.units) == (2, 6)
    assert stuck.oldest_at == MORNING - timedelta(days=1)
    assert [(row.code, row.orders, row.units) for row in stuck.rows] == [(TEA, 1, 3), (MUG, 2, 3)]
