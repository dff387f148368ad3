"""Of two that wait to say how an order's payment stands, only the newer rings."""

from typing import Any

import pytest

from app.hub.catalogue import NOTICES
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, wish
from tests.cast import ANA

PAYMENT = ("payment_due", "payment_failed", "payment_confirming")


def say(tx: Tx, notice: str, order_id: OrderId, **more: Any) -> None:
    tell(tx, wish(ANA, notice, dispatch=str(new_id()), order_id=order_id, **more))


def waiting(tx: Tx) -> set[tuple[str, str]]:
    return {(row.notice, row.channel) for row in queued(tx) if row.state == "queued"}


@pytest.mark.parametrize("newer", PAYMENT)
@pytest.mark.parametrize("older", PAYMENT)
def test_newer_news_of_a_payment_takes_back_the_bells_of_older(tx: Tx, older: str, newer: str):
    enter(tx, ANA)
    order_id = OrderId(new_id())
    say(tx, older, order_id)

    say(tx, newer, order_id)

    bells = [row for row in queued(tx) if row.channel != "inapp" and row.state == "queued"]
    assert {row.notice for row in bells} == {newer}
    assert len(bells) == len(NOTICES[newer].channels) - 1


def test_the_line_in_the_inbox_and_other_orders_are_left_alone(tx: Tx):
    enter(tx, ANA)
    order_id, other = OrderId(new_id()), OrderId(new_id())
    say(tx, "payment_confirming", order_id)
    say(tx, "payment_confirming", other)

    say(tx, "payment_failed", order_id)

    old = [row for row in queued(tx) if row.notice == "payment_confirming"]
    assert {(row.order_id == other, row.channel, row.state, row.error) for row in old} == {
        (False, "inapp", "queued", None),
        (False, "email", "cancelled", "superseded"),
        (True, "inapp", "queued", None),
        (True, "email", "queued", None),
    }


def test_other_news_of_the_order_is_left_alone(tx: Tx):
    enter(tx, ANA)
    order_id = OrderId(new_id())
    say(tx, "order_placed", order_id)

    say(tx, "payment_failed", order_id)

    assert {("order_placed", "email"), ("order_placed", "inapp")} <= waiting(tx)


def test_what_nobody_is_told_of_a_trial_takes_nothing_back(tx: Tx):
    enter(tx, ANA)
    order_id = OrderId(new_id())
    say(tx, "payment_confirming", order_id)

    say(tx, "payment_failed", order_id, is_trial=True)

    assert ("payment_confirming", "email") in waiting(tx)
