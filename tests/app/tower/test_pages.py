"""The tower opens to whoever sits at a demo's machine, and to nobody else, however they dress."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.pages import BEFORE_COOKIE
from app.db.transaction import begin
from app.http.csrf import HEADER
from tests.pages_app import pages_app, settings_of
from tests.scene import set_scene
from tests.shop import Shop

HERE, NEAR, FAR = "http://127.0.0.1:8400", ("127.0.0.1", 50_000), ("203.0.113.9", 50_000)
SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}
STAFF = {"agent": "/desk", "marketer": "/campaigns", "operator": "/ops", "lead": "/desk/forecast"}


@contextmanager
def visitor(
    shop: Shop, *, mode: str = "demo", at: tuple[str, int] = NEAR, url: str = HERE, **headers: str
) -> Iterator[TestClient]:
    """A browser somewhere, before a shop of some mode."""
    secret = {"secret_key": "s" * 32, "smtp_host": "mail.example"} if mode == "production" else {}
    settings = settings_of(shop, mode=mode, public_url=HERE, **secret)
    app = pages_app(shop.engine, shop.clock, settings)
    worn = {**SAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with TestClient(app, base_url=url, client=at, headers=worn, follow_redirects=False) as opened:
        yield opened


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def enter(client: TestClient, door: str) -> Any:
    csrf = token_of(client.get("/").text)
    return client.post(f"/tower/doors/{door}", data={"csrf": csrf})


def furnish(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        scene = set_scene(tx, shop.clock.now())
        tx.exec_driver_sql("UPDATE person SET reference = 'xm-xiaoyu' WHERE id = %s", (scene.lin,))


@pytest.mark.parametrize(("door", "leads_to"), STAFF.items())
def test_each_door_of_the_house_is_one_click(shop: Shop, door: str, leads_to: str):
    with visitor(shop) as client:
        opened = enter(client, door)

        assert (opened.status_code, opened.headers["location"]) == (303, leads_to)
        assert client.get(leads_to, follow_redirects=True).status_code == 200


def test_the_shoppers_door_opens_their_own_inbox(shop: Shop):
    furnish(shop)
    with visitor(shop) as client:
        opened = enter(client, "shopper")

        assert opened.headers["location"].startswith(f"{HERE}/i/")
        assert "林小满" in client.get("/?lang=zh").text


def test_before_anybody_moved_in_the_shoppers_door_says_so(shop: Shop):
    with visitor(shop) as client:
        assert enter(client, "shopper").headers["location"] == "/?no=shopper"
        assert "Nobody is here yet" in client.get("/?no=shopper&lang=en").text


@pytest.mark.parametrize("mode", ["test", "production"])
def test_in_other_modes_the_front_leads_to_the_house_and_no_door_opens(shop: Shop, mode: str):
    with visitor(shop, mode=mode) as client:
        assert client.get("/").headers["location"] == "/ops"
        for door in (*STAFF, "shopper"):
            assert client.post(f"/tower/doors/{door}").status_code in {403, 404}
        assert "ob_session" not in client.cookies


STRANGERS: dict[str, dict[str, Any]] = {
    "from afar": {"at": FAR},
    "through a proxy": {"x_forwarded_for": "203.0.113.9"},
    "a proxy that lies": {"x_forwarded_for": "127.0.0.1"},
    "a proxy of the new kind": {"forwarded": "for=127.0.0.1"},
    "from afar, saying it is near": {"at": FAR, "x_forwarded_for": "127.0.0.1"},
    "from afar, with a real ip": {"at": FAR, "x_real_ip": "127.0.0.1"},
    "by a name that was bent to us": {"url": "http://rebound.example:8400"},
}


@pytest.mark.parametrize("dress", STRANGERS.values(), ids=STRANGERS)
def test_nobody_comes_in_from_elsewhere(shop: Shop, dress: dict[str, Any]):
    with visitor(shop, **dress) as client:
        front = client.get("/")
        assert (front.status_code, front.headers["location"]) == (303, "/ops")
        for path in ("/tower/live", "/tower/mail/out_01m82mee75ep1tz60pwb9tyjz6"):
            assert client.get(path).status_code == 403
        for path in ("/tower/doors/operator", "/tower/steps/buy", "/tower/clock"):
            assert client.post(path, data={"to": "fast"}).status_code == 403
        assert "ob_session" not in client.cookies
        assert "/login/demo" not in client.get("/login").text


def test_a_form_of_another_site_or_without_its_token_does_nothing(shop: Shop):
    with visitor(shop) as client:
        token = token_of(client.get("/").text)
        for csrf in ("", "0" * 64):
            assert client.post("/tower/doors/operator", data={"csrf": csrf}).status_code == 403
        cross = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
        answer = client.post("/tower/doors/operator", data={"csrf": token}, headers=cross)
        assert answer.status_code == 403
        client.cookies.delete("ob_here")
        assert client.post("/tower/clock", headers={HEADER: token}).status_code == 403
        assert BEFORE_COOKIE not in client.cookies


def test_a_step_is_asked_for_once_and_the_page_shows_it(shop: Shop):
    furnish(shop)
    with visitor(shop) as client:
        csrf = token_of(client.get("/?lang=en").text)
        first = client.post("/tower/steps/buy", data={"csrf": csrf})
        second = client.post("/tower/steps/buy", data={"csrf": csrf})

        assert first.headers["location"] == "/?step=buy#strip"
        assert second.headers["location"] == "/?step=buy&no=busy#strip"
        page = client.get("/?step=buy")
        assert "asked for" in page.text
        assert "http-equiv" in page.text


def test_a_step_that_comes_too_early_says_why(shop: Shop):
    furnish(shop)
    with visitor(shop) as client:
        csrf = token_of(client.get("/?lang=en").text)
        refused = client.post("/tower/steps/late", data={"csrf": csrf})

        assert "The step before it comes first." in client.get(refused.headers["location"]).text


def test_the_clock_runs_faster_and_the_page_says_so(shop: Shop):
    with visitor(shop) as client:
        csrf = token_of(client.get("/").text)
        client.post("/tower/clock", data={"csrf": csrf, "to": "fast"})

        assert 'data-rate="60.0"' in client.get("/").text


def test_before_the_shop_is_furnished_no_step_can_be_pressed(shop: Shop):
    with visitor(shop) as client:
        page = client.get("/?lang=en").text

        assert "being furnished" in page
        assert page.count("disabled") >= 3


def test_what_left_is_on_the_phone_and_in_the_mailbox(shop: Shop):
    furnish(shop)
    with visitor(shop) as client:
        page = client.get("/?lang=en").text
        mail = re.search(r"/tower/mail/out_[0-9a-z]+", page)

        assert mail is not None
        assert "of 70 characters" in page
        letter = client.get(mail[0])
        assert "sandbox" in letter.headers["content-security-policy"]
        assert "<html" in letter.text
