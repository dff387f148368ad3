"""Choices, goods that come in and cancellations at the same moment: one end each, books true."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from app.db.transaction import attempt, begin
from orders_core.ids import OrderId
from orders_core.orders.order import IllegalMove, OrderStatus
from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.choice import CannotSwap, Choice, NothingShort, Refund, Swap, Wait
from orders_core.shortage.choose import choose, end_waits
from orders_core.shortage.fill import fill as fill_shorts
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, bought, change, fill, move_in, moved, out_of_balance, paid
from tests.shop import MORNING, Shop
from tests.shorts import NEXT_WEEK, counted, shopper
from tests.together import together

ROUNDS = 6


def short_orders(shop: Shop, many: int) -> list[OrderId]:
    """Make orders that are short of two teas each, with mugs to swap for."""
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {TEA: 2 * many, LAMP: many, MUG: 2 * many})
        orders = [paid(tx, bought(tx, (TEA, 2), (LAMP, 1))) for _ in range(many)]
        counted(tx, 0, code=TEA)
    return orders


def clicking(shop: Shop, order_id: OrderId, choice: Choice) -> Callable[[], object]:
    def work(tx: Tx) -> bool:
        return choose(tx, order_id, choice, change=shopper()).is_new

    def click() -> object:
        try:
            return attempt(shop.engine, work)
        except (NothingShort, CannotSwap):
            return False

    return click


def filling(shop: Shop) -> Callable[[], object]:
    return lambda: attempt(shop.engine, lambda tx: len(fill_shorts(tx, now=MORNING, at_most=50)))


def cancelling(shop: Shop, order_id: OrderId) -> Callable[[], object]:
    def cancel() -> object:
        try:
            attempt(shop.engine, lambda tx: moved(tx, order_id, OrderStatus.CANCELLED))
        except IllegalMove:
            return False
        return True

    return cancel


def ends(shop: Shop, order_id: OrderId) -> dict[str, int]:
    """Return the units of an order's shortages by their state."""
    with begin(shop.engine) as tx:
        rows = tx.execute(
            text("SELECT state, sum(quantity)::int FROM shortage WHERE order_id = :o GROUP BY 1"),
            {"o": order_id},
        )
        return {row[0]: row[1] for row in rows}


def assert_true_books(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        assert out_of_balance(tx) == []
        assert tx.scalar(text("SELECT count(*) FROM orders WHERE short_units < 0")) == 0


@pytest.mark.parametrize("other", [Refund(), Swap(MUG), Wait(NEXT_WEEK)])
def test_the_same_click_twice_at_once_counts_once(shop: Shop, other: Choice) -> None:
    for order_id in short_orders(shop, ROUNDS):
        clicks = together(*[clicking(shop, order_id, other)] * 3)
        assert sorted(clicks, key=bool) == [False, False, True]
    assert_true_books(shop)


def test_of_two_choices_at_once_one_wins(shop: Shop) -> None:
    for order_id in short_orders(shop, ROUNDS):
        clicks = together(clicking(shop, order_id, Refund()), clicking(shop, order_id, Swap(MUG)))
        assert sorted(clicks, key=bool) == [False, True]
        assert len(ends(shop, order_id)) == 1
    assert_true_books(shop)


def test_a_choice_goods_that_come_in_and_a_cancellation_leave_one_end(shop: Shop) -> None:
    orders = short_orders(shop, ROUNDS)
    for number, order_id in enumerate(orders):
        with begin(shop.engine) as tx:
            on_hand = 2 * (number + 1)
            by = change("clerk")
            held = int(tx.scalar(text("SELECT reserved FROM level WHERE short > 0")) or 0)
            counting.count(
                tx, TEA, WAREHOUSE, on_hand=held + on_hand, oversell_limit=None, change=by
            )
        together(clicking(shop, order_id, Refund()), filling(shop), cancelling(shop, order_id))
        assert sum(ends(shop, order_id).values()) == 2
    attempt(shop.engine, partial(fill_shorts, now=MORNING, at_most=50))
    with begin(shop.engine) as tx:
        assert tx.scalar(text("SELECT count(*) FROM shortage WHERE settled_at IS NULL")) == 0
    assert_true_books(shop)


def test_the_last_units_go_to_one_of_two_who_swap(shop: Shop) -> None:
    first, second = short_orders(shop, 2)
    with begin(shop.engine) as tx:
        counting.count(tx, MUG, WAREHOUSE, on_hand=3, oversell_limit=None, change=change())

    clicks = together(clicking(shop, first, Swap(MUG)), clicking(shop, second, Swap(MUG)))

    assert sorted(clicks, key=bool) == [False, True]
    assert_true_books(shop)


def test_two_who_fill_give_each_unit_once(shop: Shop) -> None:
    short_orders(shop, ROUNDS)
    with begin(shop.engine) as tx:
        counting.count(tx, TEA, WAREHOUSE, on_hand=7, oversell_limit=None, change=change())

    together(*[filling(shop)] * 4)

    with begin(shop.engine) as tx:
        given = tx.scalar(text("SELECT sum(quantity) FROM shortage WHERE state = 'filled'"))
    assert given == 7
    assert_true_books(shop)


def test_two_who_end_waits_refund_once(shop: Shop) -> None:
    orders = short_orders(shop, ROUNDS)
    for order_id in orders:
        clicking(shop, order_id, Wait(NEXT_WEEK))()
    later = NEXT_WEEK + timedelta(days=1)

    ended = together(
        *[lambda: attempt(shop.engine, lambda tx: len(end_waits(tx, now=later, at_most=50)))] * 3
    )

    assert sum(ended) == ROUNDS
    with begin(shop.engine) as tx:
        assert tx.scalar(text("SELECT count(*) FROM refund WHERE cause = 'short'")) == ROUNDS
    assert_true_books(shop)


def test_two_counts_and_two_choices_at_once_ring_no_deadlock(shop: Shop) -> None:
    orders = short_orders(shop, ROUNDS)

    def lamps(left: int) -> Callable[[], object]:
        return lambda: attempt(shop.engine, lambda tx: counted(tx, left, code=LAMP))

    for left, pair in enumerate(zip(orders[::2], orders[1::2], strict=True)):
        together(
            lamps(ROUNDS - left - 1),
            lamps(ROUNDS - left - 2),
            clicking(shop, pair[0], Refund()),
            clicking(shop, pair[1], Swap(MUG)),
        )
    assert_true_books(shop)
