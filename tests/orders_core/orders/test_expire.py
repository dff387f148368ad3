"""Orders of ours that nobody pays end at their time, free their stock, and lose to a payment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import OrderId, new_id
from orders_core.orders.expire import expire, next_due
from orders_core.orders.order import OrderStatus
from orders_core.orders.pay import Part, pay
from orders_core.tx import Tx
from tests.buying import (
    MUG,
    TEA,
    bought,
    change,
    fill,
    level,
    moved,
    order,
    out_of_balance,
    paid,
    rows,
)
from tests.shop import MORNING, Shop
from tests.together import together

HALF_AN_HOUR = timedelta(minutes=30)
TIME_IS_UP = MORNING + HALF_AN_HOUR
A_SECOND = timedelta(seconds=1)


def ended(tx: Tx, at: datetime = TIME_IS_UP, *, at_most: int = 100) -> Sequence[OrderId]:
    return expire(tx, now=at, at_most=at_most)


def test_an_order_nobody_paid_is_cancelled_and_its_stock_is_free_again(tx: Tx) -> None:
    fill(tx, {MUG: 5, TEA: 5})
    order_id = bought(tx, (MUG, 2), (TEA, 1))

    assert ended(tx) == [order_id]

    found = order(tx, order_id)
    assert (found.status, found.cancelled_at) == (OrderStatus.CANCELLED, TIME_IS_UP)
    assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (0, 0)
    assert out_of_balance(tx) == []


def test_it_says_why_and_as_of_when_its_time_was_up_however_late_it_is_noticed(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    bought(tx, (MUG, 1))

    ended(tx, TIME_IS_UP + timedelta(hours=3))

    event = tx.execute(
        text(
            "SELECT type, change_reason, changed_by, ring, changed_at FROM history"
            " WHERE entity = 'order' ORDER BY version DESC LIMIT 1"
        )
    ).one()
    assert tuple(event) == ("order.cancelled", "unpaid", "orders.unpaid", "now", TIME_IS_UP)


def test_until_its_time_is_up_it_stands(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    order_id = bought(tx, (MUG, 1))

    assert ended(tx, TIME_IS_UP - A_SECOND) == []
    assert order(tx, order_id).status is OrderStatus.PLACED


def test_what_was_paid_shipped_or_cancelled_is_left_alone(tx: Tx) -> None:
    fill(tx, {MUG: 3})
    was_paid = paid(tx, bought(tx, (MUG, 1)))
    was_shipped = moved(tx, paid(tx, bought(tx, (MUG, 1))), OrderStatus.SHIPPED)
    was_cancelled = moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)
    before = [order(tx, one) for one in (was_paid, was_shipped, was_cancelled)]

    assert ended(tx) == []
    assert [order(tx, one) for one in (was_paid, was_shipped, was_cancelled)] == before


def test_a_mirrored_order_is_its_own_shops_business(tx: Tx) -> None:
    tx.execute(
        text(
            "INSERT INTO orders (id, number, source, person_id, status, currency, total_minor,"
            " mirrored, placed_at, changed_by, change_reason, changed_at)"
            " VALUES (:id, 7, 'youzan', :id, 'placed', 'CNY', 1, true, :at, 't', 't', :at)"
        ),
        {"id": new_id(), "at": MORNING},
    )

    assert ended(tx) == []
    assert next_due(tx, after=MORNING, until=TIME_IS_UP) is None


def test_ending_twice_is_ending_once(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    bought(tx, (MUG, 1))

    assert (len(ended(tx)), len(ended(tx))) == (1, 0)
    assert rows(tx, "outbox") == 2


def test_a_batch_takes_so_many_and_the_next_the_rest(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    for _ in range(5):
        bought(tx, (MUG, 1))

    assert [len(ended(tx, at_most=3)) for _ in range(3)] == [3, 2, 0]
    assert level(tx, MUG).reserved == 0


def test_the_next_to_end_is_named_by_its_own_time(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    bought(tx, (MUG, 1))
    ask = partial(next_due, tx)

    assert ask(after=MORNING, until=TIME_IS_UP) == TIME_IS_UP
    assert ask(after=MORNING, until=TIME_IS_UP - A_SECOND) is None
    assert ask(after=TIME_IS_UP, until=TIME_IS_UP + HALF_AN_HOUR) is None


def test_a_payment_under_way_is_not_waited_for_and_keeps_the_order(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 2})
        being_paid, other = bought(tx, (MUG, 1)), bought(tx, (MUG, 1))

    with begin(shop.engine) as paying:
        paid(paying, being_paid)
        with begin(shop.engine) as tx:
            tx.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            assert ended(tx) == [other]

    with begin(shop.engine) as tx:
        assert ended(tx) == []
        assert order(tx, being_paid).status is OrderStatus.PAID
        assert out_of_balance(tx) == []


def test_between_payments_and_the_timeout_each_order_has_one_winner(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 40, TEA: 40})
        ids = [bought(tx, (MUG, 1), (TEA, 1)) for _ in range(40)]

    def pay_all() -> int:
        won = 0
        for order_id in ids:
            with begin(shop.engine) as tx:
                won += pay(tx, order_id, f"pi-{order_id}", change=change()) is not Part.LATE
        return won

    def end_all() -> int:
        total = 0
        for _ in range(40):
            with begin(shop.engine) as tx:
                total += len(ended(tx, at_most=4))
        return total

    won, lost, more = together(pay_all, end_all, end_all)

    assert won + lost + more == 40
    with begin(shop.engine) as tx:
        assert rows(tx, "refund", "cause = 'paid_late'") == lost + more
        assert rows(tx, "orders", "payment = 'refund_due' AND status = 'cancelled'") == lost + more
        assert rows(tx, "orders", "status = 'paid'") == won
        assert level(tx, MUG).reserved == level(tx, TEA).reserved == won
        assert out_of_balance(tx) == []
