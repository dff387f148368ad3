"""Striped locks: many keys, few locks, one order."""

from random import Random
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.locks.stripe import (
    FAMILY,
    STRIPES,
    LockTimeout,
    hold_stripes,
    stripe_of,
    stripes_of,
)
from orders_core.tx import Tx
from tests.shop import Shop
from tests.together import together

HELD = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :family"
    " AND pid = pg_backend_pid() ORDER BY objid"
)


@given(st.lists(st.text(max_size=20), max_size=50), st.integers(1, 64))
def test_stripes_come_sorted_each_once_and_within_their_number(
    keys: list[str], stripes: int
) -> None:
    found = stripes_of(keys, stripes=stripes)

    assert found == sorted(set(found))
    assert set(found) == {stripe_of(key, stripes=stripes) for key in keys}
    assert all(0 <= stripe < stripes for stripe in found)


def test_a_keys_stripe_is_the_same_in_every_version() -> None:
    """Two versions of the program may run side by side, so these numbers are for good."""
    assert [stripe_of(key) for key in ("", "MUG", "茶")] == [180, 79, 99]


def test_ten_thousand_keys_take_no_more_locks_than_there_are_stripes(tx: Tx) -> None:
    held = hold_stripes(tx, (f"count main {number}" for number in range(10_000)))

    assert held == list(range(STRIPES)) == list(tx.scalars(HELD, {"family": FAMILY}))


def test_no_keys_take_no_lock(tx: Tx) -> None:
    assert hold_stripes(tx, []) == []


def test_the_usual_wait_is_back_once_they_are_held(tx: Tx) -> None:
    usual = tx.scalar(text("SHOW lock_timeout"))

    hold_stripes(tx, ["MUG"], wait_ms=7)

    assert tx.scalar(text("SHOW lock_timeout")) == usual


def test_who_waits_too_long_is_told_so_and_by_nobody_else(shop: Shop) -> None:
    with begin(shop.engine) as holder:
        hold_stripes(holder, ["MUG"])
        with pytest.raises(LockTimeout, match="still locked after 20 ms"), begin(shop.engine) as tx:
            hold_stripes(tx, ["TEA", "MUG"], wait_ms=20)
        with begin(shop.engine) as tx:
            assert hold_stripes(tx, ["TEA"], wait_ms=20)


def test_they_are_free_again_when_the_transaction_ends_either_way(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        hold_stripes(tx, ["MUG"])
    with shop.engine.connect() as undone:
        hold_stripes(undone, ["MUG"])
    with begin(shop.engine) as tx:
        assert hold_stripes(tx, ["MUG"], wait_ms=1)


def test_keys_in_any_order_never_deadlock(shop: Shop) -> None:
    keys = [f"sku {number}" for number in range(40)]
    rolls = [Random(seed) for seed in range(4)]  # noqa: S311 - repeatable, no secret

    def work() -> int:
        roll = rolls.pop()
        for _ in range(25):
            with begin(shop.engine) as tx:
                hold_stripes(tx, roll.sample(keys, 12), stripes=8, wait_ms=10_000)
        return 1

    assert sum(together(*[work] * 4)) == 4


def test_only_one_at_a_time_works_on_a_key(shop: Shop) -> None:
    inside = Event()

    def work() -> None:
        for _ in range(10):
            with begin(shop.engine) as tx:
                hold_stripes(tx, ["MUG"], wait_ms=10_000)
                assert not inside.is_set()
                inside.set()
                tx.execute(text("SELECT 1"))
                inside.clear()

    together(work, work, work)
