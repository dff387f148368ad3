"""Logging in: the session is new, hidden, ended by the server, and of no use to other sites."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.responses import Response
from starlette.testclient import TestClient

from app.access import sessions, staff
from app.access.pages import safe_next
from app.db.transaction import begin
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop

ANA, PASSWORD = "ana@shop.example", "a long enough password"
SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser before the login form of a shop with one operator and one agent."""
    with begin(shop.engine) as tx:
        staff.put(tx, email=ANA, name="Ana", password=PASSWORD, role="operator")
        staff.put(tx, email="ben@shop.example", name="Ben", password=PASSWORD, role="agent")
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def log_in(client: TestClient, email: str = ANA, password: str = PASSWORD, **more: str) -> int:
    csrf = token_of(client.get("/login").text)
    fields = {"email": email, "password": password, "csrf": csrf, **more}
    return client.post("/login", data=fields).status_code


def test_the_right_password_opens_the_house(client: TestClient) -> None:
    assert log_in(client) == 303
    assert client.get("/ops").status_code == 200


def test_a_wrong_password_and_an_unknown_account_are_told_alike(client: TestClient) -> None:
    csrf = token_of(client.get("/login").text)
    fields = {"password": "wrong wrong wrong", "csrf": csrf}

    wrong = client.post("/login", data={**fields, "email": ANA})
    unknown = client.post("/login", data={**fields, "email": "zoe@shop.example"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(ANA, "zoe@shop.example") == unknown.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    csrf = token_of(client.get("/login").text)
    answer = client.post("/login", data={"email": ANA, "password": PASSWORD, "csrf": csrf})

    cookie = next(
        line for line in answer.headers.get_list("set-cookie") if line.startswith("ob_session")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_over_https_the_cookie_is_bound_to_the_host_and_secure() -> None:
    response = Response()
    sessions.put_cookie(response, "x", public_url="https://shop.example")

    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-ob_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_session_that_was_there_before_the_login_is_worth_nothing_after(
    client: TestClient, shop: Shop
) -> None:
    log_in(client)
    planted = client.cookies["ob_session"]
    log_in(client)

    assert client.cookies["ob_session"] != planted
    client.cookies.clear()
    client.cookies.set("ob_session", planted)
    assert client.get("/ops").status_code == 303
    with begin(shop.engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM session")).scalar_one() == 1


def test_the_database_holds_no_usable_session(client: TestClient, shop: Shop) -> None:
    log_in(client)

    with begin(shop.engine) as tx:
        row = tx.execute(text("SELECT session::text FROM session")).scalar_one()
    assert client.cookies["ob_session"] not in row


def test_an_idle_and_an_old_session_end_by_themselves(client: TestClient, shop: Shop) -> None:
    for ageing in (
        "UPDATE session SET seen_at = seen_at - interval '3 hours'",
        "UPDATE session SET expires_at = expires_at - interval '13 hours'",
    ):
        log_in(client)
        with begin(shop.engine) as tx:
            tx.execute(text(ageing))
        assert client.get("/ops").status_code == 303
    with begin(shop.engine) as tx:
        assert sessions.sweep(tx) > 0


def test_logging_out_ends_the_session_on_the_server(client: TestClient) -> None:
    log_in(client)
    kept = client.cookies["ob_session"]
    csrf = token_of(client.get("/ops").text)

    assert client.post("/logout", data={"csrf": csrf}).status_code == 303
    client.cookies.set("ob_session", kept)
    assert client.get("/ops").status_code == 303


def test_a_new_password_or_role_ends_every_session(client: TestClient, shop: Shop) -> None:
    log_in(client)
    with begin(shop.engine) as tx:
        staff.put(tx, email=ANA, name="Ana", password=PASSWORD, role="agent")

    assert client.get("/ops").status_code == 303


def test_a_form_without_its_token_or_with_anothers_is_refused(client: TestClient) -> None:
    client.get("/login")
    for csrf in ("", "0" * 64):
        fields = {"email": ANA, "password": PASSWORD, "csrf": csrf}
        assert client.post("/login", data=fields).status_code == 403

    log_in(client)
    for path in ("/logout", "/ops/marketing/stop"):
        answer = client.post(path, data={"why": "because", "csrf": "0" * 64})
        assert answer.status_code == 403


def test_who_is_not_logged_in_is_led_to_the_login_and_back(client: TestClient) -> None:
    answer = client.get("/ops/search?q=7")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fops%2Fsearch%3Fq%3D7"
    csrf = token_of(client.get(answer.headers["location"]).text)
    fields = {"email": ANA, "password": PASSWORD, "csrf": csrf, "next": "/ops/search?q=7"}
    assert client.post("/login", data=fields).headers["location"] == "/ops/search?q=7"


@pytest.mark.parametrize(
    "wish",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "", "/a\nb", "/" * 600],
)
def test_the_way_on_never_leads_out_of_the_house(wish: str) -> None:
    assert safe_next(wish) == "/ops"


def test_another_role_is_told_that_it_is_not_theirs(client: TestClient) -> None:
    log_in(client, "ben@shop.example")

    assert client.get("/ops").status_code == 403
    assert client.get("/dev/outbox").status_code == 403


def test_guessing_is_slowed_down_and_says_for_how_long(client: TestClient) -> None:
    for _ in range(5):
        log_in(client, password="wrong wrong wrong")

    assert log_in(client) == 429
    csrf = token_of(client.get("/login").text)
    answer = client.post("/login", data={"email": ANA, "password": PASSWORD, "csrf": csrf})
    assert int(answer.headers["retry-after"]) >= 1


def test_only_a_demo_opens_without_a_password(client: TestClient) -> None:
    page = client.get("/login").text
    assert "/login/demo" not in page

    answer = client.post("/login/demo", data={"csrf": token_of(page)})
    assert answer.status_code == 403


def test_a_demo_opens_to_its_own_machine_and_to_nobody_else(shop: Shop) -> None:
    app = pages_app(shop.engine, shop.clock, settings_of(shop, mode="demo"))
    for address, is_let_in in (("127.0.0.1", True), ("192.0.2.7", False)):
        with TestClient(
            app, headers=SAME, follow_redirects=False, client=(address, 50000)
        ) as client:
            page = client.get("/login").text
            assert ("/login/demo" in page) is is_let_in

            client.post("/login/demo", data={"csrf": token_of(page)})
            assert (client.get("/ops").status_code == 200) is is_let_in
