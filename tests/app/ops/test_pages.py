"""The operator's pages: what stands on them, and what their buttons do."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.hub import switch
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from orders_core.ids import new_id, show
from tests.pages_app import pages_app, settings_of
from tests.scene import EMAIL, OPERATOR, PASSWORD, PHONE, Scene, set_scene
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop, scene: Scene) -> Iterator[TestClient]:
    """The operator, logged in."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        csrf = token_of(opened.get("/login").text)
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": csrf})
        yield opened


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def act(client: TestClient, path: str, **fields: str) -> int:
    csrf = token_of(client.get("/ops").text)
    return client.post(path, data={"csrf": csrf, **fields}).status_code


def test_the_house_page_shows_lanes_processes_and_what_is_stuck(client: TestClient) -> None:
    page = client.get("/ops").text

    assert "1 of unknown fate in 24 h" in page
    assert "1 may have gone twice in 24 h" in page
    assert "Leader" in page
    assert "&#39;carrier&#39; is undefined" in page
    assert "the mix-up is mended" in page


def test_a_stuck_event_is_tried_again_for_a_reason(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    path = f"/ops/parked/{show('evt', scene.parked)}"
    assert act(client, path, do="retry", why="the template is mended") == 303

    with begin(shop.engine) as tx:
        row = tx.execute(text("SELECT * FROM outbox WHERE state = 'pending'")).one()
        line = tx.execute(text("SELECT * FROM audit WHERE action = 'event.retry'")).one()
    assert (row.attempts, row.close_reason) == (0, "the template is mended")
    assert (line.actor, line.why) == (f"staff:{OPERATOR}", "the template is mended")
    assert "five new tries" in client.get("/ops?done=retry").text


def test_a_stuck_event_is_closed_unhandled_for_a_reason(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    path = f"/ops/parked/{show('evt', scene.parked)}"
    assert act(client, path, do="discard", why="a test order") == 303
    assert act(client, path, do="discard", why="a test order") == 404

    with begin(shop.engine) as tx:
        assert (
            tx.execute(text("SELECT count(*) FROM outbox WHERE state = 'discarded'")).scalar() == 1
        )


@pytest.mark.parametrize("why", ["", "  ", "x", "y" * 301])
def test_without_a_reason_nothing_is_done(client: TestClient, shop: Shop, why: str) -> None:
    assert act(client, "/ops/marketing/stop", why=why) == 422

    with begin(shop.engine) as tx:
        assert switch.last(tx) is None


def test_the_big_switch_stops_and_resumes_with_who_and_why(client: TestClient, shop: Shop) -> None:
    assert act(client, "/ops/marketing/stop", why="a wrong price") == 303
    with begin(shop.engine) as tx:
        assert switch.is_stopped(tx)
    page = client.get("/ops").text
    assert f"Stopped by staff:{OPERATOR}" in page
    assert "a wrong price" in page

    assert act(client, "/ops/marketing/resume", why="mended") == 303
    with begin(shop.engine) as tx:
        assert not switch.is_stopped(tx)
        done = tx.execute(text("SELECT action FROM audit ORDER BY id DESC LIMIT 2")).scalars().all()
    assert done == ["marketing.resume", "marketing.stop"]


def test_the_books_page_shows_the_last_check_and_names_what_is_broken(
    client: TestClient, shop: Shop
) -> None:
    assert "not checked yet" in client.get("/ops/books").text

    act(client, "/ops/books", do="whole")
    page = client.get("/ops/books").text
    assert "stock_equals_movements" in page
    assert "promises hold" in page

    with begin(shop.engine) as tx:
        tx.execute(text("DELETE FROM inbox_item"))  # three lines that were told as delivered
        wrong = tx.scalars(text("UPDATE orders SET ship_to = uuid7() RETURNING id")).first()
        assert wrong is not None
    assert "promises hold" in client.get("/ops/books").text

    act(client, "/ops/books", do="step")
    page = client.get("/ops/books").text
    assert "3 breaches" in page
    assert f"/ops/orders/{show('ord', wrong)}" in page


def test_the_search_box_takes_whatever_is_in_hand(client: TestClient, scene: Scene) -> None:
    order, lin = show("ord", scene.order), show("per", scene.lin)
    for text_in_hand, path in (
        ("100482", f"/ops/orders/{order}"),
        (" E2026100482 ", f"/ops/orders/{order}"),
        ("SF1390482217654", f"/ops/orders/{order}"),
        (order, f"/ops/orders/{order}"),
        (order.upper(), f"/ops/orders/{order}"),
        ("5678", f"/ops/people/{lin}"),
        ("138 1234 5678", f"/ops/people/{lin}"),
        (PHONE, f"/ops/people/{lin}"),
        (EMAIL.upper(), f"/ops/people/{lin}"),
        ("C-1001", f"/ops/people/{lin}"),
        (lin, f"/ops/people/{lin}"),
        (show("msg", scene.message), f"/ops/messages/{show('msg', scene.message)}"),
    ):
        answer = client.get("/ops/search", params={"q": text_in_hand})

        assert answer.headers.get("location") == path, text_in_hand


@pytest.mark.parametrize("q", ["", "nobody", "%", "_", "'; DROP TABLE orders", "ord_x", "9" * 150])
def test_a_search_that_finds_nothing_teaches_what_to_try(client: TestClient, q: str) -> None:
    page = client.get("/ops/search", params={"q": q})

    assert page.status_code == 200
    assert "last four digits" in page.text


def test_the_order_page_tells_why_the_person_was_told(client: TestClient, scene: Scene) -> None:
    page = client.get(f"/ops/orders/{show('ord', scene.order)}").text

    assert "Channels: inbox, e-mail, push." in page
    assert "It is night where they live: quiet hours." in page
    assert "Bells wait until 2 Mar, 20:00" in page
    assert "May have gone twice" in page


def test_the_person_page_shows_what_they_chose_and_offers_no_undo(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    off = {(Category.ORDERS, ChannelName.EMAIL): False}
    with begin(shop.engine) as tx:
        choose(tx, scene.lin, off, source="test", now=MORNING)

    page = client.get(f"/ops/people/{show('per', scene.lin)}").text

    assert "Orders by E-mail" in page
    assert "/undo" not in page


def test_the_person_page_tells_why_they_were_not_told_and_masks_addresses(
    client: TestClient, scene: Scene
) -> None:
    page = client.get(f"/ops/people/{show('per', scene.lin)}").text

    assert "they have not agreed to that" in page
    assert "Not on e-mail, push." in page
    assert EMAIL not in page
    assert PHONE not in page
    assert "•••5678" in page


def test_what_is_not_there_is_a_404_in_the_house_style(client: TestClient) -> None:
    for path in (f"/ops/orders/{show('ord', new_id())}", f"/dev/outbox/{show('out', new_id())}"):
        answer = client.get(path)

        assert answer.status_code == 404
        assert "Not found" in answer.text


def test_the_outbox_shows_what_left_and_keeps_its_html_in_a_cage(
    client: TestClient, scene: Scene
) -> None:
    listed = client.get("/dev/outbox").text
    opened = client.get(f"/dev/outbox/{show('out', scene.mail)}").text
    mail = client.get(f"/dev/outbox/{show('out', scene.mail)}/html")

    assert "We have your order 100482" in listed
    assert 'sandbox=""' in opened
    assert "default-src 'none'" in mail.headers["content-security-policy"]
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in mail.headers["content-security-policy"]


def test_the_outbox_can_show_one_channel_only(client: TestClient) -> None:
    page = client.get("/dev/outbox?channel=sms").text

    assert PHONE in page
    assert EMAIL not in page
    assert client.get("/dev/outbox?channel=pigeon").status_code == 422


def test_hostile_words_are_shown_as_words(client: TestClient, shop: Shop, scene: Scene) -> None:
    hostile = "<img src=x onerror=alert(1)>{{7*7}}"
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE person SET name = :n"), {"n": hostile})
        tx.execute(text("UPDATE captured SET subject = :n, body = :n, html = NULL"), {"n": hostile})
        tx.execute(text("UPDATE outbox SET error = :n"), {"n": hostile})
    for path in (
        "/ops",
        f"/ops/people/{show('per', scene.lin)}",
        f"/ops/orders/{show('ord', scene.order)}",
        "/dev/outbox",
        f"/dev/outbox/{show('out', scene.mail)}",
        f"/ops/search?q={hostile}",
    ):
        page = client.get(path).text

        assert "<img src=x" not in page
        assert "{{7*7}}" in page


def test_the_api_page_shows_each_operation_and_what_each_problem_means(client: TestClient) -> None:
    assert client.get("/docs").status_code == 200
    page = client.get("/docs/problems").text
    assert 'id="duplicate_key"' in page


def test_the_api_page_asks_nobody_but_knows_who_is_logged_in(client: TestClient) -> None:
    assert 'href="/ops"' in client.get("/docs").text
    client.cookies.clear()

    page = client.get("/docs").text
    assert 'href="/ops"' not in page
    assert 'href="/docs"' in page
