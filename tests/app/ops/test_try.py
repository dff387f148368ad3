"""Paste a payload: what it would do is shown with every rule, and nothing of it stays."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.people import store as people
from app.people.choices import ChannelName
from app.people.person import Consent, Profile
from orders_core.tx import Tx
from tests.app.intake.foreign import event, order
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
NOT_OURS = {"session", "api_key", "heartbeat", "business_clock"}  # touched by whoever asks
NOTICE = {"notice": "announcement", "person": "u-1", "title": "Tea", "body": "New."}


def counts(tx: Tx) -> Mapping[str, object]:
    """Count the rows of every table, changed ones told apart by who wrote them last."""
    names = [name for name in tx.scalars(text(TABLES)) if name not in NOT_OURS]
    asked = "SELECT count(*), max(xmin::text::bigint) FROM"
    return {name: tuple(tx.execute(text(f"{asked} {name}")).one()) for name in names}


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """The operator, logged in, with a key at hand."""
    now = shop.clock.now()
    agreed = Consent(channel=ChannelName.EMAIL, granted=True, source="test", at=now)
    known = Profile(
        reference="u-1",
        name="Lin",
        contacts={ChannelName.EMAIL: "lin@mail.example"},
        consents=(agreed,),
    )
    with begin(shop.engine) as tx:
        set_scene(tx, now)
        people.upsert(tx, [known], locale="en", zone="Asia/Shanghai", now=now)
        key = make_key(tx, label="mine", scopes=KEY_SCOPES)
        weak = make_key(tx, label="weak", scopes=["events:write"])
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        opened.get("/login")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        opened.app_state["key"], opened.app_state["weak"] = key, weak
        yield opened


def ask(client: TestClient, payload: Any, *, key: str = "key") -> Any:
    headers = {"Authorization": f"Bearer {client.app_state[key]}", "accept": "application/json"}
    return client.post("/v1/events:dry-run", json=payload, headers=headers)


def paste(client: TestClient, payload: str, lang: str = "en") -> Any:
    page = client.get(f"/ops/try?lang={lang}").text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token is not None
    return client.post("/ops/try", data={"payload": payload, "csrf": token[1]})


def test_an_order_shows_its_events_notices_verdict_and_words(client: TestClient) -> None:
    page = paste(client, json.dumps(event(order(1, "paid"))))

    assert page.status_code == 200
    for said in ("order.paid", "accepted", "Nothing was written"):
        assert said in page.text
    assert page.text.count('class="rules"') == 1
    assert "<details" in page.text


@pytest.mark.parametrize(
    "payload",
    [event(order(1, "paid")), order(1, "shipped"), NOTICE, event(NOTICE, type="notice")],
)
def test_nothing_is_written_whatever_was_tried(
    client: TestClient, shop: Shop, payload: Any
) -> None:
    ask(client, payload)  # what belongs to the asking itself, such as a key's last use
    with begin(shop.engine) as tx:
        before = counts(tx)

    answer = ask(client, payload)
    paste(client, json.dumps(payload))

    assert answer.status_code == 200
    assert answer.json()["decided"] != []
    with begin(shop.engine) as tx:
        assert counts(tx) == before


def test_an_order_that_is_known_shows_only_what_would_be_new(
    client: TestClient, shop: Shop
) -> None:
    headers = {"Authorization": f"Bearer {client.app_state['key']}"}
    client.post("/v1/events?notify=yes", json=event(order(1, "placed")), headers=headers)

    answer = ask(client, event(order(2, "paid"))).json()

    assert [one["type"] for one in answer["events"]] == ["order.paid"]
    assert answer["results"][0]["outcome"] == "accepted"


def test_the_api_answers_every_rule_and_no_link_of_anybodys(client: TestClient) -> None:
    answer = ask(client, NOTICE)

    body = answer.json()
    assert body["written"] is False
    [decided] = body["decided"]
    assert decided["notice"] == "announcement"
    assert {rule["rule"] for rule in decided["rules"]} >= {"consent", "preference", "cap"}
    assert {"channel", "due_at", "title"} == set(decided["messages"][0])
    assert "http://testserver/" not in answer.text


def test_what_is_wrong_is_shown_with_its_place(client: TestClient) -> None:
    broken = order(1, "paid") | {"total": {"amount_minor": "7", "currency": "CNY"}}

    event_page = paste(client, json.dumps(broken))
    notice_page = paste(client, json.dumps({**NOTICE, "title": 7}))
    no_json = paste(client, "{")

    assert "/data/total/amount_minor" in event_page.text
    assert (notice_page.status_code, no_json.status_code) == (422, 422)
    assert "<code>/title</code>" in notice_page.text
    assert "bad_json" in no_json.text
    assert ask(client, []).json()["code"] == "too_many"
    assert ask(client, [{}] * 21).json()["code"] == "too_many"


def test_a_notice_needs_the_scope_of_notices(client: TestClient) -> None:
    assert ask(client, NOTICE, key="weak").status_code == 403
    assert ask(client, event(NOTICE, type="notice"), key="weak").status_code == 403
    assert ask(client, event(order(1, "paid")), key="weak").status_code == 200
    batch = [event(order(1, "paid")), event(NOTICE, type="notice", id="n")]
    results = ask(client, batch, key="weak").json()["results"]
    assert [one["outcome"] for one in results] == ["accepted", "rejected"]


def test_the_sample_on_the_page_is_one_that_would_be_taken(client: TestClient) -> None:
    page = client.get("/ops/try").text
    sample = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert sample is not None

    assert "order.paid" in paste(client, html.unescape(sample[1])).text


def test_both_languages_say_it(client: TestClient) -> None:
    assert "没有写入任何内容" in paste(client, json.dumps(NOTICE), lang="zh").text
