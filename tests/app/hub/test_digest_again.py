"""A digest that waits is asked again item by item: when it is to leave, and when minds change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text, update

from app.db.transaction import begin
from app.hub import digest_store
from app.hub.heed import heeding
from app.hub.release import release
from app.jobs.lanes import Lane
from app.messages.tables import message
from app.people import calm_store, mute_store
from app.people.calm import ENDLESS
from app.people.choices import Category
from app.people.unsubscribe import unsubscribe
from app.settings import Settings
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, POLICY, enter, queued, tell
from tests.app.hub.test_digests import EVENING, FACTS, READER, close_due, fell_out, letters, news
from tests.buying import MUG, bought, fill, moved, paid
from tests.cast import ANA
from tests.shop import Shop
from tests.together import together

HEED = heeding(Settings(mode="test"))
LATER = EVENING + timedelta(hours=1)
WAITED = replace(READER, rhythms={"inapp": "hourly", "email": "daily"})
OFFER: Mapping[str, Any] = {"notice": "announcement", "variables": {"title": "t", "body": "b"}}


def wait_until(tx: Tx, due: Any = LATER) -> None:
    """Let the letter wait, as caps and nights do."""
    waiting = update(message).where(message.c.channel == "email")
    tx.execute(waiting.values(due_at=due, stands_until=due))


def again(tx: Tx, now: Any = LATER) -> int:
    return release(tx, list(Lane), bounds=POLICY.bounds, now=now)


def read_in_the_inbox(tx: Tx, *lines: Row[Any]) -> None:
    for line in lines:
        tx.execute(
            text(
                "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
                " VALUES (:id, :who, :notice, 't', 'b', :at, :at)"
            ),
            {"id": line.id, "who": line.person_id, "notice": line.notice, "at": EVENING},
        )


def lines(tx: Tx) -> list[Row[Any]]:
    return [row for row in queued(tx) if row.channel == "inapp"]


def waiting_digest(tx: Tx, *told: Any) -> Row[Any]:
    """Collect news in the morning, close its letter in the evening, and let that wait."""
    enter(tx, READER)
    tell(tx, *told)
    close_due(tx)
    wait_until(tx)
    [letter] = letters(tx)
    return letter


def test_what_was_read_while_the_digest_waited_is_not_in_it(tx: Tx):
    waiting_digest(tx, *(news(READER, name) for name in "abc"))
    read_in_the_inbox(tx, lines(tx)[0])

    assert again(tx) == 1

    [letter] = letters(tx)
    assert (letter.state, letter.notice, letter.variables["total"]) == ("queued", "digest", 2)
    assert sorted(map(str, fell_out(tx))) == ["None", "None", "read"]


def test_what_is_as_it_was_says_what_it_said(tx: Tx):
    before = waiting_digest(tx, news(READER, "a"), news(READER, "b"))

    assert again(tx) == 1

    [letter] = letters(tx)
    assert (letter.state, letter.variables) == ("queued", before.variables)
    assert fell_out(tx) == [None, None]


def test_the_one_that_is_left_goes_out_in_its_own_words(tx: Tx):
    order = OrderId(new_id())
    waiting_digest(tx, news(READER, "a"), news(READER, "b", order_id=order))
    read_in_the_inbox(tx, lines(tx)[0])

    again(tx)

    [letter] = letters(tx)
    assert (letter.notice, letter.order_id) == ("return_approved", order)
    assert letter.variables["order_number"] == FACTS["order_number"]


def test_a_digest_of_which_all_was_read_is_not_sent(tx: Tx):
    waiting_digest(tx, news(READER, "a"), news(READER, "b"))
    read_in_the_inbox(tx, *lines(tx))

    again(tx)

    [letter] = letters(tx)
    assert (letter.state, letter.error) == ("cancelled", "empty")
    assert fell_out(tx) == ["read", "read"]


def test_a_digest_that_is_not_sent_gives_back_its_place_under_the_caps(tx: Tx):
    letter = waiting_digest(tx, news(READER, "a", **OFFER), news(READER, "b", **OFFER))
    assert letter.entry is not None
    read_in_the_inbox(tx, *lines(tx))

    again(tx)

    returned = tx.execute(text("SELECT message_id FROM slot_returned")).scalars()
    assert list(returned) == [letter.id]


def test_what_fell_out_once_does_not_come_back(tx: Tx):
    waiting_digest(tx, *(news(READER, name) for name in "abcd"))
    first, second, *_ = lines(tx)
    read_in_the_inbox(tx, first)
    again(tx)
    tx.execute(text("DELETE FROM inbox_item"))
    read_in_the_inbox(tx, second)
    wait_until(tx, LATER + timedelta(hours=1))

    again(tx, LATER + timedelta(hours=1))

    assert letters(tx)[0].variables["total"] == 2


def test_offers_that_are_refused_leave_a_waiting_digest_at_once(tx: Tx):
    letter = waiting_digest(tx, news(READER, "a"), news(READER, "b"), news(READER, "c", **OFFER))
    assert letter.variables["unsubscribe_url"]

    unsubscribe(tx, ANA.person_id, Category.OFFERS, now=EVENING)
    HEED(tx, [ANA.person_id], EVENING)

    [letter] = letters(tx)
    assert (letter.state, letter.variables["total"]) == ("queued", 2)
    assert letter.variables["unsubscribe_url"] is None
    assert "no_consent" in fell_out(tx)


def test_a_digest_of_refused_offers_alone_ends_with_that_reason(tx: Tx):
    letter = waiting_digest(tx, news(READER, "a", **OFFER), news(READER, "b", **OFFER))
    assert (letter.kind, letter.lane) == ("marketing", Lane.MARKETING.value)
    unsubscribe(tx, ANA.person_id, Category.OFFERS, now=EVENING)

    HEED(tx, [ANA.person_id], EVENING)

    [letter] = letters(tx)
    assert (letter.state, letter.error) == ("cancelled", "no_consent")


def test_a_digest_left_with_offers_goes_out_as_an_offer(tx: Tx):
    order = OrderId(new_id())
    letter = waiting_digest(
        tx,
        news(READER, "a", order_id=order),
        news(READER, "b", **OFFER),
        news(READER, "c", **OFFER),
    )
    assert (letter.kind, letter.lane) == ("order", Lane.ORDER.value)
    mute_store.mute(tx, order, ANA.person_id, now=EVENING)

    HEED(tx, [ANA.person_id], EVENING)

    [letter] = letters(tx)
    assert (letter.kind, letter.lane) == ("marketing", Lane.MARKETING.value)
    assert (letter.category, letter.variables["total"]) == ("offers", 2)
    assert "order_muted" in fell_out(tx)


def test_a_digest_that_is_refused_as_a_whole_keeps_what_it_would_have_said(tx: Tx):
    before = waiting_digest(tx, news(READER, "a"), news(READER, "b"), news(READER, "c"))
    read_in_the_inbox(tx, lines(tx)[0])
    calm_store.pause(tx, ANA.person_id, ENDLESS, source="t", now=EVENING)

    again(tx)

    [letter] = letters(tx)
    assert (letter.state, letter.error) == ("cancelled", "paused")
    assert letter.variables == before.variables
    assert "read" in fell_out(tx)


def test_news_that_its_order_left_behind_is_not_in_a_digest_that_waited(tx: Tx):
    fill(tx, {MUG: 9})
    order = moved(tx, paid(tx, bought(tx, (MUG, 1))), OrderStatus.SHIPPED)
    shipped = news(READER, "s", notice="order_shipped", order_id=order)
    waiting_digest(tx, shipped, news(READER, "a"), news(READER, "b"))
    moved(tx, order, OrderStatus.DELIVERED)

    again(tx)

    assert letters(tx)[0].variables["total"] == 2
    assert "superseded" in fell_out(tx)


def test_a_digest_whose_slot_is_forgotten_leaves_as_it_is(tx: Tx):
    before = waiting_digest(tx, news(READER, "a"), news(READER, "b"))
    digest_store.forget(tx, before=NEXT_MORNING, at_most=10)

    assert again(tx) == 1

    assert letters(tx)[0].variables == before.variables


def test_two_workers_ask_a_digest_once(shop: Shop):
    with begin(shop.engine) as tx:
        waiting_digest(tx, *(news(READER, name) for name in "abc"))
        read_in_the_inbox(tx, lines(tx)[0])

    def work() -> int:
        with begin(shop.engine) as tx:
            return again(tx)

    assert sum(together(work, work)) == 1
    with begin(shop.engine) as tx:
        assert letters(tx)[0].variables["total"] == 2
        assert sorted(map(str, fell_out(tx))) == ["None", "None", "read"]
