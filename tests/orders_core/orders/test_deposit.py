"""A pre-order is paid in two parts: its deposit holds the goods, its balance pays for them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from orders_core.ids import OrderId
from orders_core.orders import refund
from orders_core.orders.cancel import cancel_units
from orders_core.orders.expire import expire
from orders_core.orders.moves import Reason
from orders_core.orders.order import (
    Cause,
    IllegalMove,
    OrderStatus,
    Payment,
    PaymentConflict,
)
from orders_core.orders.pay import Part, pay
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import (
    LAMP,
    bought,
    change,
    fill,
    level,
    moved,
    order,
    out_of_balance,
    rows,
)
from tests.shop import MORNING

DEPOSIT, PRICE = 5_000, 2 * 19_900
BALANCE_FROM, BALANCE_UNTIL = MORNING + timedelta(days=10), MORNING + timedelta(days=12)


def preordered(tx: Tx) -> OrderId:
    """Buy two lamps with a deposit; the balance is due between two days."""
    fill(tx, {LAMP: 9})
    order_id = bought(tx, (LAMP, 2))
    terms = {"deposit": DEPOSIT, "begin": BALANCE_FROM, "end": BALANCE_UNTIL}
    setting = (
        "UPDATE orders SET deposit_minor = :deposit, balance_from = :begin, balance_until = :end"
    )
    tx.execute(text(setting), terms)
    return order_id


def pays(
    tx: Tx, order_id: OrderId, reference: str, *, at: datetime = MORNING, amount: int | None = None
) -> Part:
    said = change("gateway", why="paid", at=at)
    return pay(tx, order_id, reference, change=said, amount_minor=amount)


def deposited(tx: Tx) -> OrderId:
    order_id = preordered(tx)
    pays(tx, order_id, "pi_1")
    return order_id


@pytest.mark.parametrize("amount", [None, DEPOSIT])
def test_the_deposit_comes_first_and_holds_the_goods_until_the_balance_is_due(
    tx: Tx, amount: int | None
) -> None:
    order_id = preordered(tx)

    assert pays(tx, order_id, "pi_1", amount=amount) is Part.DEPOSIT

    found = order(tx, order_id)
    assert (found.status, found.payment) == (OrderStatus.PLACED, Payment.DEPOSIT_PAID)
    assert (found.paid_minor, found.paid_at) == (DEPOSIT, None)
    assert found.pay_until == BALANCE_UNTIL
    assert rows(tx, "reservation", f"expires_at = '{BALANCE_UNTIL}'") == 1
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("amount", [None, PRICE - DEPOSIT])
def test_the_balance_makes_it_a_paid_order(tx: Tx, amount: int | None) -> None:
    order_id = deposited(tx)

    assert pays(tx, order_id, "pi_2", at=BALANCE_FROM, amount=amount) is Part.BALANCE

    found = order(tx, order_id)
    assert (found.status, found.payment, found.paid_minor) == ("paid", "paid", PRICE)
    assert (found.paid_at, found.pay_until) == (BALANCE_FROM, None)
    assert rows(tx, "reservation", "expires_at IS NULL") == 1
    told = [str(event.type) for event in history_of(tx, order_id)]
    assert (told.count("order.deposit_paid"), told.count("order.paid")) == (1, 1)
    assert out_of_balance(tx) == []


def test_the_whole_price_may_come_at_once(tx: Tx) -> None:
    order_id = preordered(tx)

    assert pays(tx, order_id, "pi_1", amount=PRICE) is Part.WHOLE

    assert order(tx, order_id).paid_minor == PRICE


@pytest.mark.parametrize("reference", ["pi_1", "pi_2"])
def test_each_word_of_the_gateway_counts_once(tx: Tx, reference: str) -> None:
    order_id = deposited(tx)
    pays(tx, order_id, "pi_2", at=BALANCE_FROM)
    before = (order(tx, order_id), rows(tx, "outbox"))

    pays(tx, order_id, reference, at=BALANCE_FROM)

    assert (order(tx, order_id), rows(tx, "outbox")) == before
    assert rows(tx, "payment") == 2


@pytest.mark.parametrize("amount", [1, DEPOSIT - 1, PRICE - DEPOSIT, PRICE + 1])
def test_an_amount_that_is_not_due_is_refused(tx: Tx, amount: int) -> None:
    order_id = preordered(tx)

    with pytest.raises(
        PaymentConflict, match=f"5000 or 39800 CNY minor units are due, not {amount}"
    ):
        pays(tx, order_id, "pi_1", amount=amount)

    assert rows(tx, "payment") == 0


def test_the_balance_is_not_taken_before_it_is_due(tx: Tx) -> None:
    order_id = deposited(tx)

    with pytest.raises(IllegalMove, match="its balance is not due yet; pay from balance_from on"):
        pays(tx, order_id, "pi_2", at=BALANCE_FROM - timedelta(seconds=1))


def test_an_order_that_has_only_its_deposit_does_not_leave(tx: Tx) -> None:
    order_id = deposited(tx)

    with pytest.raises(IllegalMove, match="it is not paid in full"):
        moved(tx, order_id, OrderStatus.SHIPPED)


def test_a_balance_that_never_comes_ends_the_order_and_its_deposit_goes_back(tx: Tx) -> None:
    order_id = deposited(tx)

    assert expire(tx, now=BALANCE_UNTIL - timedelta(seconds=1), at_most=10) == []
    assert expire(tx, now=BALANCE_UNTIL, at_most=10) == [order_id]

    found = order(tx, order_id)
    assert (found.status, found.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
    assert found.cancelled_at == BALANCE_UNTIL
    [back] = refund.of_order(tx, order_id)
    assert (back.amount_minor, back.cause) == (DEPOSIT, Cause.CANCELLED)
    assert level(tx, LAMP).reserved == 0
    assert out_of_balance(tx) == []


def test_a_balance_that_comes_late_goes_back_beside_the_deposit(tx: Tx) -> None:
    order_id = deposited(tx)

    assert pays(tx, order_id, "pi_2", at=BALANCE_UNTIL) is Part.LATE

    amounts = {back.cause: back.amount_minor for back in refund.of_order(tx, order_id)}
    assert amounts == {Cause.CANCELLED: DEPOSIT, Cause.PAID_LATE: PRICE - DEPOSIT}
    found = order(tx, order_id)
    assert (found.paid_minor, found.refund_minor) == (PRICE, PRICE)
    assert out_of_balance(tx) == []


def test_a_smaller_order_owes_a_smaller_balance(tx: Tx) -> None:
    order_id = deposited(tx)

    cancel_units(tx, order_id, {1: 1}, reason=Reason.CHANGED_MIND, change=change())

    assert order(tx, order_id).payment is Payment.DEPOSIT_PAID
    assert refund.of_order(tx, order_id) == []
    pays(tx, order_id, "pi_2", at=BALANCE_FROM, amount=19_900 - DEPOSIT)
    assert order(tx, order_id).paid_minor == 19_900
    assert out_of_balance(tx) == []


def test_a_deposit_that_covers_what_is_left_has_paid_it(tx: Tx) -> None:
    fill(tx, {LAMP: 9})
    order_id = bought(tx, (LAMP, 2))
    tx.execute(text("UPDATE orders SET deposit_minor = 25000"))
    pays(tx, order_id, "pi_1")

    cancel_units(tx, order_id, {1: 1}, reason=Reason.CHANGED_MIND, change=change())

    found = order(tx, order_id)
    assert (found.status, found.payment, found.refund_minor) == ("paid", "paid", 25_000 - 19_900)
    assert (found.paid_at, found.pay_until) == (MORNING, None)
    assert rows(tx, "reservation", "state = 'held' AND expires_at IS NOT NULL") == 0
    assert out_of_balance(tx) == []
