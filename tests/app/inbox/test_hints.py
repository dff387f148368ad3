"""What is done with an inbox is told to the person's other pages: once committed, and once only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from redis.client import PubSub
from starlette.testclient import TestClient

from app.db import hints
from app.db.transaction import begin
from app.http.deps import Transaction
from app.http.problems import Problem
from app.inbox import store
from app.inbox.item import Item, Mark
from app.inbox.live import CHANNEL
from app.people.links import Purpose, links_of
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.app.hub.stage import enter
from tests.cast import ANA
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop
from tests.web import make_caller

WHO = ANA.person_id
SAME = {"sec-fetch-site": "same-origin"}


def line(tx: Tx, title: str = "one") -> UUID:
    item = Item(
        id=new_id(),
        person_id=WHO,
        order_id=None,
        notice="case_answered",
        title=title,
        body="body",
        arrived_at=MORNING,
    )
    store.write(tx, item)
    return item.id


@pytest.fixture
def item(shop: Shop) -> UUID:
    """A line in Ana's inbox."""
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        return line(tx)


@contextmanager
def heard(shop: Shop) -> Iterator[list[str]]:
    """Gather the hints that are published inside."""
    with Redis.from_url(shop.valkey_url, decode_responses=True) as redis, redis.pubsub() as ear:
        ear.subscribe(CHANNEL)
        assert ear.get_message(timeout=5) is not None
        told: list[str] = []
        yield told
        redis.publish(CHANNEL, "end")
        told += _until_the_end(ear)


def _until_the_end(ear: PubSub) -> list[str]:
    found: list[str] = []
    while (said := ear.get_message(timeout=5)) is not None and said["data"] != "end":
        found.append(said["data"])
    return found


@pytest.fixture
def client(shop: Shop, item: UUID) -> Iterator[TestClient]:
    """A page of Ana's, a shop's program, and an inbox inside a page of the shop."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def by_page(client: TestClient, shop: Shop, act: str, item: UUID) -> Any:
    path = f"/i/{links_of(settings_of(shop)).token(Purpose.INBOX, WHO)}"
    csrf = client.get(f"{path}?folder={'away' if act == 'back' else 'inbox'}").text.partition(
        'name="csrf" value="'
    )[2][:64]
    return client.post(f"{path}/items/{show('msg', item)}/{act}", data={"csrf": csrf})


def by_api(client: TestClient, shop: Shop, act: str, *items: UUID) -> Any:
    return client.post(
        f"/v1/people/{show('per', WHO)}/inbox/{act}",
        json={"items": [show("msg", one) for one in items]},
        headers={"authorization": f"Bearer {make_caller(shop)}"},
    )


def by_embed(client: TestClient, shop: Shop, act: str, item: UUID) -> Any:
    token = links_of(settings_of(shop)).embedded(WHO, until=9_999_999_999)
    ref = show("msg", item)
    return client.post(
        f"/v1/embed/inbox/{act}",
        json={"items": [ref]} if act == "seen" else {"item": ref},
        headers={"authorization": f"Bearer {token}"},
    )


@pytest.mark.parametrize(
    ("way", "act"),
    [
        (by_page, "read"),
        (by_page, "archive"),
        (by_page, "later"),
        (by_page, "back"),
        (by_api, "read"),
        (by_api, "unread"),
        (by_api, "archive"),
        (by_api, "unarchive"),
        (by_embed, "read"),
        (by_embed, "unread"),
        (by_embed, "archive"),
        (by_embed, "snooze"),
    ],
)
def test_what_is_done_on_one_page_is_hinted_at_to_the_others(
    client: TestClient, shop: Shop, item: UUID, way: Any, act: str
) -> None:
    if act == "back":
        by_page(client, shop, "archive", item)
    with heard(shop) as told:
        assert way(client, shop, act, item).status_code in {200, 303}

    assert told == [WHO.hex]


def test_what_was_only_on_a_screen_is_told_to_nobody(
    client: TestClient, shop: Shop, item: UUID
) -> None:
    with heard(shop) as told:
        by_embed(client, shop, "seen", item)
        by_api(client, shop, "seen", item)
        client.get(f"/i/{links_of(settings_of(shop)).token(Purpose.INBOX, WHO)}")

    assert told == []


def test_what_touches_nothing_of_theirs_is_told_to_nobody(client: TestClient, shop: Shop) -> None:
    with heard(shop) as told:
        assert by_api(client, shop, "read", new_id()).json()["theirs"] == 0

    assert told == []


def test_many_changes_of_one_call_are_one_hint(client: TestClient, shop: Shop, item: UUID) -> None:
    with begin(shop.engine) as tx:
        other = line(tx, "two")
    with heard(shop) as told:
        by_api(client, shop, "read", item, other)

    assert told == [WHO.hex]


def test_without_valkey_reading_works_all_the_same(shop: Shop, item: UUID) -> None:
    nowhere = settings_of(shop, redis_url="unix:///nowhere/valkey.sock")
    with TestClient(pages_app(shop.engine, shop.clock, nowhere), headers=SAME) as client:
        assert by_api(client, shop, "read", item).json()["theirs"] == 1


def test_where_nobody_gathers_any_more_nothing_is_kept(shop: Shop, item: UUID) -> None:
    with begin(shop.engine) as tx:
        people = hints.gathered(tx)
        hints.over(tx)
        store.mark(tx, WHO, [item], Mark.READ, now=MORNING)

    assert people == set()


def test_a_request_that_fails_is_told_to_nobody(shop: Shop, item: UUID) -> None:
    app = pages_app(shop.engine, shop.clock, settings_of(shop))

    @app.post("/reads-and-fails")
    def read_and_fail(tx: Transaction) -> None:
        store.mark(tx, WHO, [item], Mark.READ, now=MORNING)
        raise Problem(status=409, code="busy", detail="too late")

    with TestClient(app, headers=SAME) as client, heard(shop) as told:
        assert client.post("/reads-and-fails").status_code == 409

    assert told == []
