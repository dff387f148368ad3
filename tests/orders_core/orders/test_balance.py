"""The balance of a pre-order is asked for when its goods come out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.catalog import store as skus
from orders_core.events import EventType
from orders_core.ids import OrderId
from orders_core.orders import balance
from orders_core.orders.expire import expire
from orders_core.orders.order import IllegalMove, OrderStatus, Payment
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, TEA, buy, change, fill, level, order, out_of_balance, wish
from tests.shop import MORNING, Shop
from tests.stocked import RELEASE, price_in, sell_ahead
from tests.waiting import behind

HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def ahead(tx: Tx) -> Tx:
    fill(tx, {LAMP: 0, TEA: 0, MUG: 5})
    sell_ahead(tx, LAMP, 10)
    return tx


def ordered(tx: Tx, *lines: tuple[str, int]) -> OrderId:
    [outcome] = buy(tx, wish(*lines or ((LAMP, 1),)))
    assert isinstance(outcome, Placed)
    return outcome.order_id


def deposited(tx: Tx, *lines: tuple[str, int], at: datetime = MORNING) -> OrderId:
    order_id = ordered(tx, *lines)
    pay(tx, order_id, f"deposit-{order_id.hex}", change=change("gateway", at=at))
    return order_id


def ask(tx: Tx, *, now: datetime = RELEASE) -> list[OrderId]:
    return list(balance.ask(tx, now=now, at_most=100))


def test_a_balance_is_asked_for_at_the_release_and_once(ahead: Tx) -> None:
    order_id = deposited(ahead)

    assert ask(ahead, now=RELEASE - HOUR) == []
    assert ask(ahead) == [order_id]
    assert ask(ahead, now=RELEASE + HOUR) == []

    found = order(ahead, order_id)
    assert (found.payment, found.balance_until) == (Payment.DEPOSIT_PAID, RELEASE + TWO_DAYS)
    assert found.pay_until == found.balance_until
    event = history_of(ahead, order_id)[-1]
    assert (event.type, event.occurred_at) == (EventType.ORDER_BALANCE_DUE, RELEASE)
    assert out_of_balance(ahead) == []


def test_the_time_to_pay_does_not_hang_on_when_anybody_looked(ahead: Tx) -> None:
    order_id = deposited(ahead)

    ask(ahead, now=RELEASE + 5 * HOUR)

    assert order(ahead, order_id).balance_until == RELEASE + TWO_DAYS


def test_nothing_is_asked_of_who_never_paid_the_deposit(ahead: Tx) -> None:
    ordered(ahead)

    assert ask(ahead) == []


def test_a_deposit_that_comes_after_the_release_begins_the_time_to_pay(ahead: Tx) -> None:
    late = RELEASE - timedelta(minutes=10)
    [outcome] = buy(ahead, wish((LAMP, 1)), hold=late - MORNING + HOUR)
    assert isinstance(outcome, Placed)
    paid_at = RELEASE + timedelta(minutes=5)
    pay(ahead, outcome.order_id, "deposit", change=change("gateway", at=paid_at))

    ask(ahead, now=RELEASE + HOUR)

    assert order(ahead, outcome.order_id).balance_until == paid_at + TWO_DAYS


def test_deposit_then_balance_make_a_paid_order(ahead: Tx) -> None:
    order_id = deposited(ahead, (LAMP, 1), (MUG, 1))
    ask(ahead)

    pay(ahead, order_id, "balance", change=change("gateway", at=RELEASE + HOUR))

    found = order(ahead, order_id)
    assert (found.payment, found.status) == (Payment.PAID, OrderStatus.PAID)
    assert found.paid_minor == found.total_minor == 24_800


def test_a_balance_is_not_taken_before_the_release(ahead: Tx) -> None:
    order_id = deposited(ahead)

    with pytest.raises(IllegalMove, match="not due yet"):
        pay(ahead, order_id, "balance", change=change("gateway", at=RELEASE - HOUR))


def test_an_unpaid_balance_ends_the_order_at_its_time_and_frees_the_promise(ahead: Tx) -> None:
    order_id = deposited(ahead)
    ask(ahead)

    early = expire(ahead, now=RELEASE + TWO_DAYS - HOUR, at_most=9)
    ended = expire(ahead, now=RELEASE + TWO_DAYS, at_most=9)

    assert (list(early), list(ended)) == ([], [order_id])
    found = order(ahead, order_id)
    assert (found.status, found.cancelled_at) == (OrderStatus.CANCELLED, RELEASE + TWO_DAYS)
    assert level(ahead, LAMP).reserved == 0
    assert out_of_balance(ahead) == []


def test_the_units_are_held_as_long_as_the_balance_may_be_paid(ahead: Tx) -> None:
    deposited(ahead)
    before = ahead.scalar(text("SELECT expires_at FROM reservation"))
    ask(ahead)

    assert before is None
    assert ahead.scalar(text("SELECT expires_at FROM reservation")) == RELEASE + TWO_DAYS


def test_orders_follow_a_release_that_is_put_off_and_others_do_not(ahead: Tx) -> None:
    sell_ahead(ahead, TEA, 10, release_at=RELEASE + HOUR)
    lamp, tea, both = (
        deposited(ahead, (LAMP, 1)),
        deposited(ahead, (TEA, 1)),
        deposited(ahead, (LAMP, 1), (TEA, 1)),
    )
    later = RELEASE + 5 * HOUR
    sell_ahead(ahead, LAMP, 10, release_at=later)

    moved = balance.postpone(ahead, skus.id_of(ahead, LAMP), change=change("clerk"))

    assert sorted(moved) == sorted([lamp, both])
    assert [order(ahead, o).balance_from for o in (lamp, tea, both)] == [
        later,
        RELEASE + HOUR,
        later,
    ]
    assert ask(ahead, now=RELEASE + HOUR) == [tea]
    assert sorted(ask(ahead, now=later)) == sorted([lamp, both])


def test_a_balance_that_is_due_is_not_put_off(ahead: Tx) -> None:
    order_id = deposited(ahead)
    ask(ahead)
    sell_ahead(ahead, LAMP, 10, release_at=RELEASE + HOUR)

    assert list(balance.postpone(ahead, skus.id_of(ahead, LAMP), change=change())) == []
    assert order(ahead, order_id).balance_until == RELEASE + TWO_DAYS


def test_when_the_next_balance_is_due_is_known_ahead(ahead: Tx) -> None:
    assert balance.next_due(ahead, after=MORNING, until=RELEASE) is None

    deposited(ahead)

    assert balance.next_due(ahead, after=MORNING, until=RELEASE) == RELEASE
    assert balance.next_due(ahead, after=RELEASE, until=RELEASE + HOUR) is None


def test_a_price_list_order_pays_its_deposit_in_the_lists_currency(ahead: Tx) -> None:
    price_in(ahead, "EU", "EUR", {LAMP: 2_999})
    [outcome] = buy(ahead, replace(wish((LAMP, 1)), price_list="EU"))

    assert isinstance(outcome, Placed)
    assert (outcome.deposit_minor, outcome.currency) == (754, "EUR")


def test_an_order_in_other_hands_is_left_for_the_next_look(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 10)
        free, taken = deposited(tx), deposited(tx)

    with begin(shop.engine) as clerk:
        clerk.execute(text("SELECT 1 FROM orders WHERE id = :id FOR UPDATE"), {"id": taken})
        with begin(shop.engine) as tx:
            first = ask(tx)
    with begin(shop.engine) as tx:
        then = ask(tx)

    assert (first, then) == ([free], [taken])


def test_a_release_put_off_while_its_balance_is_asked_for_leaves_the_order_due(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {LAMP: 0})
        sell_ahead(tx, LAMP, 10)
        order_id = deposited(tx)

    def put_off(tx: Tx) -> list[OrderId]:
        sell_ahead(tx, LAMP, 10, release_at=RELEASE + HOUR)
        return list(balance.postpone(tx, skus.id_of(tx, LAMP), change=change("clerk")))

    assert behind(shop, ask, put_off) == []

    with begin(shop.engine) as tx:
        found = order(tx, order_id)
        assert (found.balance_from, found.balance_until) == (RELEASE, RELEASE + TWO_DAYS)
