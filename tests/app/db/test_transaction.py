"""The edge: what it commits, what it takes back, and what it tries again."""

import threading
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.db.engine import make_engine
from app.db.transaction import Isolation, attempt, begin, sqlstate
from app.errors import ConfigError, EngineUnreachable
from orders_core.tx import Tx
from tests.shop import Shop
from tests.together import together


@pytest.fixture
def notes(shop: Shop) -> Shop:
    with begin(shop.engine) as tx:
        tx.execute(text("CREATE TABLE note (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)"))
        tx.execute(text("INSERT INTO note (id) VALUES (1), (2)"))
    return shop


def total(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return int(tx.execute(text("SELECT sum(n) FROM note")).scalar_one())


def bump(tx: Tx, note: int) -> None:
    tx.execute(text("UPDATE note SET n = n + 1 WHERE id = :id"), {"id": note})


def test_a_block_that_raises_leaves_nothing(notes: Shop):
    with pytest.raises(IntegrityError), begin(notes.engine) as tx:
        tx.execute(text("UPDATE note SET n = 7; INSERT INTO note (id) VALUES (1)"))

    assert total(notes) == 0


def test_of_two_in_a_deadlock_both_get_through_and_each_counts_once(notes: Shop):
    meeting = threading.Barrier(2)

    def both(first: int, second: int) -> None:
        is_first_try = True

        def work(tx: Tx) -> None:
            nonlocal is_first_try
            bump(tx, first)
            if is_first_try:
                is_first_try = False
                meeting.wait(timeout=10)
            bump(tx, second)

        attempt(notes.engine, work)

    threads = [threading.Thread(target=both, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert total(notes) == 4


def test_a_serialization_failure_is_tried_five_times_and_then_told(notes: Shop):
    tries = 0

    def work(tx: Tx) -> None:
        nonlocal tries
        tries += 1
        bump(tx, 1)
        tx.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    with pytest.raises(DBAPIError) as told:
        attempt(notes.engine, work)

    assert sqlstate(told.value) == "40001"
    assert tries == 5
    assert total(notes) == 0


def closes_one_of_two(shop: Shop, isolation: Isolation | None) -> list[int]:
    """Let two close a note each, if the other is open: each looks before either writes."""
    meeting = threading.Barrier(2)

    def close(own: int) -> int:
        is_first_try = True

        def work(tx: Tx) -> int:
            nonlocal is_first_try
            is_open = int(tx.execute(text("SELECT count(*) FROM note WHERE n = 0")).scalar_one())
            if is_first_try:
                is_first_try = False
                meeting.wait(timeout=10)
            if is_open > 1:
                bump(tx, own)
            return is_open

        return attempt(shop.engine, work, isolation=isolation)

    return together(partial(close, 1), partial(close, 2))


@pytest.mark.parametrize("isolation", [None, "REPEATABLE READ"])
def test_below_serializable_two_rows_break_a_rule_that_spans_them(
    notes: Shop, isolation: Isolation | None
):
    assert closes_one_of_two(notes, isolation) == [2, 2]
    assert total(notes) == 2


def test_at_serializable_the_second_is_tried_again_and_sees_the_first(notes: Shop):
    assert sorted(closes_one_of_two(notes, "SERIALIZABLE")) == [1, 2]
    assert total(notes) == 1


def test_a_level_asked_for_once_does_not_stay_with_the_session(shop: Shop):
    engine = make_engine(shop.url, pool_size=1)
    shown = text("SHOW transaction_isolation")

    found = [
        attempt(engine, lambda tx: tx.execute(shown).scalar_one(), isolation=isolation)
        for isolation in ("SERIALIZABLE", None, "REPEATABLE READ", None)
    ]

    engine.dispose()
    assert found == ["serializable", "read committed", "repeatable read", "read committed"]


def test_another_fault_is_not_tried_again(notes: Shop):
    tries = 0

    def work(tx: Tx) -> None:
        nonlocal tries
        tries += 1
        tx.execute(text("INSERT INTO note (id) VALUES (1)"))

    with pytest.raises(IntegrityError):
        attempt(notes.engine, work)

    assert tries == 1


def test_a_statement_that_takes_too_long_is_ended(shop: Shop):
    engine = make_engine(shop.url, statement_seconds=0.05)
    with pytest.raises(OperationalError, match="statement timeout"), begin(engine) as tx:
        tx.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


def test_every_session_lives_in_utc_and_under_limits(tx: Tx):
    names = ("TimeZone", "lock_timeout", "idle_in_transaction_session_timeout")

    found = [tx.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    assert found == ["UTC", "5s", "1min"]


def test_a_database_that_is_not_there_is_one_line_with_host_and_port():
    engine = make_engine("postgresql://ana:secret@127.0.0.1:1/shop")

    with pytest.raises(EngineUnreachable) as told, begin(engine):
        pass

    assert str(told.value) == "cannot reach PostgreSQL at 127.0.0.1:1 (refused)"


@pytest.mark.parametrize("url", [None, "", "mysql://db/shop", "not an address"])
def test_an_address_of_another_engine_is_refused(url: str | None):
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        make_engine(url)
