"""What lies where: urgent things first, what is put off away till then, what is past no news."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.inbox.item import Folder, Item, Mark
from app.inbox.later import tomorrow_at_nine
from app.inbox.shelf_store import bundles, items, lifted, search, unread
from app.inbox.store import (
    bring_back,
    mark,
    mark_all,
    put_off,
    snooze,
    take_back,
    unread_again,
    write,
    write_all,
)
from app.inbox.terms import terms_of
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.shop import MORNING

ANA, BEN = PersonId(new_id()), PersonId(new_id())
NOON, EVENING = MORNING + timedelta(hours=4), MORNING + timedelta(hours=10)
PLAIN = Item(
    id=new_id(),
    person_id=ANA,
    order_id=None,
    notice="order_paid",
    title="t",
    body="b",
    arrived_at=MORNING,
)


def arrive(tx: Tx, **what: object) -> UUID:
    item = replace(PLAIN, id=new_id(), **what)  # type: ignore[arg-type]
    write(tx, item)
    return item.id


def faces(tx: Tx, folder: Folder = Folder.INBOX, *, now: datetime = MORNING) -> list[UUID]:
    """Return the lines on top, as a page shows them."""
    found = [*lifted(tx, ANA, folder, now=now), *bundles(tx, ANA, folder, now=now)]
    return [bundle.newest.id for bundle in found]


def test_what_cannot_wait_comes_first_until_it_is_read(tx: Tx) -> None:
    urgent, later = arrive(tx, is_urgent=True), arrive(tx)
    assert faces(tx) == [urgent, later]

    mark(tx, ANA, [urgent], Mark.SEEN, now=MORNING)
    assert faces(tx) == [urgent, later]

    mark(tx, ANA, [urgent], Mark.READ, now=MORNING)
    assert faces(tx) == [later, urgent]


def test_what_cannot_wait_is_lifted_out_of_its_place_and_shown_once(tx: Tx) -> None:
    kettle = new_id()
    arrive(tx, order_id=kettle, is_urgent=True)
    face = arrive(tx, order_id=kettle)
    others = [arrive(tx) for _ in range(3)]

    assert faces(tx) == [face, *others[::-1]]
    (ahead,) = lifted(tx, ANA, Folder.INBOX, now=MORNING)
    assert (len(ahead.lines), ahead.is_urgent) == (2, True)


def test_what_is_put_off_is_away_and_comes_back_first_as_new(tx: Tx) -> None:
    first, second = arrive(tx), arrive(tx)
    mark(tx, ANA, [first], Mark.READ, now=MORNING)
    assert snooze(tx, ANA, first, until=NOON) == 1

    assert faces(tx) == [second]
    assert faces(tx, Folder.SNOOZED) == [first]
    assert unread(tx, ANA, now=MORNING)[Folder.INBOX] == 1

    assert faces(tx, now=NOON) == [first, second]
    assert faces(tx, Folder.SNOOZED, now=NOON) == []
    assert unread(tx, ANA, now=NOON)[Folder.INBOX] == 2
    (back,) = lifted(tx, ANA, Folder.INBOX, now=NOON)
    assert back.is_fresh(NOON)


def test_what_is_put_off_can_be_taken_back_at_once(tx: Tx) -> None:
    one, other = arrive(tx), arrive(tx)
    assert put_off(tx, ANA, [one, other], until=NOON) == 2

    assert take_back(tx, ANA, one) == 1
    assert faces(tx) == [one]
    assert bring_back(tx, ANA, [other]) == 1
    assert faces(tx) == [other, one]


def test_what_was_put_away_is_not_put_off(tx: Tx) -> None:
    item = arrive(tx)
    mark(tx, ANA, [item], Mark.ARCHIVED, now=MORNING)

    assert snooze(tx, ANA, item, until=NOON) == 0
    assert faces(tx, Folder.AWAY, now=EVENING) == [item]
    assert faces(tx, now=EVENING) == []


def test_what_is_past_is_there_and_no_news(tx: Tx) -> None:
    item = arrive(tx, is_urgent=True, expires_at=NOON)
    assert unread(tx, ANA, now=MORNING)[Folder.INBOX] == 1
    assert len(lifted(tx, ANA, Folder.INBOX, now=MORNING)) == 1

    assert faces(tx, now=NOON) == [item]
    assert unread(tx, ANA, now=NOON)[Folder.INBOX] == 0
    assert lifted(tx, ANA, Folder.INBOX, now=NOON) == []
    (bundle,) = bundles(tx, ANA, Folder.INBOX, now=NOON)
    assert bundle.newest.is_past(NOON)
    assert not bundle.is_fresh(NOON)


def test_each_folder_counts_and_holds_its_own(tx: Tx) -> None:
    of_order = arrive(tx, order_id=new_id())
    other = arrive(tx)
    offer = arrive(tx, notice="announcement")

    assert faces(tx, Folder.ORDERS) == [of_order]
    assert faces(tx, Folder.OTHER) == [other]
    assert faces(tx, Folder.SHOP) == [offer]
    assert faces(tx) == [other, of_order]
    assert unread(tx, ANA, now=MORNING) == {
        Folder.INBOX: 2,
        Folder.ORDERS: 1,
        Folder.OTHER: 1,
        Folder.SHOP: 1,
    }


def test_to_read_all_of_a_folder_leaves_the_others_alone(tx: Tx) -> None:
    arrive(tx, order_id=new_id())
    last = arrive(tx)

    assert mark_all(tx, ANA, Folder.ORDERS, up_to=last, as_=Mark.READ, now=MORNING) == 1
    assert unread(tx, ANA, now=MORNING)[Folder.OTHER] == 1


def test_what_was_read_can_be_unread_again(tx: Tx) -> None:
    item = arrive(tx)
    mark(tx, ANA, [item], Mark.READ, now=MORNING)

    assert unread_again(tx, BEN, [item]) == 0
    assert unread_again(tx, ANA, [item]) == 1
    assert unread_again(tx, ANA, []) == 0
    assert unread(tx, ANA, now=MORNING)[Folder.INBOX] == 1


def test_nobody_puts_off_or_brings_back_the_items_of_another(tx: Tx) -> None:
    hers = arrive(tx, person_id=BEN)

    assert snooze(tx, ANA, hers, until=NOON) == 0
    assert put_off(tx, ANA, [hers], until=NOON) == 0
    mark(tx, BEN, [hers], Mark.ARCHIVED, now=MORNING)
    assert bring_back(tx, ANA, [hers]) == 0


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("茶壶", True),
        ("茶", True),
        ("PORCELAIN", True),
        ("porcelain 茶壶", True),
        ("porcelain 杯子", False),
        ("壶青", False),
        ("'", False),
        ("", False),
        ("sf-1001", True),
    ],
)
def test_an_item_is_found_by_every_word_of_it(tx: Tx, asked: str, *, is_found: bool) -> None:
    item = arrive(tx, title="青花茶壶已发货", body="Porcelain pot, parcel SF-1001")
    arrive(tx, title="x", body="杯子")

    assert [one.id for one in search(tx, ANA, asked)] == ([item] if is_found else [])


def test_a_search_finds_nothing_of_another_and_what_was_written_before_there_was_one(
    tx: Tx,
) -> None:
    arrive(tx, person_id=BEN, title="茶壶")
    old = arrive(tx, title="Lamp")
    tx.execute(text("UPDATE inbox_item SET terms = NULL WHERE id = :id"), {"id": old})

    assert search(tx, ANA, "茶壶") == []
    assert [one.id for one in search(tx, ANA, "lamp")] == [old]


def test_a_search_goes_on_page_by_page(tx: Tx) -> None:
    ids = [arrive(tx, title="茶壶") for _ in range(3)]

    (first,) = search(tx, ANA, "茶壶", at_most=1)
    assert [first.id, *(one.id for one in search(tx, ANA, "茶壶", after=first.id))] == ids[::-1]


def test_lines_come_page_by_page_of_a_folder(tx: Tx) -> None:
    ids = [arrive(tx, order_id=new_id()) for _ in range(3)]
    arrive(tx)

    (first,) = items(tx, ANA, Folder.ORDERS, now=MORNING, at_most=1)
    rest = items(tx, ANA, Folder.ORDERS, now=MORNING, after=first.id)
    assert [first.id, *(one.id for one in rest)] == ids[::-1]


def test_the_pages_of_a_large_inbox_part_it_and_come_fast(tx: Tx) -> None:
    orders = [uuid4() for _ in range(3_000)]
    lines = [
        replace(PLAIN, id=new_id(), order_id=orders[at % 3_000], is_urgent=at % 1_000 == 7)
        for at in range(10_000)
    ]
    write_all(tx, lines)
    tx.execute(text("ANALYZE inbox_item"))
    ahead = [one.newest.order_id for one in lifted(tx, ANA, Folder.INBOX, now=MORNING)]
    newest_first = [line.order_id for line in reversed(lines)]
    expected = [one for one in dict.fromkeys(newest_first) if one not in ahead]

    seen: list[UUID | None] = []
    after = None
    while True:
        found = bundles(tx, ANA, Folder.INBOX, now=MORNING, after=after, at_most=200)
        if not found:
            break
        seen += [one.newest.order_id for one in found]
        after = found[-1].newest.id

    assert len(ahead) == 3
    assert seen == expected
    assert min(_seconds_of_a_page(tx) for _ in range(3)) < 0.1


def _seconds_of_a_page(tx: Tx) -> float:
    began = time.perf_counter()
    bundles(tx, ANA, Folder.INBOX, now=MORNING, at_most=20)
    return time.perf_counter() - began


def test_terms_are_words_and_pairs_of_characters() -> None:
    assert terms_of("Tea 青花瓷 SF-1") == ["1", "sf", "tea", "瓷", "花", "花瓷", "青", "青花"]


def test_tomorrow_at_nine_is_nine_where_the_person_is() -> None:
    late = datetime.fromisoformat("2026-11-23T16:30:00+00:00")

    assert tomorrow_at_nine(late, "Asia/Shanghai").isoformat() == "2026-11-25T01:00:00+00:00"
    assert tomorrow_at_nine(late, "America/New_York").isoformat() == "2026-11-24T14:00:00+00:00"
