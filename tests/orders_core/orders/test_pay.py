"""The gateway's word: heard once, for one order; what comes too late goes back."""

from functools import partial

import pytest

from app.db.transaction import begin
from orders_core.errors import NotFound
from orders_core.ids import OrderId, new_id
from orders_core.orders import refund
from orders_core.orders.order import (
    Cause,
    IllegalMove,
    OrderStatus,
    Payment,
    PaymentConflict,
)
from orders_core.tx import Tx
from tests.buying import MUG, bought, fill, moved, order, out_of_balance, paid, rows
from tests.shop import MORNING, Shop
from tests.together import together


def test_a_paid_order_carries_the_gateways_reference(tx: Tx) -> None:
    fill(tx, {MUG: 1})

    found = order(tx, paid(tx, bought(tx, (MUG, 1)), "pi_1"))

    assert (found.status, found.payment_reference) == (OrderStatus.PAID, "pi_1")
    assert (found.paid_at, found.version) == (MORNING, 2)


@pytest.mark.parametrize("since", [[], [OrderStatus.SHIPPED], [OrderStatus.CANCELLED]])
def test_the_same_word_again_changes_nothing_whatever_came_since(
    tx: Tx, since: list[OrderStatus]
) -> None:
    fill(tx, {MUG: 1})
    order_id = paid(tx, bought(tx, (MUG, 1)), "pi_1")
    for status in since:
        moved(tx, order_id, status)
    before = (order(tx, order_id), rows(tx, "outbox"))

    paid(tx, order_id, "pi_1")

    assert (order(tx, order_id), rows(tx, "outbox")) == before


def test_a_second_payment_of_one_order_is_a_conflict(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    order_id = paid(tx, bought(tx, (MUG, 1)), "pi_1")

    with pytest.raises(PaymentConflict, match="paid with another reference"):
        paid(tx, order_id, "pi_2")


def test_one_payment_pays_one_order(tx: Tx) -> None:
    fill(tx, {MUG: 2})
    paid(tx, bought(tx, (MUG, 1)), "pi_1")
    other = bought(tx, (MUG, 1))

    with pytest.raises(PaymentConflict, match="this reference paid another order"):
        paid(tx, other, "pi_1")


def test_nobodys_order_cannot_be_paid(tx: Tx) -> None:
    with pytest.raises(NotFound):
        paid(tx, OrderId(new_id()))


def test_a_payment_that_meets_a_cancellation_comes_before_it_or_goes_back(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 40})
        orders = [bought(tx, (MUG, 1)) for _ in range(20)]

    for order_id in orders:
        both = together(
            partial(_goes, shop, order_id, OrderStatus.PAID),
            partial(_goes, shop, order_id, OrderStatus.CANCELLED),
        )
        # A paid order may still be cancelled; either way its money is asked back, once.
        assert both == [True, True]
        with begin(shop.engine) as tx:
            found = order(tx, order_id)
            assert (found.status, found.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
            assert (found.paid_minor, found.refund_minor) == (4_900, 4_900)
            [back] = refund.of_order(tx, order_id)
            is_late = found.paid_at is None
            assert back.cause is (Cause.PAID_LATE if is_late else Cause.CANCELLED)

    with begin(shop.engine) as tx:
        assert out_of_balance(tx) == []


def _goes(shop: Shop, order_id: OrderId, to: OrderStatus) -> bool:
    try:
        with begin(shop.engine) as tx:
            paid(tx, order_id) if to is OrderStatus.PAID else moved(tx, order_id, to)
    except IllegalMove:
        return False
    return True


def test_shipping_and_cancellation_at_the_same_moment_have_exactly_one_winner(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 40})
        orders = [paid(tx, bought(tx, (MUG, 1))) for _ in range(20)]

    for order_id in orders:
        winners = together(
            partial(_goes, shop, order_id, OrderStatus.SHIPPED),
            partial(_goes, shop, order_id, OrderStatus.CANCELLED),
        )
        assert sorted(winners) == [False, True]

    with begin(shop.engine) as tx:
        assert out_of_balance(tx) == []


def test_one_payment_for_two_orders_at_the_same_moment_pays_one(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 2})
        orders = [bought(tx, (MUG, 1)), bought(tx, (MUG, 1))]

    def pays(order_id: OrderId) -> bool:
        try:
            with begin(shop.engine) as tx:
                paid(tx, order_id, "pi_1")
        except PaymentConflict:
            return False
        return True

    assert sorted(together(*[partial(pays, one) for one in orders])) == [False, True]
    with begin(shop.engine) as tx:
        assert rows(tx, "orders", "status = 'paid'") == 1
