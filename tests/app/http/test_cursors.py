"""Cursors continue a list and cannot be made up."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.http import cursors
from app.http.problems import Problem
from orders_core.ids import new_id

SECRET = b"a secret of this shop"


@dataclass
class Row:
    """Anything with an id."""

    id: UUID


def test_a_cursor_reads_back_as_the_id_it_was_made_of() -> None:
    last = new_id()

    assert cursors.read(SECRET, cursors.write(SECRET, last, of="orders"), of="orders") == last
    assert cursors.read(SECRET, None, of="orders") is None


def test_a_cursor_with_any_character_changed_is_refused() -> None:
    cursor = cursors.write(SECRET, new_id(), of="orders")
    for place in range(len(cursor) - 1):  # the last holds spare bits
        other = "A" if cursor[place] != "A" else "B"
        forged = cursor[:place] + other + cursor[place + 1 :]

        with pytest.raises(Problem) as refused:
            cursors.read(SECRET, forged, of="orders")
        assert (refused.value.status, refused.value.code) == (400, "bad_cursor")


@pytest.mark.parametrize("text", ["", "x", "!!!!", "é" * 10, "A" * 1000])
def test_a_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        cursors.read(SECRET, text, of="orders")


def test_a_cursor_of_another_list_or_secret_is_refused() -> None:
    cursor = cursors.write(SECRET, new_id(), of="orders")

    with pytest.raises(Problem):
        cursors.read(SECRET, cursor, of="messages")
    with pytest.raises(Problem):
        cursors.read(b"another", cursor, of="orders")


def test_a_page_says_whether_more_follow() -> None:
    rows = [Row(new_id()) for _ in range(3)]

    full = cursors.page(SECRET, rows, limit=2, of="orders")
    last = cursors.page(SECRET, rows, limit=3, of="orders")

    assert full.rows == rows[:2]
    assert cursors.read(SECRET, full.next, of="orders") == rows[1].id
    assert last.shown(lambda row: row.id)["has_more"] is False
