"""A shopper writes back to a message in their own inbox."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people.links import Purpose, links_of
from orders_core.ids import show
from tests.app.people.test_pages import SAME, token_of
from tests.buying import rows
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A shopper's browser."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def path(shop: Shop, who: UUID, scene: Scene) -> str:
    token = links_of(settings_of(shop)).token(Purpose.INBOX, who)
    return f"/i/{token}/reply/{show('msg', scene.message)}"


def send(client: TestClient, where: str, text: str) -> str:
    answer = client.post(where, data={"csrf": token_of(client.get(where).text), "text": text})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def cases(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return rows(tx, "support_case", "true")


def test_what_is_written_back_becomes_a_case_about_the_order(
    client: TestClient, shop: Shop, scene: Scene
) -> None:
    mine, before = path(shop, scene.lin, scene), cases(shop)

    there = send(client, mine, "杯子收到时碎了")

    assert there.endswith("?done=case")
    assert cases(shop) == before + 1
    with begin(shop.engine) as tx:
        assert rows(tx, "support_case", f"order_id = '{scene.order}'")
    assert "A person will answer" in client.get(f"{mine}?done=case&lang=en").text


def test_what_is_sent_twice_in_a_minute_is_one_contact(
    client: TestClient, shop: Shop, scene: Scene
) -> None:
    with begin(shop.engine) as tx:
        before = rows(tx, "incoming", "true")

    for _ in range(2):
        send(client, path(shop, scene.lin, scene), "杯子收到时碎了")

    with begin(shop.engine) as tx:
        assert rows(tx, "incoming", "true") == before + 1


def test_goodbye_alone_opens_no_case(client: TestClient, shop: Shop, scene: Scene) -> None:
    before = cases(shop)

    assert send(client, path(shop, scene.lin, scene), "退订").endswith("?done=left")
    assert cases(shop) == before


def test_what_holds_no_words_of_theirs_says_so_and_ends_nothing(
    client: TestClient, shop: Shop, scene: Scene
) -> None:
    mine, before = path(shop, scene.lin, scene), cases(shop)

    assert send(client, mine, "> Your order has left").endswith("?done=empty")
    assert cases(shop) == before
    again = client.get(f"{mine}?done=empty&lang=en").text
    assert "only what you quoted" in again
    assert "<textarea" in again


def test_nobody_answers_the_messages_of_others(
    client: TestClient, shop: Shop, scene: Scene
) -> None:
    assert client.get(path(shop, scene.ana, scene)).status_code == 404
    assert client.get(path(shop, scene.lin, scene).replace("/i/", "/i/x")).status_code == 404


def test_the_inbox_leads_there(client: TestClient, shop: Shop, scene: Scene) -> None:
    inbox = path(shop, scene.lin, scene).partition("/reply/")[0]

    assert "/reply/msg_" in client.get(inbox).text
