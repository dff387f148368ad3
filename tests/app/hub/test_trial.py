"""Test keys: what they cause is decided as ever, kept in the dev outbox, and reaches nobody."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app import wiring
from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.house import House
from app.people.choice_store import choose_rhythms
from app.people.choices import ChannelName, Rhythm
from app.subscribers.drain import drain
from orders_core.ids import show
from tests.app.hub.stage import enter
from tests.buying import MUG, fill
from tests.cast import ANA
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop
from tests.web import Web, open_web

KEPT = text("SELECT DISTINCT channel FROM captured ORDER BY 1")
BY_WAY = text("SELECT is_trial, count(*) FROM message GROUP BY 1")
HEARD = text("SELECT coalesce(sum(cardinality(recent)), 0) FROM pressure")
INBOX = text("SELECT count(*) FROM inbox_item")
FOLDED = text("SELECT count(*) FROM digest_item")
SPRING = {
    "notice": "announcement",
    "person": show("per", ANA.person_id),
    "title": "春茶到货",
    "body": "今年的龙井已到。",
    "dispatch": "spring",
}


@pytest.fixture
def web(shop: Shop) -> Iterator[Web]:
    """The shop, asked with a key that is live."""
    with open_web(shop) as opened:
        yield opened


@pytest.fixture
def trying(web: Web) -> Iterator[Web]:
    """The same shop, asked with a test key."""
    with begin(web.shop.engine) as tx:
        enter(tx, ANA)
        fill(tx, {MUG: 9})
        key = make_key(tx, label="mine", scopes=KEY_SCOPES)
    bearer = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=web.client.base_url, headers=bearer, timeout=20) as client:
        yield Web(client, web.shop)


def settled(web: Web) -> None:
    """Let the shop's work be done, with its own channels; a letter that left would find no door."""
    settings, engine, clock = settings_of(web.shop), web.shop.engine, web.shop.clock
    channels = wiring.open_channels(settings, engine=engine, clock=clock)
    drain(House(settings=settings, engine=engine, clock=clock, channels=channels))


def found(web: Web, query: Any) -> Any:
    with begin(web.shop.engine) as tx:
        return tx.execute(query).all()


def ordered(web: Web) -> str:
    wish = {"person": show("per", ANA.person_id), "lines": [{"sku": MUG, "quantity": 1}]}
    reply = web.post("/v1/orders", wish)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def pay(web: Web, order_id: str) -> None:
    assert web.post(f"/v1/orders/{order_id}/pay", {"reference": "r-1"}).status_code == 200


def test_an_order_of_a_test_key_is_told_to_the_dev_outbox_alone_whoever_moves_it(
    web: Web, trying: Web
) -> None:
    order_id = ordered(trying)
    pay(web, order_id)
    settled(web)

    assert [row.channel for row in found(web, KEPT)] == ["email", "inapp", "push"]
    assert [row.is_trial for row in found(web, BY_WAY)] == [True]
    assert found(web, INBOX) == [(0,)]
    messages = web.get("/v1/messages", order=order_id).json()["data"]
    assert {one["test"] for one in messages} == {True}
    assert {one["state"] for one in messages} == {"sent"}


def test_what_a_test_key_does_to_an_order_in_earnest_is_told_to_nobody_either(
    web: Web, trying: Web
) -> None:
    order_id = ordered(web)
    settled(web)
    before = dict(map(tuple, found(web, BY_WAY)))

    pay(trying, order_id)
    settled(web)

    after = dict(map(tuple, found(web, BY_WAY)))
    assert after.get(False) == before.get(False)
    assert after[True]


def test_a_notice_that_was_tried_can_still_be_told(web: Web, trying: Web) -> None:
    tried = trying.post("/v1/notices", SPRING).json()
    told = web.post("/v1/notices", SPRING).json()

    assert tried["decided"]
    assert told["decided"]
    by_way = dict(map(tuple, found(web, BY_WAY)))
    assert by_way[True] == by_way[False] > 0


def test_what_is_tried_takes_no_place_under_a_cap_and_in_no_digest(web: Web, trying: Web) -> None:
    trying.post("/v1/notices", SPRING)
    assert found(web, HEARD) == [(0,)]

    with begin(web.shop.engine) as tx:
        daily = {ChannelName.EMAIL: Rhythm.DAILY}
        choose_rhythms(tx, ANA.person_id, daily, source="test", now=MORNING)
    again = trying.post("/v1/notices", {**SPRING, "dispatch": "later"}).json()
    assert again["decided"][0]["channels_digest"] == ["email"]
    assert found(web, FOLDED) == [(0,)]


def test_a_question_asked_with_a_test_key_tells_nobody_that_it_came(web: Web, trying: Web) -> None:
    said = {"person": show("per", ANA.person_id), "text": "您好，我要投诉，请转人工"}
    asked = trying.post("/v1/ask", said)
    assert asked.json()["case"], asked.text
    assert [row.is_trial for row in found(web, BY_WAY)] == [True]
