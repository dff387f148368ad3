"""The dev outbox: sieved by person and by words, counted as the network counts, and as a table."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.messages import capture_store
from app.messages.capture_store import Captured
from orders_core.ids import show
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, Scene, set_scene
from tests.shop import Shop

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
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        yield opened


def leave(shop: Shop, channel: str, body: str, *, subject: str = "") -> None:
    """Let one message leave, now."""
    left = Captured(
        channel=channel,
        address="+8613800000000",
        message_id=None,
        subject=subject,
        body=body,
        html=None,
        captured_at=shop.clock.now() + timedelta(minutes=9),
    )
    with begin(shop.engine) as tx:
        capture_store.add(tx, [left])


def test_words_find_what_holds_them_and_a_percent_sign_is_a_percent_sign(
    client: TestClient, shop: Shop
) -> None:
    leave(shop, "push", "立减 50%", subject="秋茶")

    assert "秋茶" in client.get("/dev/outbox?q=50%25").text
    assert "秋茶" not in client.get("/dev/outbox?q=5_%25").text
    assert "Nothing that left matches" in client.get("/dev/outbox?q=zzz").text


def test_a_persons_messages_stand_alone(client: TestClient, scene: Scene, shop: Shop) -> None:
    leave(shop, "sms", "给别人的短信")

    everybody = client.get("/dev/outbox?person=").text
    hers = client.get(f"/dev/outbox?person={show('per', scene.lin)}").text
    nobodys = client.get(f"/dev/outbox?person={show('per', scene.ana)}").text

    assert "给别人的短信" in everybody
    assert "给别人的短信" not in hers
    assert "已收到您的订单" in hers
    assert "Nothing that left matches" in nobodys
    assert client.get("/dev/outbox?person=per_nonsense").status_code == 422


def test_an_sms_shows_what_the_network_counts(client: TestClient, shop: Shop) -> None:
    leave(shop, "sms", "单" * 71)
    leave(shop, "sms", "a" * 160)
    page = client.get("/dev/outbox").text

    assert "2 segments · 71 characters" in page
    assert "1 segment · 160 of 160 characters" in page


def test_a_push_shows_what_a_locked_screen_folds_away(client: TestClient, shop: Shop) -> None:
    leave(shop, "push", "茶" * 80, subject="秋茶")
    page = client.get("/dev/outbox").text

    assert f'{"茶" * 70}<span class="cut"' in page
    assert "does not show what is struck out" in page


def test_the_table_holds_what_the_page_is_sieved_to(client: TestClient, scene: Scene) -> None:
    answer = client.get("/dev/outbox.csv?channel=sms")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert [row["channel"] for row in rows] == ["sms"]
    assert rows[0]["message"] == show("msg", scene.message)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_mail_is_seen_in_the_dark_and_as_on_a_phone(client: TestClient, scene: Scene) -> None:
    path = f"/dev/outbox/{show('out', scene.mail)}"

    assert 'class="mail-frame phone dark"' in client.get(f"{path}?width=phone&look=dark").text
    assert 'class="mail-frame wide light"' in client.get(path).text
    assert client.get(f"{path}?look=blinding").status_code == 422


def test_what_staff_did_is_a_table_too(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/ops/audit.csv").text.lstrip("\ufeff"))))

    assert "marketing.resume" in {row["action"] for row in rows}
