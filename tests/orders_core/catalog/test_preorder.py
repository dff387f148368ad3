"""Pre-orders: a threshold, what arrives, and the day of the release."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from orders_core.catalog import preorder, preorder_store
from orders_core.catalog import store as skus
from orders_core.catalog.preorder import (
    DepositTooHigh,
    PreorderElsewhere,
    PreorderPromised,
    PreorderSetsLimit,
    ReleasePast,
)
from orders_core.errors import NotFound
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, bought, buy, change, fill, level, out_of_balance, wish
from tests.shop import MORNING
from tests.stocked import EAST, MAIN, RELEASE, open_warehouse, sell_ahead

SECOND = timedelta(seconds=1)


@pytest.fixture
def ahead(tx: Tx) -> Tx:
    """Ten lamps may be promised before there is one."""
    fill(tx, {LAMP: 0, MUG: 5})
    sell_ahead(tx, LAMP, 10)
    return tx


def receive(tx: Tx, units: int) -> None:
    moved = counting.Move(
        code=LAMP,
        warehouse=MAIN,
        delta=units,
        cause=counting.Cause.RECEIPT,
        cause_id=skus.id_of(tx, LAMP),
    )
    counting.record(tx, moved, change=change("clerk"))


def available(tx: Tx) -> int:
    return level(tx, LAMP).available


def test_the_threshold_is_what_may_be_promised(ahead: Tx) -> None:
    buy(ahead, wish((LAMP, 4)), hold=None)

    assert (level(ahead, LAMP).oversell_limit, available(ahead)) == (10, 6)


def test_what_arrives_was_promised_already(ahead: Tx) -> None:
    buy(ahead, wish((LAMP, 4)), hold=None)

    receive(ahead, 7)

    shelf = level(ahead, LAMP)
    assert (shelf.on_hand, shelf.oversell_limit, shelf.available) == (7, 3, 6)
    assert out_of_balance(ahead) == []


def test_what_arrives_beyond_the_threshold_is_more_to_sell(ahead: Tx) -> None:
    receive(ahead, 12)

    assert (level(ahead, LAMP).oversell_limit, available(ahead)) == (0, 12)


def test_a_count_that_finds_more_is_an_arrival_too(ahead: Tx) -> None:
    fill(ahead, {LAMP: 4})

    assert (level(ahead, LAMP).oversell_limit, available(ahead)) == (6, 10)


def test_goods_that_go_make_no_room_for_new_promises(ahead: Tx) -> None:
    fill(ahead, {LAMP: 4})
    fill(ahead, {LAMP: 1})

    assert (level(ahead, LAMP).oversell_limit, available(ahead)) == (6, 7)


def test_a_clerk_cannot_lift_the_limit_past_the_pre_order(ahead: Tx) -> None:
    with pytest.raises(PreorderSetsLimit, match="leaves an oversell_limit of 10"):
        counting.count(ahead, LAMP, MAIN, on_hand=0, oversell_limit=99, change=change())

    counting.count(ahead, LAMP, MAIN, on_hand=0, oversell_limit=10, change=change())
    counting.count(ahead, MUG, MAIN, on_hand=5, oversell_limit=99, change=change())


def test_writing_a_pre_order_again_keeps_what_arrived(ahead: Tx) -> None:
    receive(ahead, 4)

    again = sell_ahead(ahead, LAMP, 12, release_at=RELEASE + timedelta(days=1))

    assert (again.units, again.arrived) == (12, 4)
    assert available(ahead) == 12


def test_fewer_units_than_are_promised_are_refused(ahead: Tx) -> None:
    receive(ahead, 2)
    bought(ahead, (LAMP, 5))

    with pytest.raises(PreorderPromised, match="at least 5 units, not 4"):
        sell_ahead(ahead, LAMP, 4)
    sell_ahead(ahead, LAMP, 5)

    assert available(ahead) == 0


def test_a_release_lies_in_the_future(ahead: Tx) -> None:
    with pytest.raises(ReleasePast):
        sell_ahead(ahead, LAMP, 10, release_at=MORNING)


def test_a_deposit_is_less_than_the_price(ahead: Tx) -> None:
    with pytest.raises(DepositTooHigh, match="less than the price, 19900"):
        sell_ahead(ahead, LAMP, 10, deposit_minor=19_900)
    sell_ahead(ahead, LAMP, 10, deposit_minor=19_899)


def test_awaited_goods_have_one_warehouse(ahead: Tx) -> None:
    open_warehouse(ahead, EAST, {})
    present = preorder_store.read(ahead, skus.id_of(ahead, LAMP))
    assert present is not None
    elsewhere = replace(present, warehouse=EAST)

    with pytest.raises(PreorderElsewhere, match="waits at warehouse main"):
        preorder.put(ahead, LAMP, elsewhere, change=change())
    preorder.end(ahead, LAMP, change=change())

    assert preorder.put(ahead, LAMP, elsewhere, change=change()).warehouse == EAST


def test_ended_it_promises_no_more_and_what_it_promised_still_comes(ahead: Tx) -> None:
    buy(ahead, wish((LAMP, 4)), hold=None)

    ended = preorder.end(ahead, LAMP, change=change())
    again = preorder.end(ahead, LAMP, change=change(at=MORNING + SECOND))
    empty = available(ahead)
    receive(ahead, 6)

    assert (ended.units, ended.ended_at) == (4, MORNING)
    assert again == ended
    assert (empty, available(ahead), level(ahead, LAMP).oversell_limit) == (0, 2, 0)


def test_a_pre_order_that_never_was_cannot_end(ahead: Tx) -> None:
    with pytest.raises(NotFound, match="no pre-order MUG"):
        preorder.end(ahead, MUG, change=change())


@pytest.mark.parametrize(("now", "released"), [(RELEASE - SECOND, 0), (RELEASE, 1)])
def test_it_is_released_at_its_time_as_of_its_time(ahead: Tx, now: datetime, released: int) -> None:
    buy(ahead, wish((LAMP, 4)), hold=None)

    done = preorder.release(ahead, now=now, at_most=9)

    assert len(done) == released
    found = preorder_store.read(ahead, skus.id_of(ahead, LAMP))
    assert found is not None
    assert found.ended_at == (RELEASE if released else None)
    assert level(ahead, LAMP).oversell_limit == (4 if released else 10)
    assert preorder.release(ahead, now=now, at_most=9) == []


def test_the_next_release_is_known_ahead(ahead: Tx) -> None:
    later = RELEASE + SECOND

    assert preorder_store.first_due(ahead, after=MORNING, until=later) == RELEASE
    assert preorder_store.first_due(ahead, after=RELEASE, until=later) is None
    assert preorder_store.first_due(ahead, after=MORNING, until=RELEASE - SECOND) is None


def test_what_is_on_pre_order_is_known_by_code_until_its_release(ahead: Tx) -> None:
    assert preorder_store.on_sale(ahead, now=RELEASE - SECOND) == {LAMP}
    assert preorder_store.on_sale(ahead, now=RELEASE) == set()
