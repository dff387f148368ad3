"""Digests in the database: what joins, what falls out, and that each goes out once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, text

from app.db.transaction import attempt, begin
from app.hub import digest_store
from app.hub.digest_close import SlotLost, close
from app.hub.digest_store import Held
from app.hub.tables import digest_item, digest_slot
from app.hub.verdict import Because
from app.people import mute_store
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.recipient import Recipient
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts, wish
from tests.buying import MUG, TEA, bought, fill, moved, paid
from tests.cast import ANA, BEN
from tests.shop import MORNING, Shop
from tests.together import together

EVENING = MORNING.replace(hour=10)  # 18:00 in Shanghai
READER = replace(ANA, rhythms={"email": "daily"})
QUIET_READER = replace(ANA, rhythms={"inapp": "hourly", "email": "daily", "push": "daily"})
MINUTE = timedelta(minutes=1)
#: Reasons to wait, and what ends a message that was queued: no item falls out for them.
HOLDS: set[str] = {
    Because.CAP_REACHED,
    Because.QUIET_HOURS,
    Because.LEGAL_HOURS,
    Because.FOLDED,
    Because.PAUSED,
    Because.DISPLACED,
    Because.EMPTY,
}
FACTS: dict[str, Any] = {"order_number": "100001", "items": [], "currency": "CNY"}


def news(who: Recipient, dispatch: str, **more: Any) -> Any:
    given = {"notice": "return_approved", "variables": FACTS} | more
    return wish(who, given.pop("notice"), dispatch=dispatch, **given)


def close_due(tx: Tx, now: datetime = EVENING) -> int:
    held = digest_store.take(tx, now=now, at_most=50)
    close(tx, held, policy=POLICY, now=now)
    return len(held)


def slots(tx: Tx) -> Sequence[Row[Any]]:
    return tx.execute(select(digest_slot).order_by(digest_slot.c.closes_at)).all()


def fell_out(tx: Tx) -> list[str | None]:
    found = select(digest_item.c.fell_out).order_by(digest_item.c.at, digest_item.c.verdict_id)
    return list(tx.scalars(found))


def letters(tx: Tx) -> list[Row[Any]]:
    return [row for row in queued(tx) if row.channel == "email"]


def test_news_joins_the_digest_and_goes_at_once_elsewhere(tx: Tx):
    enter(tx, READER)

    tell(tx, news(READER, "a"), news(READER, "b"))

    assert [row.channel for row in queued(tx)] == ["inapp", "inapp"]
    [slot] = slots(tx)
    assert (slot.channel, slot.closes_at, slot.state) == ("email", EVENING, "open")
    assert len(fell_out(tx)) == 2


def test_a_digest_goes_out_once_with_all_that_joined(tx: Tx):
    enter(tx, READER)
    tell(tx, *(news(READER, f"n{number}") for number in range(12)))

    assert close_due(tx) == 1
    assert close_due(tx) == 0

    [letter] = letters(tx)
    assert (letter.notice, letter.kind, letter.lane) == ("digest", "order", 1)
    assert letter.variables["total"] == 12
    assert len(letter.variables["folded"]) == 10
    assert slots(tx)[0].state == "closed"


def test_one_piece_of_news_goes_out_in_its_own_words(tx: Tx):
    enter(tx, READER)
    order = OrderId(new_id())
    tell(tx, news(READER, "a", order_id=order))

    close_due(tx)

    [letter] = letters(tx)
    assert (letter.notice, letter.order_id) == ("return_approved", order)
    assert letter.variables["order_number"] == "100001"


def test_one_event_is_in_an_hourly_and_in_a_daily_digest(tx: Tx):
    enter(tx, QUIET_READER)

    tell(tx, news(QUIET_READER, "a"))

    assert queued(tx) == []
    assert [slot.channel for slot in slots(tx)] == ["inapp", "email"]
    close_due(tx, slots(tx)[0].closes_at)
    assert [row.channel for row in queued(tx)] == ["inapp"]
    close_due(tx)
    assert [row.channel for row in queued(tx)] == ["inapp", "email"]


def test_what_comes_after_closing_opens_the_next_slot(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    close_due(tx)

    late = EVENING - timedelta(seconds=1)
    tell(tx, news(READER, "b", at=late), now=EVENING + timedelta(seconds=1))

    assert [slot.state for slot in slots(tx)] == ["closed", "open"]
    assert slots(tx)[1].closes_at == EVENING + timedelta(days=1)
    assert len(letters(tx)) == 1


def test_what_comes_while_a_slot_is_closing_opens_the_next(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    held = digest_store.take(tx, now=EVENING, at_most=50)

    tell(tx, news(READER, "b"), now=EVENING)

    close(tx, held, policy=POLICY, now=EVENING)
    assert [slot.state for slot in slots(tx)] == ["closed", "open"]
    assert letters(tx)[0].notice == "return_approved"


def test_news_that_an_order_left_behind_falls_out(tx: Tx):
    fill(tx, {TEA: 9})
    enter(tx, READER)
    order = paid(tx, bought(tx, (TEA, 1)))
    moved(tx, order, OrderStatus.SHIPPED)
    at_noon = MORNING + timedelta(hours=1)
    tell(tx, news(READER, "sent", notice="order_shipped", order_id=order))
    moved(tx, order, OrderStatus.DELIVERED)
    tell(tx, news(READER, "there", notice="order_delivered", order_id=order, at=at_noon))

    close_due(tx)

    assert fell_out(tx) == ["superseded", None]
    assert letters(tx)[0].notice == "order_delivered"


def test_of_one_orders_way_only_the_newest_is_told(tx: Tx):
    enter(tx, READER)
    order, other = OrderId(new_id()), OrderId(new_id())
    minutes = [MORNING + timedelta(minutes=number) for number in range(3)]
    tell(tx, news(READER, "1", notice="order_shipped", order_id=order, at=minutes[0]))
    tell(tx, news(READER, "2", notice="order_delivered", order_id=order, at=minutes[1]))
    tell(tx, news(READER, "3", notice="order_shipped", order_id=other, at=minutes[2]))

    close_due(tx)

    assert fell_out(tx) == ["newer", None, None]
    assert letters(tx)[0].variables["total"] == 2


def test_what_was_read_in_the_inbox_falls_out(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"), news(READER, "b"))
    line = queued(tx)[0]
    tx.execute(
        text(
            "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
            " VALUES (:id, :who, 'return_approved', 't', 'b', :at, :at)"
        ),
        {"id": line.id, "who": READER.person_id, "at": MORNING},
    )

    close_due(tx)

    assert sorted(map(str, fell_out(tx))) == ["None", "read"]
    assert letters(tx)[0].notice == "return_approved"


def test_a_muted_order_falls_out_of_the_letter(tx: Tx):
    fill(tx, {MUG: 9})
    enter(tx, READER)
    order = paid(tx, bought(tx, (MUG, 1)))
    tell(tx, news(READER, "a", order_id=order))
    mute_store.mute(tx, order, READER.person_id, now=MORNING)

    close_due(tx)

    assert (fell_out(tx), letters(tx)) == (["order_muted"], [])


def test_a_category_that_was_switched_off_falls_out_and_an_empty_digest_sends_nothing(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"), news(READER, "b"))
    off = {(Category.ORDERS, ChannelName.EMAIL): False}
    choose(tx, READER.person_id, off, source="test", now=MORNING)
    before = len(verdicts(tx))

    close_due(tx)

    assert (fell_out(tx), letters(tx)) == (["not_wanted", "not_wanted"], [])
    assert len(verdicts(tx)) == before
    assert slots(tx)[0].state == "closed"


def test_a_digest_of_offers_alone_is_one_of_the_cap_and_its_members_are_none(tx: Tx):
    reader = replace(READER, rhythms=dict.fromkeys(("inapp", "email", "push"), "daily"))
    enter(tx, reader)
    tell(tx, *(news(reader, f"o{n}", notice="announcement", variables=OFFER) for n in range(9)))
    heard = tx.execute(text("SELECT recent FROM pressure")).scalar_one()
    assert heard == []

    close_due(tx)

    assert {row.kind for row in queued(tx)} == {"marketing"}
    assert {row.variables["total"] for row in queued(tx)} == {9}
    assert len(tx.execute(text("SELECT recent FROM pressure")).scalar_one()) == 3


OFFER = {"title": "Autumn teas", "body": "They are here."}


def test_a_digest_takes_the_class_of_its_highest_item_and_keeps_the_way_out_of_offers(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "o", notice="announcement", variables=OFFER), news(READER, "n"))

    close_due(tx)

    [letter] = letters(tx)
    assert letter.kind == "order"
    assert "/u/" in letter.variables["unsubscribe_url"]


def test_a_slot_that_another_took_over_is_left_to_it(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    [lost] = digest_store.take(tx, now=EVENING, at_most=50)
    tx.execute(text("UPDATE digest_slot SET held_until = now() - interval '1 s'"))
    [ours] = digest_store.take(tx, now=EVENING, at_most=50)

    assert ours.epoch == lost.epoch + 1
    with pytest.raises(SlotLost), tx.begin_nested():
        close(tx, [lost], policy=POLICY, now=EVENING)

    close(tx, [ours], policy=POLICY, now=EVENING)
    assert len(letters(tx)) == 1


def test_a_slot_whose_closer_is_at_work_is_not_taken_by_another(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    digest_store.take(tx, now=EVENING, at_most=50)

    assert digest_store.take(tx, now=EVENING, at_most=50) == []


def test_a_slot_is_not_closed_before_its_time_and_its_time_is_known(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))

    assert close_due(tx, EVENING - timedelta(seconds=1)) == 0
    assert digest_store.next_due(tx, MORNING, EVENING) == EVENING
    assert digest_store.next_due(tx, MORNING, EVENING - timedelta(seconds=1)) is None
    assert digest_store.next_due(tx, EVENING, EVENING + timedelta(days=2)) is None


def test_old_slots_are_forgotten_with_their_items_and_open_ones_are_not(tx: Tx):
    enter(tx, READER, BEN)
    tell(tx, news(READER, "a"))
    close_due(tx)
    tell(tx, news(READER, "b", at=EVENING), now=EVENING)

    later = EVENING + timedelta(days=200)
    assert digest_store.forget(tx, before=later, at_most=10) == 1

    assert [slot.state for slot in slots(tx)] == ["open"]
    assert len(fell_out(tx)) == 1


def test_closers_and_collectors_at_once_lose_nothing_and_tell_nothing_twice(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, READER)
    hours = [EVENING + timedelta(days=day) for day in range(4)]

    def collecting(thread: int) -> None:
        for number in range(15):
            at = hours[number % 3] - timedelta(minutes=1)
            with begin(shop.engine) as tx:
                tell(tx, news(READER, f"{thread}-{number}", at=at), now=at)

    def closing() -> None:
        for number in range(15):
            _close_or_die(shop, hours[number % 3], dies=number % 4 == 1)

    together(*(lambda number=number: collecting(number) for number in range(3)), closing, closing)
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE digest_slot SET held_until = now() - interval '1 s'"))
    for _ in range(3):
        _close_or_die(shop, hours[-1] + timedelta(days=3), dies=False)

    with begin(shop.engine) as tx:
        rung = [1 if row.notice != "digest" else row.variables["total"] for row in letters(tx)]
        assert sum(rung) == len(fell_out(tx)) == 45
        assert {slot.state for slot in slots(tx)} == {"closed"}
        assert len(letters(tx)) == len(slots(tx))


# In their order, as the product closes them.
LOSE = """WITH lost AS MATERIALIZED (
  SELECT id FROM digest_slot WHERE state = 'closing' ORDER BY id FOR UPDATE)
UPDATE digest_slot SET held_until = now() - interval '1 s' FROM lost WHERE digest_slot.id = lost.id
"""


class Killed(Exception):
    """The worker was lost."""


def _close_or_die(shop: Shop, now: datetime, *, dies: bool) -> None:
    def take(tx: Tx) -> list[Held]:
        return digest_store.take(tx, now=now, at_most=50)

    def settle(tx: Tx) -> None:
        close(tx, held, policy=POLICY, now=now)
        if dies:
            raise Killed

    held = attempt(shop.engine, take)
    try:
        attempt(shop.engine, settle)
    except (Killed, SlotLost):
        with begin(shop.engine) as tx:
            tx.execute(text(LOSE))
