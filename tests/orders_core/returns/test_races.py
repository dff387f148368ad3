"""Returns asked for and received at the same moment: no unit comes back twice."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import attempt, begin
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.orders.place import WAREHOUSE
from orders_core.returns.receive import Came, Receipt, receive
from orders_core.returns.request import NotReturnable, Wish, decide, request
from orders_core.returns.rma import (
    Condition,
    Decision,
    IllegalReturn,
    Outcome,
    Reason,
    Return,
    Verdict,
)
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, level, move_in, moved, out_of_balance, paid
from tests.shop import Shop
from tests.together import together

UNITS = 3


@pytest.fixture
def order(shop: Shop) -> OrderId:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: UNITS})
        order_id = paid(tx, bought(tx, (MUG, UNITS)))
        moved(tx, order_id, OrderStatus.SHIPPED)
        return moved(tx, order_id, OrderStatus.DELIVERED)


def asking(shop: Shop, order_id: OrderId, units: int) -> Callable[[], Return | None]:
    wish = Wish(units={1: units}, reason=Reason.OTHER)

    def work(tx: Tx) -> Return:
        approve = Verdict(Decision.APPROVE)
        return request(tx, order_id, wish, judge=lambda _: approve, change=change("shopper"))

    def ask() -> Return | None:
        try:
            return attempt(shop.engine, work)
        except NotReturnable:
            return None

    return ask


def receiving(shop: Shop, return_id: UUID, units: int) -> Callable[[], object]:
    came = (Came(position=1, units=units, condition=Condition.UNOPENED),)
    receipt = Receipt(came, WAREHOUSE, lambda _condition, _reason: Outcome.RESTOCKED)
    work = partial(receive, return_id=return_id, receipt=receipt, change=change("dock"))
    return lambda: attempt(shop.engine, work)


def test_two_who_ask_for_the_same_units_at_once_get_them_once(shop: Shop, order: OrderId) -> None:
    asked = together(*[asking(shop, order, 2)] * 4)

    assert sum(one is not None for one in asked) == 1


def test_received_twice_at_once_comes_back_once(shop: Shop, order: OrderId) -> None:
    one = asking(shop, order, UNITS)()
    assert one is not None

    together(*[receiving(shop, one.id, UNITS)] * 4)

    with begin(shop.engine) as tx:
        assert level(tx, MUG).on_hand == UNITS
        assert tx.scalar(text("SELECT count(*) FROM refund")) == 1
        assert tx.scalar(text("SELECT count(*) FROM movement WHERE cause = 'return'")) == 1
        assert out_of_balance(tx) == []


def test_two_returns_received_at_once_make_the_order_returned(shop: Shop, order: OrderId) -> None:
    first, second = asking(shop, order, 1)(), asking(shop, order, 2)()
    assert first is not None
    assert second is not None

    together(receiving(shop, first.id, 1), receiving(shop, second.id, 2))

    with begin(shop.engine) as tx:
        assert tx.scalar(text("SELECT fulfilment FROM orders")) == "returned"
        assert tx.scalar(text("SELECT refund_minor = paid_minor FROM orders")) is True
        assert out_of_balance(tx) == []


def test_approved_and_rejected_at_once_one_wins(shop: Shop, order: OrderId) -> None:
    with begin(shop.engine) as tx:
        wish = Wish(units={1: 1}, reason=Reason.OTHER)
        one = request(tx, order, wish, change=change("shopper"))

    def deciding(decision: Decision) -> Callable[[], bool]:
        def work() -> bool:
            try:
                attempt(shop.engine, lambda tx: decide(tx, one.id, decision, change=change()))
            except IllegalReturn:
                return False
            return True

        return work

    won = together(deciding(Decision.APPROVE), deciding(Decision.REJECT))

    assert sorted(won) == [False, True]
