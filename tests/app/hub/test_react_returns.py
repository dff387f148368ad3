"""A return is told as far as it is: nobody is asked to send back what has come."""

import pytest

from app.hub.release import retract
from app.hub.verdict import Because
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.orders.place import WAREHOUSE
from orders_core.returns.receive import Came, Receipt, receive
from orders_core.returns.request import Wish, request
from orders_core.returns.rma import Condition, Decision, Outcome, Payer, Reason, Return, Verdict
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued
from tests.app.hub.telling import events_of, hear
from tests.buying import MUG, bought, change, fill, moved, paid
from tests.cast import ANA
from tests.shop import MORNING


@pytest.fixture
def approved(tx: Tx) -> Return:
    """A return of one of Ana's mugs, which she may send."""
    enter(tx, ANA)
    fill(tx, {MUG: 9})
    order_id = moved(tx, paid(tx, bought(tx, (MUG, 2))), OrderStatus.SHIPPED)
    moved(tx, order_id, OrderStatus.DELIVERED)
    wish = Wish(units={1: 1}, reason=Reason.CHANGED_MIND)
    return request(
        tx,
        order_id,
        wish,
        judge=lambda _facts: Verdict(Decision.APPROVE, Payer.SHOP, 100),
        change=change("shopper"),
    )


def came(tx: Tx, one: Return) -> None:
    goods = [Came(position=1, units=1, condition=Condition.UNOPENED)]
    receipt = Receipt(goods, WAREHOUSE, lambda _condition, _reason: Outcome.RESTOCKED)
    receive(tx, one.id, receipt, change=change())


def test_goods_that_came_are_not_told_that_they_may(tx: Tx, approved: Return):
    came(tx, approved)

    told = hear(tx, events_of(tx, approved.id))

    assert told == {"return_approved": Because.SUPERSEDED, "return_received": None}


def test_goods_that_come_retract_the_letter_that_said_they_may(tx: Tx, approved: Return):
    hear(tx, events_of(tx, approved.id))
    order_id = OrderId(approved.order_id)
    assert retract(tx, [order_id], now=MORNING) == 0

    came(tx, approved)
    retract(tx, [order_id], now=MORNING)

    ended = {(row.channel, row.state) for row in queued(tx) if row.notice == "return_approved"}
    assert ended == {("email", "cancelled"), ("inapp", "queued")}
