"""The dev outbox keeps every bell that rang, the inbox keeps each message once."""

from uuid import UUID

import pytest
from redis import Redis
from redis.client import PubSub
from sqlalchemy import text

from app.db.engine import make_engine
from app.db.transaction import begin
from app.inbox import store as inbox
from app.inbox.live import CHANNEL
from app.messages import capture, capture_store
from app.messages.capture_store import Captured
from app.messages.queue import queue
from app.wiring import build
from channels.contract import Envelope, GiveUp, TryLater, Unknown
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.messages.desk import Desk
from tests.pages_app import settings_of
from tests.poll import until
from tests.shop import MORNING, Shop


def envelope(message_id: UUID, channel: str = "sms") -> Envelope:
    return Envelope(
        message_id=message_id, channel=channel, to="+1", title="Title", text="Text", html=None
    )


def test_what_left_twice_is_kept_twice(shop: Shop) -> None:
    record = capture.records(shop.engine, shop.clock)["sms"]
    sent = new_id()

    record(envelope(sent))
    record(envelope(sent))

    with begin(shop.engine) as tx:
        copies = capture_store.of_message(tx, sent)
    assert [(one.channel, one.address, one.subject, one.body) for one in copies] == [
        ("sms", "+1", "Title", "Text")
    ] * 2
    assert copies[0].captured_at == MORNING


def test_the_inbox_takes_a_message_once_with_its_order(desk: Desk) -> None:
    order = new_id()
    (news,) = desk.put(desk.draft(channel="inapp", order_id=order))
    record = capture.records(desk.shop.engine, desk.shop.clock)["inapp"]

    record(envelope(news, "inapp"))
    record(envelope(news, "inapp"))

    with begin(desk.shop.engine) as tx:
        (item,) = inbox.page(tx, PersonId(desk.ana))
    assert (item.id, item.order_id, item.notice) == (news, order, "news")
    assert (item.title, item.body, item.arrived_at) == ("Title", "Text", MORNING)


def test_whose_inbox_has_news_is_hinted_once_the_news_can_be_read(desk: Desk) -> None:
    (news,) = desk.put(desk.draft(channel="inapp"))
    seen: list[tuple[PersonId, int]] = []

    def hint(person_id: PersonId) -> None:
        with begin(desk.shop.engine) as tx:
            seen.append((person_id, len(inbox.page(tx, person_id))))

    capture.records(desk.shop.engine, desk.shop.clock, hint=hint)["inapp"](envelope(news, "inapp"))

    assert seen == [(desk.ana, 1)]


def test_a_house_rings_open_inboxes_over_valkey(desk: Desk) -> None:
    (news,) = desk.put(desk.draft(channel="inapp"))
    house = build(settings_of(desk.shop))

    with (
        Redis.from_url(desk.shop.valkey_url, decode_responses=True) as valkey,
        valkey.pubsub() as ear,
    ):
        ear.subscribe(CHANNEL)
        until(lambda: ear.get_message(timeout=0.1), what="not subscribed")
        house.channels["inapp"].send([envelope(news, "inapp")])
        until(lambda: _heard(ear) == desk.ana.hex, what="no hint of her news")
    house.engine.dispose()


def _heard(ear: PubSub) -> object:
    """Return what was said: other tests ring their own people on the same server."""
    said = ear.get_message(timeout=0.1)
    return said and said["data"]


def test_the_inbox_refuses_a_message_that_nobody_queued(shop: Shop) -> None:
    record = capture.records(shop.engine, shop.clock)["inapp"]

    with pytest.raises(GiveUp, match="no such message"):
        record(envelope(new_id(), "inapp"))


def test_a_failing_database_leaves_it_unknown(shop: Shop) -> None:
    record = capture.records(shop.engine, shop.clock)["push"]
    with begin(shop.engine) as tx:
        tx.execute(text("ALTER TABLE captured RENAME TO elsewhere"))

    with pytest.raises(Unknown):
        record(envelope(new_id(), "push"))


def test_a_database_that_is_away_means_try_later(shop: Shop) -> None:
    nowhere = make_engine("postgresql://x@127.0.0.1:9/x", pool_size=1)
    record = capture.records(nowhere, shop.clock)["push"]

    with pytest.raises(TryLater):
        record(envelope(new_id(), "push"))


def keep(tx: Tx, **changes: object) -> None:
    plain = {
        "channel": "email",
        "address": "ana@example.org",
        "message_id": None,
        "subject": "s",
        "body": "b",
        "html": None,
        "captured_at": MORNING,
    }
    capture.store(tx, [Captured(**plain | changes)])  # type: ignore[arg-type]


def test_the_outbox_is_read_newest_first_page_by_page(tx: Tx) -> None:
    for number in range(5):
        keep(tx, subject=str(number))

    first = capture.page(tx, at_most=2)
    second = capture.page(tx, at_most=9, after=first[-1].id)

    assert [one.subject for one in [*first, *second]] == ["4", "3", "2", "1", "0"]
    assert capture_store.count(tx) == 5


def test_the_outbox_can_be_asked_for_a_channel_and_an_address(tx: Tx) -> None:
    keep(tx, channel="sms", address="+1")
    keep(tx)

    assert [one.address for one in capture.page(tx, channel="sms")] == ["+1"]
    assert [one.channel for one in capture.page(tx, address="ana@example.org")] == ["email"]


def test_text_that_no_database_takes_is_kept_as_far_as_it_can(tx: Tx) -> None:
    keep(tx, body="a\x00b\ud800", html="\x00", headers=(("X", "\x00"),))

    (one,) = capture.page(tx)
    assert (one.body, one.html) == ("a\ufffdb\ufffd", "\ufffd")
    assert one.id is not None
    assert capture_store.find(tx, one.id) == one


def test_queueing_and_capturing_share_no_transaction(desk: Desk) -> None:
    with begin(desk.shop.engine) as tx:
        queue(tx, [desk.draft()])
        capture.records(desk.shop.engine, desk.shop.clock)["sms"](envelope(new_id()))
        assert capture_store.count(tx) == 1
