"""Leases: one holder at a time, and who was overtaken writes nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db.transaction import begin
from orders_core.locks import lease
from orders_core.locks.lease import LeaseHeld, LeaseLost
from orders_core.tx import Tx
from tests.shop import Shop
from tests.together import together

NAME = "count cnt_1"
RUNS_OUT = text("UPDATE lease SET until = clock_timestamp() - interval '1 second'")


def held(tx: Tx, holder: str = "ana") -> int:
    return lease.take(tx, NAME, holder, seconds=60).token


def test_the_first_token_is_one_and_every_taking_makes_a_larger_one(tx: Tx) -> None:
    first = held(tx)
    tx.execute(RUNS_OUT)
    second = held(tx, "ben")
    lease.give_back(tx, NAME, second)
    third = held(tx)

    assert (first, second, third) == (1, 2, 3)


def test_nobody_else_takes_what_is_held_not_even_its_holder(tx: Tx) -> None:
    held(tx)

    for who in ("ben", "ana"):
        with pytest.raises(LeaseHeld, match="ana works on count cnt_1 until"):
            held(tx, who)


def test_a_holder_whose_time_is_over_still_writes_while_nobody_took_over(tx: Tx) -> None:
    token = held(tx)
    tx.execute(RUNS_OUT)

    lease.check(tx, NAME, token)
    lease.renew(tx, NAME, token, seconds=60)
    with pytest.raises(LeaseHeld):
        held(tx, "ben")


@pytest.mark.parametrize("write", ["check", "renew", "give_back"])
def test_a_paused_holder_is_refused_once_another_took_over(tx: Tx, write: str) -> None:
    paused = held(tx)
    tx.execute(RUNS_OUT)
    newest = held(tx, "ben")

    writes: dict[str, Callable[[], object]] = {
        "check": lambda: lease.check(tx, NAME, paused),
        "renew": lambda: lease.renew(tx, NAME, paused, seconds=60),
        "give_back": lambda: lease.give_back(tx, NAME, paused),
    }
    with pytest.raises(LeaseLost, match=f"token {paused} of {NAME} is no longer valid"):
        writes[write]()

    lease.check(tx, NAME, newest)


def test_what_was_given_back_is_nobodys(tx: Tx) -> None:
    token = held(tx)

    lease.give_back(tx, NAME, token)

    for write in (lease.check, lease.give_back):
        with pytest.raises(LeaseLost):
            write(tx, NAME, token)


def test_a_token_that_never_was_is_refused(tx: Tx) -> None:
    with pytest.raises(LeaseLost):
        lease.check(tx, NAME, 7)


def test_of_many_who_want_it_one_gets_it(shop: Shop) -> None:
    def want() -> int:
        try:
            with begin(shop.engine) as tx:
                return held(tx)
        except LeaseHeld:
            return 0

    assert sorted(together(*[want] * 5)) == [0, 0, 0, 0, 1]


def test_nobody_takes_over_between_a_check_and_its_commit(shop: Shop) -> None:
    """The write of the paused holder commits first, and the taker comes after it, never between."""
    with begin(shop.engine) as tx:
        token = held(tx)
        tx.execute(RUNS_OUT)
    with begin(shop.engine) as writer:
        lease.check(writer, NAME, token)
        with begin(shop.engine) as taker:
            taker.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                held(taker, "ben")
            taker.rollback()
