"""A person who kept everything finds a line of it while they type."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.inbox.shelf_store import search
from app.inbox.store import write_all
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.app.inbox.test_shelf import ANA, PLAIN

LINES = 10_000
SOON_SECONDS = 0.03


@pytest.fixture
def hoard(tx: Tx) -> Tx:
    """An inbox of 10,000 lines; 茶壶 is in the oldest alone, 青花瓷 in all, no line has 月饼."""
    titles = ["茶壶", *(f"order {number}" for number in range(1, LINES))]
    lines = [replace(PLAIN, id=new_id(), title=title, body="青花瓷 is packed") for title in titles]
    write_all(tx, lines)
    tx.execute(text("ANALYZE inbox_item"))
    return tx


def test_a_word_of_ten_thousand_lines_is_found_within_thirty_milliseconds(hoard: Tx) -> None:
    took = {
        word: min(_seconds(hoard, word) for _ in range(3)) for word in ("茶壶", "青花瓷", "月饼")
    }

    assert {word: seconds for word, seconds in took.items() if seconds > SOON_SECONDS} == {}
    assert [len(search(hoard, ANA, word)) > 0 for word in took] == [True, True, False]


def _seconds(tx: Tx, word: str) -> float:
    began = time.perf_counter()
    search(tx, ANA, word)
    return time.perf_counter() - began
