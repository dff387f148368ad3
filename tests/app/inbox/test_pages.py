"""A person's inbox: theirs alone, without a login, with and without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.http.csrf import token_for
from app.inbox import live, store
from app.inbox.item import Item
from app.people.links import Links, Purpose, links_of
from orders_core.ids import new_id, show
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def links(shop: Shop) -> Links:
    """What signs the links."""
    return links_of(settings_of(shop))


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def path_of(links: Links, scene: Scene) -> str:
    return f"/i/{links.token(Purpose.INBOX, scene.lin)}"


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def ids(shop: Shop, scene: Scene) -> list[str]:
    with begin(shop.engine) as tx:
        return [show("msg", item.id) for item in store.page(tx, scene.lin)]


def test_the_inbox_speaks_the_persons_language_unless_they_choose(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    page = client.get(path, headers={"accept-language": "en"}).text
    assert "您的消息" in page
    assert "2 条未读" in page

    assert "Your messages" in client.get(f"{path}?lang=en").text
    assert "Your messages" in client.get(path).text


def test_what_came_about_one_order_is_one_bundle_with_its_newest_line_on_top(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path, (newest, *earlier) = path_of(links, scene), ids(shop, scene)
    page = client.get(path).text

    assert page.count("<article") == 1
    assert f'<article class="card letter unread" id="{newest}">' in page
    assert "更早的 2 条" in page
    unstamped = links.order(scene.order).rpartition(".")[0].rpartition(".")[0]
    assert page.count(f'href="{unstamped}.') == 1
    assert all(f"{path}/why/{line}" in page for line in (newest, *earlier))


def test_a_bundle_is_read_put_away_and_brought_back_by_plain_forms(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path, newest = path_of(links, scene), ids(shop, scene)[0]
    csrf = {"csrf": token_of(client.get(path).text)}

    answer = client.post(f"{path}/items/{newest}/read", data=csrf)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "全部已读" in client.get(path).text

    client.post(f"{path}/items/{newest}/archive", data=csrf)
    assert newest not in client.get(path).text
    assert newest in client.get(f"{path}?folder=away").text

    answer = client.post(f"{path}/items/{newest}/back", data=csrf)
    assert answer.headers["location"] == f"{path}?folder=away"
    assert newest in client.get(path).text


def test_news_that_came_while_somebody_read_stays_unread(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path, (newest, before, *_) = path_of(links, scene), ids(shop, scene)
    csrf = {"csrf": token_of(client.get(path).text)}

    client.post(f"{path}/items/{before}/read", data=csrf)
    assert "1 条未读" in client.get(path).text

    client.post(f"{path}/read-all", data=csrf | {"up_to": before})
    assert "1 条未读" in client.get(path).text

    client.post(f"{path}/read-all", data=csrf | {"up_to": newest})
    assert "全部已读" in client.get(path).text


def test_to_look_is_to_see_and_not_to_read(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)

    assert '<span class="state wait">新</span>' in client.get(path).text
    again = client.get(path).text

    assert '<span class="state wait">新</span>' not in again
    assert "2 条未读" in again
    assert "<title>(2) " in again


def test_what_the_shop_tells_everyone_lies_apart(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        offer = Item(
            id=new_id(),
            person_id=scene.lin,
            order_id=None,
            notice="announcement",
            title="明前茶到货",
            body="今晚八点开售",
            arrived_at=shop.clock.now(),
        )
        store.write(tx, offer)
    path = path_of(links, scene)

    assert "明前茶到货" not in client.get(path).text
    assert "明前茶到货" in client.get(f"{path}?folder=shop").text


def test_a_script_gets_the_list_back_instead_of_a_page(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)
    form = {"csrf": token_of(client.get(path).text), "up_to": ids(shop, scene)[0]}

    answer = client.post(f"{path}/read-all", data=form, headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "全部已读" in answer.text
    assert "<html" not in client.get(f"{path}/items").text


def test_the_page_asks_the_database_as_often_for_forty_orders_as_for_one(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)
    client.get(path)
    few = statements_of(shop, lambda: client.get(path))
    with begin(shop.engine) as tx:
        for _ in range(40):
            line = Item(
                id=new_id(),
                person_id=scene.lin,
                order_id=new_id(),
                notice="order_paid",
                title="已付款",
                body="正在备货",
                arrived_at=shop.clock.now(),
                seen_at=shop.clock.now(),
            )
            store.write(tx, line)
    client.get(path)

    assert statements_of(shop, lambda: client.get(path)) == few


def statements_of(shop: Shop, act: Callable[[], object]) -> int:
    """Count the statements that reach the database while `act` runs."""
    said: list[str] = []

    def note(*heard: object) -> None:
        said.append(str(heard[2]))

    event.listen(shop.engine, "before_cursor_execute", note)
    act()
    event.remove(shop.engine, "before_cursor_execute", note)
    return len(said)


def test_a_form_needs_its_token_and_the_token_of_another_link_is_none(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path, newest = path_of(links, scene), ids(shop, scene)[0]
    others = token_of(client.get(f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}").text)
    for csrf in ("", others):
        answer = client.post(f"{path}/items/{newest}/read", data={"csrf": csrf})
        assert answer.status_code == 403
    assert "2 条未读" in client.get(path).text


def test_nobody_elses_item_can_be_seen_or_touched(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    hers, newest = f"/i/{links.token(Purpose.INBOX, scene.ana)}", ids(shop, scene)[0]
    page = client.get(hers).text
    assert newest not in page
    assert "Nothing here yet" in page

    csrf = token_for(b"only-for-demo-and-test-set-your-own", hers.removeprefix("/i/"))
    assert client.post(f"{hers}/items/{newest}/read", data={"csrf": csrf}).status_code == 303
    assert "2 条未读" in client.get(path_of(links, scene)).text


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_a_link_for_something_else_does_not_open_it(
    client: TestClient, links: Links, scene: Scene, purpose: Purpose
) -> None:
    answer = client.get(f"/i/{links.token(purpose, scene.lin)}")

    assert answer.status_code == 404
    assert "no_such_link" in answer.text


def test_a_link_with_a_character_changed_opens_nothing(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    for place in range(3, len(path), 5):
        forged = path[:place] + ("x" if path[place] != "x" else "y") + path[place + 1 :]

        assert client.get(forged).status_code == 404


def test_the_stream_is_open_to_the_link_alone(client: TestClient) -> None:
    assert client.get("/i/forged/stream").status_code == 404


def test_a_full_process_opens_no_further_stream(
    client: TestClient, links: Links, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    answer = client.get(f"{path_of(links, scene)}/stream", headers={"accept": "text/event-stream"})

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "30"


def test_a_bundle_is_put_off_until_tomorrow_and_found_by_a_search(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path, newest = path_of(links, scene), ids(shop, scene)[0]
    page = client.get(path).text
    assert f'action="{path}/search"' in page

    client.post(f"{path}/items/{newest}/later", data={"csrf": token_of(page)})
    assert newest not in client.get(path).text
    assert newest in client.get(f"{path}?folder=snoozed").text

    with begin(shop.engine) as tx:
        title = store.page(tx, scene.lin)[0].title
    assert newest in client.get(f"{path}/search", params={"q": title}).text
    assert "没有找到" in client.get(f"{path}/search", params={"q": "zebra"}).text

    form = {"csrf": token_of(page), "folder": "snoozed"}
    client.post(f"{path}/items/{newest}/back", data=form)
    assert newest in client.get(path).text
