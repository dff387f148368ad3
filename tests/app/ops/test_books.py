"""Each promise about messages is found broken when it is."""

import re
from pathlib import Path

import pytest

from app.ops.books import check, promises
from orders_core.books.check import balanced
from orders_core.books.promise import Invariant
from orders_core.books.run import AT_NIGHT
from orders_core.tx import Tx
from tests.scene import set_scene
from tests.shop import MORNING


@pytest.fixture
def furnished(tx: Tx) -> Tx:
    """A shop whose books balance."""
    set_scene(tx, MORNING)
    return tx


def broken(tx: Tx) -> set[str]:
    return {name for name, holds in balanced(check(tx)).items() if not holds}


def test_the_books_of_a_sound_shop_balance(furnished: Tx) -> None:
    assert broken(furnished) == set()


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("DELETE FROM message WHERE notice = 'order_placed'", "verdicts_have_messages"),
        ("UPDATE message SET verdict_id = id", "messages_have_verdicts"),
        ("DELETE FROM told", "told_matches_verdicts"),
        ("DELETE FROM inbox_item", "inbox_holds_what_was_sent"),
        ("UPDATE message SET settled_at = NULL WHERE state = 'sent'", "messages_settle"),
        (
            "UPDATE message SET state = 'sending', settled_at = NULL,"
            " not_before = clock_timestamp() - interval '1 hour'",
            "messages_settle",
        ),
        (
            "UPDATE message SET state = 'sent', settled_at = queued_at WHERE channel = 'sms'",
            "bells_wait",
        ),
        ("UPDATE verdict SET order_id = NULL", "events_have_verdicts"),
        ("UPDATE message SET channel = 'email', address = 'x'", "one_message_an_address"),
    ],
)
def test_what_breaks_a_promise_is_counted_against_it(furnished: Tx, damage: str, name: str) -> None:
    furnished.exec_driver_sql(damage)

    assert name in broken(furnished)


def test_news_that_may_not_ring_needs_no_verdict(furnished: Tx) -> None:
    furnished.exec_driver_sql("DELETE FROM message")
    furnished.exec_driver_sql("DELETE FROM told")
    furnished.exec_driver_sql("DELETE FROM verdict")
    assert "events_have_verdicts" in broken(furnished)

    furnished.exec_driver_sql("UPDATE history SET ring = 'never'")
    assert "events_have_verdicts" not in broken(furnished)


def asked(promise: Invariant) -> str:
    if promise.about == AT_NIGHT:
        return "night"
    return "what changed" if promise.has_steps else "all"


def test_the_page_about_the_books_says_of_every_promise_what_its_query_says() -> None:
    page = Path("docs/books.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \| ([\w ]+) \|$", page, re.MULTILINE)
    assert rows == [(one.name, one.about, one.says, asked(one)) for one in promises()]
