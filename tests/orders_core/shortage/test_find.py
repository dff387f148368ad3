"""A count below what was promised: exactly the missing units turn short, of the right orders."""

import pytest

from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.find import NotHeldThere, Pick, make_room, pick_failed
from orders_core.shortage.short import Held, Turn
from orders_core.stock import level as counting
from orders_core.stock.level import BelowReserved
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, change, fill, level, order, out_of_balance, paid, rows
from tests.shorts import counted


def test_a_count_that_still_holds_every_promise_takes_from_nobody(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    paid(tx, bought(tx, (MUG, 4)))

    assert counted(tx, 4) == []
    assert rows(tx, "shortage") == 0


def test_exactly_the_missing_units_turn_short(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    first = paid(tx, bought(tx, (MUG, 4)))
    second = paid(tx, bought(tx, (MUG, 5)))

    assert counted(tx, 6) == [second]

    assert (order(tx, first).short_units, order(tx, second).short_units) == (0, 3)
    assert (level(tx, MUG).on_hand, level(tx, MUG).reserved) == (6, 6)
    assert rows(tx, "level", "short = 3") == 1
    assert rows(tx, "reservation", "state = 'short' AND quantity = 3") == 1
    assert rows(tx, "reservation", "state = 'held' AND quantity = 2") == 1
    assert rows(tx, "shortage", "state = 'open' AND quantity = 3 AND found_why = 'counted'") == 1
    assert rows(tx, "history", "type = 'order.short'") == 1
    assert out_of_balance(tx) == []


def test_who_has_not_paid_loses_before_who_has(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    unpaid = bought(tx, (MUG, 3))
    late = paid(tx, bought(tx, (MUG, 3)))
    later = paid(tx, bought(tx, (MUG, 3)))

    assert counted(tx, 5) == sorted([unpaid, later])

    assert [order(tx, one).short_units for one in (unpaid, late, later)] == [3, 0, 1]


def test_a_rule_that_comes_in_says_who_loses(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    small, large = paid(tx, bought(tx, (MUG, 2))), paid(tx, bought(tx, (MUG, 5)))

    def small_first(held: Held) -> Turn:
        return Turn(held.units)

    lost = make_room(
        tx, MUG, WAREHOUSE, on_hand=4, rank=small_first, change=change("clerk", why="counted")
    )

    assert lost == [large]
    assert order(tx, small).short_units == 0


def test_an_order_rings_once_however_many_rows_it_holds(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 9})
    both = paid(tx, bought(tx, (MUG, 4), (TEA, 2)))

    counted(tx, 3)
    counted(tx, 1)
    counted(tx, 0, code=TEA)

    assert order(tx, both).short_units == 5
    assert rows(tx, "history", "type = 'order.short'") == 1
    assert rows(tx, "history", "type = 'order.updated'") == 2
    assert out_of_balance(tx) == []


def test_what_is_owed_is_not_sold(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    paid(tx, bought(tx, (MUG, 9)))

    counted(tx, 4)
    counting.count(tx, MUG, WAREHOUSE, on_hand=6, oversell_limit=None, change=change("clerk"))

    assert rows(tx, "level", "on_hand = 6 AND reserved = 4 AND short = 5 AND standing = 'out'") == 1


def test_without_making_room_a_count_below_promises_is_refused(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    paid(tx, bought(tx, (MUG, 9)))

    with pytest.raises(BelowReserved):
        counting.count(tx, MUG, WAREHOUSE, on_hand=4, oversell_limit=None, change=change("clerk"))


def test_a_failed_pick_takes_from_its_order_and_from_the_shelf(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    picked, other = paid(tx, bought(tx, (MUG, 3))), paid(tx, bought(tx, (MUG, 3)))

    missing = Pick(code=MUG, warehouse=WAREHOUSE, units=2)
    pick_failed(tx, picked, missing, change=change("picker", why="not_on_shelf"))

    assert (order(tx, picked).short_units, order(tx, other).short_units) == (2, 0)
    assert rows(tx, "level", "on_hand = 7 AND reserved = 4 AND short = 2") == 1
    assert rows(tx, "movement", "cause = 'count' AND delta = -2 AND moved_by = 'picker'") == 1
    assert out_of_balance(tx) == []


def test_a_pick_of_what_an_order_does_not_hold_is_refused(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    picked = paid(tx, bought(tx, (MUG, 3)))

    with pytest.raises(NotHeldThere, match="holds 3 of MUG, not 4"):
        pick_failed(
            tx, picked, Pick(code=MUG, warehouse=WAREHOUSE, units=4), change=change("picker")
        )
