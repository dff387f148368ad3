"""A key belongs to whoever took it first; the others hear what was answered."""

import time

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app.db.transaction import begin
from orders_core.idempotency.store import Answered, claim, keep
from orders_core.tx import Tx
from tests.shop import Shop

PRINT = b"print of the body"


def test_a_new_key_is_ours(tx: Tx) -> None:
    assert claim(tx, "ana POST /v1/x", "k", PRINT) is None


def test_a_key_that_was_answered_brings_the_answer(tx: Tx) -> None:
    claim(tx, "s", "k", PRINT)
    keep(tx, "s", "k", status=201, answer={"id": 7})

    assert claim(tx, "s", "k", b"another") == Answered(
        fingerprint=PRINT, status=201, answer={"id": 7}
    )


def test_the_same_key_in_another_scope_is_another_key(tx: Tx) -> None:
    claim(tx, "ana POST /v1/x", "k", PRINT)

    assert claim(tx, "ben POST /v1/x", "k", PRINT) is None
    assert claim(tx, "ana POST /v1/y", "k", PRINT) is None


def test_a_key_in_other_hands_is_waited_for_a_second_at_most(shop: Shop) -> None:
    started = time.monotonic()

    with begin(shop.engine) as first:
        claim(first, "s", "k", PRINT)
        with pytest.raises(OperationalError) as refused, begin(shop.engine) as second:
            claim(second, "s", "k", PRINT)

    assert isinstance(refused.value.orig, psycopg.errors.LockNotAvailable)
    assert 0.9 < time.monotonic() - started < 3


def test_a_key_whose_transaction_failed_is_free_again(shop: Shop) -> None:
    with shop.engine.connect() as gone:
        claim(gone, "s", "k", PRINT)
        gone.rollback()

    with begin(shop.engine) as tx:
        assert claim(tx, "s", "k", PRINT) is None


def test_the_usual_patience_is_back_once_the_key_is_ours(tx: Tx) -> None:
    before = tx.exec_driver_sql("SHOW lock_timeout").scalar_one()
    claim(tx, "s", "k", PRINT)

    assert tx.exec_driver_sql("SHOW lock_timeout").scalar_one() == before == "5s"
