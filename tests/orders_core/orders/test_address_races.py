"""Two who change where an order goes, or its invoice, at the same moment: each after the other."""

from functools import partial

import pytest

from app.db.transaction import begin
from orders_core.ids import OrderId
from orders_core.orders.address import AddressFixed, Fixed
from orders_core.orders.address_change import address_of, set_address
from orders_core.orders.invoice import Invoice
from orders_core.orders.invoice_ask import ask_invoice
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, moved, paid, rows
from tests.orders_core.orders.test_address import HOME
from tests.shop import Shop
from tests.waiting import behind


@pytest.fixture
def mine(shop: Shop) -> OrderId:
    """An order that was paid."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5})
        return paid(tx, bought(tx, (MUG, 1)))


def test_who_waits_for_a_cancellation_is_told_that_the_address_is_fixed(
    shop: Shop, mine: OrderId
) -> None:
    def readdressed(tx: Tx) -> Fixed | None:
        try:
            set_address(tx, mine, HOME, change=change())
        except AddressFixed as refused:
            return refused.because
        return None

    cancelled = partial(moved, order_id=mine, to=OrderStatus.CANCELLED)

    assert behind(shop, cancelled, readdressed) is Fixed.CANCELLED
    with begin(shop.engine) as tx:
        assert address_of(tx, [mine]) == {}


def test_the_same_address_at_the_same_moment_is_written_once(shop: Shop, mine: OrderId) -> None:
    readdressed = partial(set_address, order_id=mine, to=HOME, change=change())
    behind(shop, readdressed, readdressed)

    with begin(shop.engine) as tx:
        assert rows(tx, "ship_to") == 1


def test_the_same_invoice_at_the_same_moment_is_asked_for_once(shop: Shop, mine: OrderId) -> None:
    wanted = Invoice(title="林小雨")
    asked = partial(ask_invoice, order_id=mine, wanted=wanted, change=change())
    behind(shop, asked, asked)

    with begin(shop.engine) as tx:
        assert rows(tx, "invoice") == 1
