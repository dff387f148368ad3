"""An inbox: written once, read by page, marked by its own person only."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.hub.catalogue import NOTICES, Kind
from app.inbox.bundle import ANNOUNCEMENTS
from app.inbox.item import Folder, Item, Mark
from app.inbox.shelf_store import bundles, unread_count
from app.inbox.store import mark, mark_bundle, page, take_back, write
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.shop import MORNING

ANA, BEN = PersonId(new_id()), PersonId(new_id())
LATER = MORNING + timedelta(hours=1)


def arrive(tx: Tx, who: PersonId = ANA, *, title: str = "t", item_id: UUID | None = None) -> UUID:
    item = Item(
        id=item_id or new_id(),
        person_id=who,
        order_id=None,
        notice="order_paid",
        title=title,
        body="b",
        arrived_at=MORNING,
    )
    write(tx, item)
    return item.id


def test_a_message_that_arrives_twice_is_there_once(tx: Tx) -> None:
    first = arrive(tx, title="first")
    arrive(tx, title="second", item_id=first)

    (item,) = page(tx, ANA)
    assert item.title == "first"


def test_an_inbox_is_read_newest_first_page_by_page(tx: Tx) -> None:
    ids = [arrive(tx) for _ in range(5)]

    first = page(tx, ANA, at_most=2)
    rest = page(tx, ANA, at_most=9, after=first[-1].id)

    assert [item.id for item in [*first, *rest]] == ids[::-1]


def test_nobody_sees_the_inbox_of_another(tx: Tx) -> None:
    arrive(tx, BEN)

    assert page(tx, ANA) == []
    assert unread_count(tx, ANA, now=LATER) == 0


def test_reading_is_seeing_too_and_the_first_time_stands(tx: Tx) -> None:
    item = arrive(tx)

    assert mark(tx, ANA, [item], Mark.READ, now=MORNING) == 1
    assert mark(tx, ANA, [item], Mark.READ, now=LATER) == 1

    (found,) = page(tx, ANA)
    assert (found.seen_at, found.read_at, found.archived_at) == (MORNING, MORNING, None)


def test_what_is_only_seen_is_still_unread(tx: Tx) -> None:
    item = arrive(tx)
    arrive(tx)

    mark(tx, ANA, [item], Mark.SEEN, now=MORNING)
    assert unread_count(tx, ANA, now=LATER) == 2

    mark(tx, ANA, [item], Mark.READ, now=MORNING)
    assert unread_count(tx, ANA, now=LATER) == 1


def test_what_is_put_away_leaves_the_inbox_and_the_count(tx: Tx) -> None:
    item = arrive(tx)

    mark(tx, ANA, [item], Mark.ARCHIVED, now=LATER)

    assert page(tx, ANA) == []
    assert [one.archived_at for one in page(tx, ANA, archived=True)] == [LATER]
    assert unread_count(tx, ANA, now=LATER) == 0


@pytest.mark.parametrize("as_", list(Mark))
def test_nobody_marks_the_items_of_another(tx: Tx, as_: Mark) -> None:
    item = arrive(tx, BEN)

    assert mark(tx, ANA, [item], as_, now=MORNING) == 0

    (found,) = page(tx, BEN)
    assert (found.seen_at, found.read_at, found.archived_at) == (None, None, None)


def test_marking_nothing_is_no_error(tx: Tx) -> None:
    assert mark(tx, ANA, [], Mark.READ, now=MORNING) == 0


def about(tx: Tx, order_id: UUID, who: PersonId = ANA) -> UUID:
    """Put a line about an order into an inbox."""
    item = Item(
        id=new_id(),
        person_id=who,
        order_id=order_id,
        notice="order_paid",
        title="t",
        body="b",
        arrived_at=MORNING,
    )
    write(tx, item)
    return item.id


def test_an_order_is_one_bundle_and_the_freshest_bundle_comes_first(tx: Tx) -> None:
    kettle, lamp = new_id(), new_id()
    first, second, third, fourth = (about(tx, one) for one in (kettle, lamp, lamp, kettle))
    alone = arrive(tx)

    found = bundles(tx, ANA, Folder.INBOX, now=LATER)

    assert [[line.id for line in one.lines] for one in found] == [
        [alone],
        [fourth, first],
        [third, second],
    ]


def test_bundles_come_page_by_page_and_whole(tx: Tx) -> None:
    orders = [new_id() for _ in range(3)]
    lines = [about(tx, order_id) for order_id in (*orders, *orders)]

    (first,) = bundles(tx, ANA, Folder.INBOX, now=LATER, at_most=1)
    rest = bundles(tx, ANA, Folder.INBOX, now=LATER, at_most=9, after=first.newest.id)

    assert [line.id for line in first.lines] == [lines[5], lines[2]]
    assert [[line.id for line in one.lines] for one in rest] == [
        [lines[4], lines[1]],
        [lines[3], lines[0]],
    ]


def test_a_bundle_that_was_put_away_stays_away_when_news_comes(tx: Tx) -> None:
    kettle = new_id()
    old = about(tx, kettle)
    mark_bundle(tx, ANA, old, Mark.ARCHIVED, now=MORNING)
    new = about(tx, kettle)

    (here,), (away,) = (
        bundles(tx, ANA, Folder.INBOX, now=LATER),
        bundles(tx, ANA, Folder.AWAY, now=LATER),
    )
    assert ([line.id for line in here.lines], [line.id for line in away.lines]) == ([new], [old])

    assert take_back(tx, ANA, old) == 1
    assert [len(one.lines) for one in bundles(tx, ANA, Folder.INBOX, now=LATER)] == [2]


def test_nobody_marks_or_takes_back_the_bundle_of_another(tx: Tx) -> None:
    kettle = new_id()
    hers = about(tx, kettle, BEN)

    assert mark_bundle(tx, ANA, hers, Mark.ARCHIVED, now=MORNING) == 0
    mark_bundle(tx, BEN, hers, Mark.ARCHIVED, now=MORNING)
    assert take_back(tx, ANA, hers) == 0


def test_what_the_inbox_keeps_apart_is_what_advertises() -> None:
    """The inbox knows no catalogue, so it keeps the names itself."""
    assert {name for name, one in NOTICES.items() if one.kind is Kind.MARKETING} == ANNOUNCEMENTS
