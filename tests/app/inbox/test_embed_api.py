"""An inbox inside a page of the shop: one token, one person, pages of listed origins only."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.keys import make_key
from app.db.transaction import begin
from app.inbox import announcement_store, embed_api, store
from app.inbox.announcement import Announcement, Audience
from app.inbox.item import Item
from app.inbox.live import Live
from app.people.links import Holder, Links, Purpose, links_of
from orders_core.ids import PersonId, new_id, show
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop

PATH = "/v1/embed/inbox"
SHOP, STRANGER = "https://shop.example", "https://shop.example.evil.example"
OURS = "http://testserver"
HOUR = 3600
PERSON = PersonId(new_id())


@pytest.fixture
def scene(shop: Shop) -> Scene:
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop, scene: Scene) -> Iterator[TestClient]:
    settings = settings_of(shop, embed_origins=f"{SHOP} https://m.shop.example")
    with TestClient(pages_app(shop.engine, shop.clock, settings)) as opened:
        yield opened


@pytest.fixture
def links(shop: Shop) -> Links:
    return links_of(settings_of(shop))


def held(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} | headers


def of(links: Links, person_id: PersonId, *, seconds: int = HOUR) -> str:
    return links.embedded(person_id, until=int(time.time()) + seconds)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_shops_server_gets_a_token_that_shows_this_persons_inbox(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="shop", scopes=["people:write"])
        reader = make_key(tx, label="reader", scopes=["people:read"])
    path = f"/v1/people/{show('per', scene.lin)}/inbox-token"
    made = client.post(path, headers=held(key)).json()
    short = client.post(path, json={"life_seconds": 60}, headers=held(key)).json()

    assert made["person"] == show("per", scene.lin)
    assert short["expires_at"] < made["expires_at"]
    shown = client.get(PATH, headers=held(made["token"])).json()
    assert shown["unread"]["inbox"] == 2
    assert code(client.post(path, headers=held(reader))) == (403, "missing_scope")
    assert code(client.post(path, json={"life_seconds": 9}, headers=held(key)))[0] == 422
    nobody = f"/v1/people/{show('per', new_id())}/inbox-token"
    assert code(client.post(nobody, headers=held(key))) == (404, "not_found")


def refused_tokens(links: Links, scene: Scene) -> dict[str, tuple[str, str]]:
    good = of(links, scene.lin)
    whose, until = good.split(".")[1:3]
    foreign = Links(["another-secret" * 3], public_url=OURS)
    return {
        "none": ("", "bad_token"),
        "a key of the API": ("ob_live_k3v9q2mx", "bad_token"),
        "over": (of(links, scene.lin, seconds=0), "token_over"),
        "another purpose": (links.token(Purpose.INBOX, scene.lin), "bad_token"),
        "an order's link": (links.token(Purpose.ORDER, scene.order), "bad_token"),
        "no end": (links.token(Purpose.EMBED, scene.lin), "bad_token"),
        "a longer life": (good.replace(until, str(int(until) + HOUR)), "bad_token"),
        "another person": (
            good.replace(whose, of(links, scene.ana).split(".")[1]),
            "bad_token",
        ),
        "another secret": (of(foreign, scene.lin), "bad_token"),
        "one character": (good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1], "bad_token"),
    }


def test_no_other_token_opens_it(client: TestClient, links: Links, scene: Scene) -> None:
    for name, (token, wanted) in refused_tokens(links, scene).items():
        answer = client.get(PATH, headers=held(token))

        assert code(answer) == (401, wanted), name
    assert code(client.get(PATH)) == (401, "no_token")


def test_the_token_opens_none_of_the_persons_other_pages(
    client: TestClient, links: Links, scene: Scene
) -> None:
    token = of(links, scene.lin)

    for page in ("i", "p", "o"):
        assert client.get(f"/{page}/{token}").status_code == 404, page
    person = f"/v1/people/{show('per', scene.lin)}"
    assert code(client.get(person, headers=held(token))) == (401, "bad_key")


ORIGINS = {
    SHOP: True,
    "https://m.shop.example": True,
    OURS: True,
    STRANGER: False,
    "http://shop.example": False,
    "https://shop.example:8443": False,
    "null": False,
}


def test_only_pages_of_listed_origins_may_ask(
    client: TestClient, links: Links, scene: Scene
) -> None:
    token = of(links, scene.lin)
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    for origin, is_open in ORIGINS.items():
        preflight = client.options(f"{PATH}/read", headers=asking | {"Origin": origin})
        asked = client.get(PATH, headers=held(token, Origin=origin))
        refused = client.get(PATH, headers={"Origin": origin})

        for answer in (preflight, asked, refused):
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == (origin if is_open else None), origin
            assert "access-control-allow-credentials" not in answer.headers
            assert "Origin" in answer.headers["vary"]
        if is_open:
            assert (preflight.status_code, asked.status_code) == (204, 200)
            assert asked.headers["cache-control"] == "no-store"
            assert code(refused) == (401, "no_token")  # which the page may read
        else:
            assert code(asked) == code(refused) == (403, "foreign_origin")


def test_a_page_of_ours_may_ask_by_whatever_name_it_was_opened(
    client: TestClient, links: Links, scene: Scene
) -> None:
    token = of(links, scene.lin)
    own, other = "http://localhost:8400", "http://localhost:9400"

    asked = client.get(f"{PATH}/count", headers=held(token, Origin=own, Host="localhost:8400"))
    assert asked.headers["access-control-allow-origin"] == own
    refused = client.get(f"{PATH}/count", headers=held(token, Origin=other, Host="localhost:8400"))
    assert code(refused) == (403, "foreign_origin")


def test_the_rest_of_the_api_is_open_to_no_page_of_another_site(client: TestClient) -> None:
    answer = client.get("/v1/orders", headers={"Origin": SHOP})

    assert "access-control-allow-origin" not in answer.headers


def test_bundles_come_page_by_page_with_their_order_to_look_at_only(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        for n in range(3):
            store.write(tx, letter(shop, scene.lin, f"n{n}"))
    token = of(links, scene.lin)
    whole = client.get(PATH, headers=held(token)).json()
    first = client.get(PATH, params={"limit": 2}, headers=held(token)).json()
    rest = client.get(PATH, params={"after": first["next"]}, headers=held(token)).json()

    assert [b["id"] for b in first["data"] + rest["data"]] == [b["id"] for b in whole["data"]]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    [bundle] = [b for b in whole["data"] if b["order"]]
    opened = links.open_order(bundle["order_url"].rpartition("/")[2])
    assert (opened.purpose, opened.order_id) == (Purpose.SHARED_ORDER, scene.order)
    foreign = {"after": first["next"], "folder": "shop"}
    assert code(client.get(PATH, params=foreign, headers=held(token))) == (400, "bad_cursor")


def letter(shop: Shop, whose: PersonId, title: str) -> Item:
    return Item(
        id=new_id(),
        person_id=whose,
        order_id=None,
        notice="case_answered",
        title=title,
        body="请查收",
        arrived_at=shop.clock.now(),
    )


def test_a_token_acts_on_its_own_persons_lines_alone(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    lins = letter(shop, scene.lin, "hers")
    with begin(shop.engine) as tx:
        store.write(tx, lins)
    ref, later = show("msg", lins.id), (shop.clock.now() + timedelta(hours=1)).isoformat()
    acts: list[tuple[str, dict[str, Any]]] = [
        ("seen", {"items": [ref]}),
        ("read", {"item": ref}),
        ("unread", {"item": ref}),
        ("snooze", {"item": ref}),
        ("snooze", {"item": ref, "until": later}),
        ("back", {"item": ref}),
        ("archive", {"item": ref}),
    ]
    for whose, expected in ((scene.ana, 0), (scene.lin, 1)):
        headers = held(of(links, whose))
        for act, body in acts:
            done = client.post(f"{PATH}/{act}", json=body, headers=headers).json()
            assert done["theirs"] == expected, act
    with begin(shop.engine) as tx:
        assert [item.title for item in store.page(tx, scene.lin, archived=True)] == ["hers"]
    past = {"item": ref, "until": "2020-01-01T00:00:00Z"}
    headers = held(of(links, scene.lin))
    assert code(client.post(f"{PATH}/snooze", json=past, headers=headers)) == (422, "not_in_future")


def test_what_was_put_off_or_away_lies_in_one_folder_alone(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    headers = held(of(links, scene.ana))
    with begin(shop.engine) as tx:
        for title in ("off", "away"):
            store.write(tx, letter(shop, scene.ana, title))

    def titles(folder: str) -> list[str]:
        shown = client.get(PATH, params={"folder": folder}, headers=headers).json()
        return [bundle["lines"][0]["title"] for bundle in shown["data"]]

    away, off = (b["id"] for b in client.get(PATH, headers=headers).json()["data"])
    client.post(f"{PATH}/snooze", json={"item": off}, headers=headers)
    client.post(f"{PATH}/archive", json={"item": away}, headers=headers)
    assert {folder: titles(folder) for folder in ("inbox", "other", "snoozed", "away")} == {
        "inbox": [],
        "other": [],
        "snoozed": ["off"],
        "away": ["away"],
    }


def test_a_stream_ends_with_its_token() -> None:
    async def heard(until: float) -> list[Any]:
        with Live(None, tick_seconds=0.01) as live:
            return [hint async for hint in embed_api._hints(live, Holder(PERSON, int(until)))]

    assert asyncio.run(asyncio.wait_for(heard(time.time() - 1), timeout=5)) == []


def test_reading_all_leaves_what_came_meanwhile(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    headers = held(of(links, scene.lin))
    newest = client.get(PATH, headers=headers).json()["data"][0]["id"]
    with begin(shop.engine) as tx:
        store.write(tx, letter(shop, scene.lin, "meanwhile"))

    done = client.post(f"{PATH}/read_all", json={"up_to": newest}, headers=headers).json()
    assert done["unread"]["inbox"] == 1
    assert client.get(f"{PATH}/count", headers=headers).json()["unread"] == done["unread"]


def test_a_search_finds_and_announces_nothing(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        store.write(tx, letter(shop, scene.lin, "the blue teapot"))
        announcement_store.add(tx, announced(shop))
    headers = held(of(links, scene.lin))

    found = client.get(PATH, params={"q": "TEAPOT"}, headers=headers).json()
    assert [bundle["lines"][0]["title"] for bundle in found["data"]] == ["the blue teapot"]
    assert found["announcements"] == []


def announced(shop: Shop) -> Announcement:
    now = shop.clock.now()
    return Announcement(
        id=new_id(),
        title_zh="春节",
        title_en="Holidays",
        body_zh="暂停发货",
        body_en="No parcels",
        audience=Audience.EVERYONE,
        is_pinned=True,
        starts_at=now,
        ends_at=None,
        made_by="key:test",
        made_at=now,
    )


def test_announcements_come_in_the_pages_language_until_they_are_waved_off(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    made = announced(shop)
    with begin(shop.engine) as tx:
        announcement_store.add(tx, made)
    headers = held(of(links, scene.lin))

    def titles(**query: str) -> list[str]:
        shown = client.get(PATH, params=query, headers=headers).json()
        return [one["title"] for one in shown["announcements"]]

    assert (titles(), titles(lang="en"), titles(lang="fr")) == (["春节"], ["Holidays"], ["春节"])
    path = f"{PATH}/announcements/{show('ann', made.id)}/dismiss"
    assert client.post(path, headers=held(of(links, scene.ana))).status_code == 204
    assert titles() == ["春节"]
    assert client.post(path, headers=headers).status_code == 204
    assert titles() == []
    unknown = f"{PATH}/announcements/{show('ann', new_id())}/dismiss"
    assert code(client.post(unknown, headers=headers)) == (404, "not_found")
