"""The request log: what came in, how it was answered and why, and sending it once more."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES, Role
from app.db.transaction import begin
from app.http.witness import MOST_BODY_BYTES, Exchange, Witness
from app.ops import requests_store
from app.ops.requests import at_pointer, curl, kept
from app.ops.requests_log import ROOM, SUCCESSES_A_SECOND, RequestLog
from app.ops.requests_store import Sieve
from orders_core.ids import new_id, show
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}
PERSON = {"name": "Lin", "email": "lin@mail.example", "locale": "zh"}


def exchange(**given: Any) -> Exchange:
    usual: dict[str, Any] = {
        "method": "PUT",
        "path": "/v1/people/c-1",
        "query": "",
        "headers": {"content-type": "application/json"},
        "body": json.dumps(PERSON).encode(),
        "body_bytes": len(json.dumps(PERSON)),
        "caller": "key:abc",
        "replayed_by": None,
        "status": 200,
        "took_ms": 1.5,
        "request_id": "req_1",
        "answer": b"",
    }
    return Exchange(**{**usual, **given})


class Watched:
    """The whole app behind its witness, a program with a key, and the operator."""

    def __init__(self, client: TestClient, log: RequestLog, key: str, shop: Shop) -> None:
        self.client, self.log, self.shop = client, log, shop
        self.key = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.request(method, path, json=body, headers={**self.key, **headers})

    def latest(self, sieve: Sieve = Sieve()) -> Any:  # noqa: B008 - frozen
        self.log.write()
        with begin(self.shop.engine) as tx:
            return requests_store.page(tx, sieve)

    def page(self, row: Any) -> str:
        return self.client.get(f"/ops/requests/{show('rlg', row.id)}").text

    def replay(self, row: Any, key: str) -> Any:
        path = f"/ops/requests/{show('rlg', row.id)}"
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.client.get(path).text)
        assert token is not None
        return self.client.post(f"{path}/replay", data={"key": key, "csrf": token[1]})


@contextmanager
def watched(shop: Shop, *, masks: bool = False) -> Iterator[Watched]:
    log = RequestLog(shop.engine, shop.clock, masks=masks)
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    app.add_middleware(Witness, keeper=log)
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())
        key = make_key(tx, label="mine", scopes=KEY_SCOPES)
    with TestClient(app, headers=SAME, follow_redirects=False) as client:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/login").text)
        assert found is not None
        client.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        yield Watched(client, log, key, shop)


@pytest.fixture
def api(shop: Shop) -> Iterator[Watched]:
    with watched(shop) as opened:
        yield opened


def test_a_refused_request_is_kept_with_its_problem_and_what_stands_at_fault(api: Watched) -> None:
    answer = api.call("PUT", "/v1/people/c-77", {"name": 7})

    [row] = api.latest()
    assert (row.method, row.path, row.status) == ("PUT", "/v1/people/c-77", 422)
    assert (row.code, row.request_id) == ("not_text", answer.headers["x-request-id"])
    assert row.caller.startswith("test-key:")
    page = api.page(row)
    assert "body /name" in page
    assert "<code>7</code>" in page
    assert "curl -X PUT http://testserver/v1/people/c-77" in page


def test_a_request_that_the_edge_refuses_is_kept_as_well(api: Watched) -> None:
    api.client.post("/v1/notices", content=b"{", headers={"content-type": "application/json"})

    [row] = api.latest()
    assert (row.status, row.code, row.caller) == (400, "bad_json", None)


def test_pages_and_static_files_are_nobodys_requests(api: Watched) -> None:
    api.client.get("/ops")

    assert api.latest() == []


def test_requests_are_found_by_status_caller_method_and_words(api: Watched) -> None:
    api.call("PUT", "/v1/people/c-77", PERSON)
    api.call("PUT", "/v1/people/c-78", {"name": 7})
    api.client.get("/v1/people/c-77")

    def found(**given: Any) -> list[int]:
        return [row.status for row in api.latest(Sieve(**given))]

    assert found() == [401, 422, 201]
    assert found(status=4) == [401, 422]
    assert found(status=422) == [422]
    assert found(method="GET") == [401]
    assert found(words="c-78") == [422]
    assert found(words="%") == []
    assert found(caller=api.latest()[1].caller) == [422, 201]
    shown = api.client.get("/ops/requests?status=4").text
    assert "not_text" in shown
    assert "/v1/people/c-78" in shown


def test_the_api_lists_them_to_keys_that_may_read_them(api: Watched) -> None:
    api.call("PUT", "/v1/people/c-78", {"name": 7})
    api.log.write()

    [row] = api.call("GET", "/v1/requests?status=4").json()["data"]

    assert (row["status"], row["code"], row["path"]) == (422, "not_text", "/v1/people/c-78")
    assert "body" not in row
    assert row["id"].startswith("rlg_")


def test_a_replay_under_its_own_key_gives_the_stored_answer_again(api: Watched) -> None:
    body = {"notice": "announcement", "people": ["u-1"], "title": "Tea", "body": "New."}
    api.call("PUT", "/v1/people/u-1", PERSON)
    api.call("POST", "/v1/notices", body, **{"Idempotency-Key": "k-1"})
    [row, _] = api.latest()

    again = api.replay(row, "same")

    assert again.status_code == 200
    assert "The stored answer was given again" in again.text
    assert decided(api.shop) == 1
    assert "sent again by staff:" in api.page(api.latest()[0])


def test_a_replay_under_a_new_key_does_the_work_anew_and_is_on_record(api: Watched) -> None:
    body = {"notice": "announcement", "people": ["u-1"], "title": "Tea", "body": "New."}
    api.call("PUT", "/v1/people/u-1", PERSON)
    api.call("POST", "/v1/notices", body, **{"Idempotency-Key": "k-1"})
    [row, _] = api.latest()

    api.replay(row, "new")

    assert decided(api.shop) == 2
    with begin(api.shop.engine) as tx:
        actions = list(tx.scalars(text("SELECT action FROM audit WHERE action LIKE 'request.%'")))
    assert actions == ["request.replay"]


def decided(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        asked = text(
            "SELECT count(*) FROM verdict JOIN person ON person.id = person_id"
            " WHERE reference = 'u-1'"
        )
        return int(tx.scalar(asked) or 0)


def test_a_key_that_was_revoked_is_not_asked_for_again(api: Watched) -> None:
    api.call("PUT", "/v1/people/u-1", PERSON)
    [row] = api.latest()
    with begin(api.shop.engine) as tx:
        tx.execute(text("UPDATE api_key SET revoked_at = clock_timestamp()"))

    assert api.replay(row, "same").status_code == 409


def test_where_people_are_real_nothing_that_names_them_is_written_down(shop: Shop) -> None:
    with watched(shop, masks=True) as api:
        api.call("PUT", "/v1/people/u-1", PERSON)
        [row] = api.latest()

        assert json.loads(whole(api, row).body) == {
            "name": "•••",
            "email": "l•••@mail.example",
            "locale": "zh",
        }
        assert not row.is_whole
        assert "It cannot be sent again" in api.page(row)


def whole(api: Watched, row: Any) -> Any:
    with begin(api.shop.engine) as tx:
        return requests_store.find(tx, row.id)


def test_a_masked_request_is_not_sent_again_whatever_form_asks(shop: Shop) -> None:
    with watched(shop, masks=True) as api:
        api.call("PUT", "/v1/people/u-1", PERSON)
        api.call("GET", "/v1/people/u-1")
        [asked, told] = api.latest()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', api.page(asked))
        assert token is not None

        path = f"/ops/requests/{show('rlg', told.id)}/replay"
        answer = api.client.post(path, data={"key": "same", "csrf": token[1]})

        assert answer.status_code == 409


def test_only_who_may_act_sees_the_button_or_is_heard(api: Watched) -> None:
    api.call("PUT", "/v1/people/u-1", PERSON)
    [row] = api.latest()
    with begin(api.shop.engine) as tx:
        tx.execute(text("UPDATE staff SET role = :role"), {"role": Role.AGENT.value})

    assert api.client.get("/ops/requests").status_code == 403
    path = f"/ops/requests/{show('rlg', row.id)}/replay"
    assert api.client.post(path, data={"key": "same"}).status_code == 403


def test_secrets_are_masked_and_what_is_no_json_is_left_out() -> None:
    token = kept(exchange(body=b'{"token": "abcdefgh"}', body_bytes=21), masks=True)
    table = kept(exchange(body=b"name,email\n", body_bytes=11), masks=True)

    assert (token.body, token.is_whole) == ('{"token": "•••"}', False)
    assert (table.body, table.is_whole) == (None, False)


def test_a_body_that_names_nobody_stays_whole() -> None:
    body = b'{"sku": "MUG",  "quantity": 2}'

    assert kept(exchange(body=body, body_bytes=len(body)), masks=True).is_whole
    assert not kept(exchange(body=body, body_bytes=99_999), masks=False).is_whole


def test_a_curl_survives_quotes_and_a_pointer_survives_anything() -> None:
    row = SimpleNamespace(
        method="POST", path="/v1/x", query="a=1", headers={"ce-id": "it's"}, body='{"a": "it\'s"}'
    )

    assert "'ce-id: it'\"'\"'s'" in curl(row, base_url="http://shop/")
    assert at_pointer('{"a": [{"b/c": 7}]}', "/a/0/b~1c") == "7"
    assert [at_pointer(body, "/a/9") for body in ('{"a": []}', "{", None, '{"a": 1}')] == [None] * 4


def test_under_load_some_are_kept_and_the_rest_are_counted(shop: Shop) -> None:
    log = RequestLog(shop.engine, shop.clock, masks=False)
    asked = 200
    taken = 0
    for _ in range(asked):
        if log.would_keep(201):
            log.keep(exchange())
            taken += 1
    assert log.would_keep(422)  # a refusal has an allowance of its own
    log.keep(exchange(status=422))
    log.write()

    with begin(shop.engine) as tx:
        rows = requests_store.page(tx, Sieve(), at_most=200)
    assert SUCCESSES_A_SECOND <= taken < SUCCESSES_A_SECOND * 2
    assert sum(row.skipped_before for row in rows) == asked - taken


def test_the_memory_of_a_database_that_is_away_is_bounded(shop: Shop) -> None:
    log = RequestLog(shop.engine, shop.clock, masks=False)
    for _ in range(ROOM):
        log.keep(exchange())

    assert not log.would_keep(422)
    assert log.write() == ROOM
    assert log.would_keep(422)


def test_what_cannot_be_written_is_counted_as_skipped(shop: Shop) -> None:
    log = RequestLog(shop.engine, shop.clock, masks=False)
    log.keep(exchange())
    with begin(shop.engine) as tx:
        tx.execute(text("ALTER TABLE api_request RENAME TO gone"))
    assert log.write() == 0
    with begin(shop.engine) as tx:
        tx.execute(text("ALTER TABLE gone RENAME TO api_request"))
    log.keep(exchange(status=404))
    log.write()

    with begin(shop.engine) as tx:
        [row] = requests_store.page(tx, Sieve())
    assert (row.status, row.skipped_before) == (404, 1)


def test_only_so_many_and_so_old_ones_stay(shop: Shop) -> None:
    log = RequestLog(shop.engine, shop.clock, masks=False)
    for number in range(6):
        log.keep(exchange(path=f"/v1/{number}"))
    log.write()

    with begin(shop.engine) as tx:
        assert requests_store.trim(tx, most=4) == 2
        left = [row.path for row in requests_store.page(tx, Sieve())]
        assert requests_store.trim(tx, kept_for=timedelta(0)) == 4
    assert left == ["/v1/5", "/v1/4", "/v1/3", "/v1/2"]


def test_a_long_body_is_kept_to_its_bound(api: Watched) -> None:
    long = "x" * (MOST_BODY_BYTES + 100)
    api.call("POST", "/v1/notices", {"notice": long})

    [row] = api.latest()

    assert len(whole(api, row).body) == MOST_BODY_BYTES
    assert row.body_bytes > MOST_BODY_BYTES
    assert "Only the beginning is kept" in api.page(row)


def test_a_request_that_nobody_kept_is_not_found(api: Watched) -> None:
    assert api.client.get(f"/ops/requests/{show('rlg', new_id())}").status_code == 404


def test_the_page_speaks_chinese_and_an_empty_one_says_so(api: Watched) -> None:
    assert "还没有请求" in api.client.get("/ops/requests?lang=zh").text
    assert "No request matches" in api.client.get("/ops/requests?q=nobody&lang=en").text
