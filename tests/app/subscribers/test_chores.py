"""Chores: what comes due without any event, on a worker's rounds, in a drain and on a jump."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.entry.worker import Shift
from app.house import House
from app.messages.tables import message
from app.orders.door import hold_of
from app.subscribers import chores
from app.subscribers.chores import Chore, chores_of, not_by_the_clock
from app.subscribers.drain import drain
from app.subscribers.jump import jump
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from tests import poll
from tests.buying import MUG, buy, level, move_in, order, out_of_balance, paid, wish
from tests.cast import ANA
from tests.shop import MORNING, Shop

HALF_AN_HOUR = timedelta(minutes=30)


def ordered(house: House) -> OrderId:
    with begin(house.engine) as tx:
        [outcome] = buy(tx, wish((MUG, 1)), hold=hold_of(house.settings))
        assert isinstance(outcome, Placed)
        return outcome.order_id


def status_of(house: House, order_id: OrderId) -> OrderStatus:
    with begin(house.engine) as tx:
        return order(tx, order_id).status


def patient(house: House, minutes: int) -> House:
    """Return the house with another time to pay in."""
    return replace(house, settings=house.settings.model_copy(update={"unpaid_minutes": minutes}))


def test_an_order_nobody_pays_ends_after_half_an_hour_and_its_person_is_told_why(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        move_in(tx, ANA)
    order_id = ordered(house)
    drain(house)

    shop.clock.advance(HALF_AN_HOUR)
    done = drain(house)

    assert (done.chores, status_of(house, order_id)) == (1, OrderStatus.CANCELLED)
    with begin(shop.engine) as tx:
        told = tx.execute(
            select(message.c.variables).where(message.c.notice == "order_cancelled")
        ).scalars()
        said = next(iter(told))
        assert level(tx, MUG).reserved == 0
        assert out_of_balance(tx) == []
    assert said["cancel_reason"] == "unpaid"
    assert said["cancelled_at"] == (MORNING + HALF_AN_HOUR).isoformat()


def test_a_shop_that_waits_for_ever_ends_nothing(house: House, shop: Shop) -> None:
    order_id = ordered(patient(house, 0))
    shop.clock.advance(timedelta(days=3))

    drain(house)

    assert status_of(house, order_id) is OrderStatus.PLACED


def test_a_jump_stops_where_an_order_ends(house: House) -> None:
    slow = patient(house, 45)
    early, late = ordered(slow), ordered(slow)
    with begin(house.engine) as tx:
        paid(tx, late)
    living = replace(slow, clock=BusinessClock(house.engine))

    arrived = jump(living, forward=timedelta(hours=1))

    assert (status_of(house, early), status_of(house, late)) == ("cancelled", "paid")
    with begin(house.engine) as tx:
        assert order(tx, early).cancelled_at == MORNING + timedelta(minutes=45)
    assert arrived.chores == 1


def test_each_chore_has_its_worker_and_the_worker_does_it_on_its_rounds(
    house: House, shop: Shop
) -> None:
    assert "orders.unpaid" in [chore.name for chore in chores_of("fast")]
    assert "orders.unpaid" not in [chore.name for chore in chores_of("bulk")]
    order_id = ordered(house)
    shop.clock.advance(HALF_AN_HOUR)
    shift = Shift(house, "fast")

    shift.begin()
    poll.until(lambda: status_of(house, order_id) == "cancelled", within_seconds=8)
    shift.end()


def test_a_chore_that_fails_holds_up_neither_the_others_nor_the_messages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fail(_house: House, _may_go_on: Callable[[], bool]) -> int:
        raise RuntimeError("out of ideas")

    def work(_house: House, _may_go_on: Callable[[], bool]) -> int:
        done.append("worked")
        return 0

    table = (Chore("a", "bulk", fail, not_by_the_clock), Chore("b", "bulk", work, not_by_the_clock))
    monkeypatch.setattr(chores, "CHORES", table)

    Shift(house, "bulk").go_round_once()

    assert done == ["worked"]


def test_every_chore_names_a_worker_there_is_and_no_name_is_used_twice(house: House) -> None:
    known = chores_of()

    assert {chore.worker for chore in known} <= {"fast", "bulk", "slow"}
    assert len({chore.name for chore in known}) == len(known)


def test_a_drain_leaves_what_computes_for_long_to_its_worker(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def learn(_house: House, _may_go_on: Callable[[], bool]) -> int:
        done.append("learnt")
        return 0

    monkeypatch.setattr(chores, "CHORES", (Chore("a", "slow", learn, not_by_the_clock),))

    drain(house)
    assert done == []
    Shift(house, "slow").go_round_once()
    assert done == ["learnt"]
