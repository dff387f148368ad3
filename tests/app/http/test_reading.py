"""The catalogue of bad input, row by row, against a door that any room might have written."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import FastAPI, Path
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.access.guard import Anyone
from app.http.body import Body, Instant, Line, PublicId, Quantity, Whole
from app.http.cursors import Limit
from app.http.edge import fit
from app.settings import load
from orders_core.errors import NotFound, UnknownCurrency
from orders_core.ids import new_id, show

OrderRef = Annotated[UUID, PublicId("ord"), Path()]


class Wish(Body):
    """What the test door takes."""

    sku: Annotated[str, Line(40)]
    quantity: Quantity
    at: Instant | None = None
    points: Annotated[int, Whole()] = 0
    gift: bool = False


def door() -> FastAPI:
    """Return an app with one door that takes wishes."""
    app = FastAPI()
    fit(app, load(mode="test", shop_locale="en"), larger={"/v1/files": 2_000_000})

    @app.post("/v1/wishes/{order_id}")
    def take(order_id: OrderRef, wish: Wish, _: Anyone, limit: Limit = 50) -> dict[str, object]:
        return {"id": show("ord", order_id), "sku": wish.sku, "at": wish.at, "limit": limit}

    @app.get("/v1/missing")
    def missing(_: Anyone) -> None:
        raise NotFound("order", "ord_x")

    @app.get("/v1/currency")
    def currency(_: Anyone) -> None:
        raise UnknownCurrency("RMB", "CNY")

    @app.get("/v1/broken")
    def broken(_: Anyone) -> None:
        raise RuntimeError("SELECT secret FROM vault")

    return app


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A caller of the door."""
    with TestClient(door(), raise_server_exceptions=False) as opened:
        yield opened


PLACE = f"/v1/wishes/{show('ord', new_id())}"
GOOD = {"sku": "TEA-01", "quantity": 2}


def refusal(client: TestClient, body: object, **more: object) -> tuple[int, str, str]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", **more}
    answer = client.post(PLACE, content=raw, headers=headers)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    pointer = said["errors"][0]["pointer"] if said.get("errors") else ""
    assert said["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, said["code"], pointer


def test_a_good_wish_passes(client: TestClient) -> None:
    answer = client.post(PLACE, json={**GOOD, "quantity": 2.0, "at": "2026-11-22T10:00:00+08:00"})

    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["at"]).hour == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"quantity": 0}, (422, "quantity_out_of_range", "/quantity")),
        ({"quantity": -1}, (422, "quantity_out_of_range", "/quantity")),
        ({"quantity": 10**9}, (422, "quantity_out_of_range", "/quantity")),
        ({"price_minor": 1}, (422, "unknown_field", "/price_minor")),
        ({"quantity": "1,000"}, (422, "not_integer", "/quantity")),
        ({"quantity": "1"}, (422, "not_integer", "/quantity")),
        ({"quantity": 1.5}, (422, "not_integer", "/quantity")),
        ({"quantity": True}, (422, "not_integer", "/quantity")),
        ({"points": 2**63}, (422, "out_of_range", "/points")),
        ({"at": "2026-11-22T10:00:00"}, (422, "timezone_required", "/at")),
        ({"at": "2026-02-30T10:00:00Z"}, (422, "bad_datetime", "/at")),
        ({"at": 1_700_000_000}, (422, "bad_datetime", "/at")),
        ({"at": "0001-01-01T00:00:00+14:00"}, (422, "bad_datetime", "/at")),
        ({"sku": "a\x00b"}, (422, "bad_text", "/sku")),
        ({"sku": "a\ud800b"}, (422, "bad_text", "/sku")),
        ({"sku": "tea\u202efdp"}, (422, "bad_text", "/sku")),
        ({"sku": "two\nlines"}, (422, "line_break", "/sku")),
        ({"sku": "   "}, (422, "too_short", "/sku")),
        ({"sku": "x" * 41}, (422, "too_long", "/sku")),
        ({"sku": 7}, (422, "not_text", "/sku")),
        ({"gift": "yes"}, (422, "not_boolean", "/gift")),
    ],
)
def test_a_wrong_field_is_named_with_its_code(
    client: TestClient, change: dict[str, object], expected: tuple[int, str, str]
) -> None:
    assert refusal(client, {**GOOD, **change}) == expected


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"sku": "A", "quantity": NaN}', 422, "not_finite"),
        (b'{"sku": "A", "quantity": -Infinity}', 422, "not_finite"),
        (b'{"sku": "A", "quantity": 1e999}', 422, "not_finite"),
        (b'{"sku": "A", "quantity": ' + b"9" * 5000 + b"}", 422, "not_integer"),
        (b'{"sku": "A", "sku": "B", "quantity": 1}', 400, "duplicate_key"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "json_too_deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, 400, "json_too_deep"),
        (b'{"sku": "\xff", "quantity": 1}', 422, "bad_text"),
        (b'{"sku": "A", "quantity": 1', 400, "bad_json"),
        (b"", 422, "missing_field"),
        (b'"text"', 422, "not_object"),
        (b'{"sku": "' + b"x" * 1_000_001 + b'"}', 413, "too_large"),
    ],
)
def test_a_body_that_is_not_clean_json_is_refused(
    client: TestClient, raw: bytes, status: int, code: str
) -> None:
    assert refusal(client, raw)[:2] == (status, code)


def test_brackets_inside_a_text_do_not_count_as_depth(client: TestClient) -> None:
    assert refusal(client, {**GOOD, "sku": '[{\\"' * 30})[1] == "too_long"


def test_another_content_type_is_refused(client: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "text/csv"):
        answer = client.post(PLACE, content=b"sku=A", headers={"content-type": kind})

        assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type"), kind


def test_ids_of_another_kind_are_refused(client: TestClient) -> None:
    for text in ("7", show("per", new_id()), "ord_" + "u" * 26):
        answer = client.post(f"/v1/wishes/{text}", json=GOOD)

        assert (answer.status_code, answer.json()["code"]) == (422, "bad_id")
        assert answer.json()["errors"][0]["in"] == "path"


def test_a_page_of_a_million_is_refused_naming_the_most(client: TestClient) -> None:
    answer = client.post(PLACE, params={"limit": "1000000"}, json=GOOD)

    assert answer.status_code == 422
    assert "max 200" in answer.json()["detail"]


def test_nul_in_the_address_is_refused(client: TestClient) -> None:
    assert client.get("/v1/missing?q=%00").json()["code"] == "bad_text"
    assert client.get("/v1/missing%00").json()["code"] == "bad_text"


def test_an_answer_never_repeats_what_was_sent(client: TestClient) -> None:
    for change in ({"quantity": "canary-4711"}, {"sku": "canary-4711" * 40}, {"at": "canary-4711"}):
        answer = client.post(PLACE, json={**GOOD, **change})

        assert "canary-4711" not in answer.text


def test_known_errors_have_their_status_and_their_own_sentence(client: TestClient) -> None:
    missing = client.get("/v1/missing")
    currency = client.get("/v1/currency").json()

    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert currency["code"] == "unknown_currency"
    assert "did you mean CNY?" in currency["detail"]


def test_an_unforeseen_error_says_nothing_but_its_request_id(client: TestClient) -> None:
    answer = client.get("/v1/broken")

    assert answer.status_code == 500
    assert answer.json()["code"] == "unforeseen"
    assert "SELECT" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for answer in (
        client.get("/v1/missing"),
        client.get("/nowhere"),
        client.get(PLACE),
        client.post(PLACE, content=b"x", headers={"content-type": "text/plain"}),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in answer.headers


def test_a_wrong_method_is_405_and_a_wrong_address_404(client: TestClient) -> None:
    assert client.get(PLACE).json()["code"] == "wrong_method"
    assert client.get("/v1/nowhere").json()["code"] == "not_found"


def test_a_plain_request_id_is_kept_and_a_foul_one_replaced(client: TestClient) -> None:
    kept = client.get("/v1/missing", headers={"x-request-id": "abc-123"})
    replaced = client.get("/v1/missing", headers={"x-request-id": "<script>"})

    assert kept.json()["request_id"] == "abc-123"
    assert replaced.json()["request_id"].startswith("req_")


def test_titles_come_in_the_callers_language(client: TestClient) -> None:
    answer = client.get("/v1/missing", headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert answer.json()["title"] == "找不到"


def test_the_strict_types_describe_themselves_to_the_api_page() -> None:
    api = door().openapi()

    fields = api["components"]["schemas"]["Wish"]["properties"]
    assert fields["quantity"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000_000,
        "title": "Quantity",
    }
    assert fields["sku"]["maxLength"] == 40
    named = api["paths"]["/v1/wishes/{order_id}"]["post"]["parameters"][0]["schema"]
    assert named["pattern"].startswith("^ord_")


def test_the_log_of_a_failure_names_the_place_and_repeats_no_data(client: TestClient) -> None:
    with capture_logs() as lines:
        client.get("/v1/broken?canary=4711")

    assert len(lines) == 1
    assert lines[0]["fault"] == "RuntimeError"
    assert any("broken" in frame for frame in lines[0]["frames"])
    assert "vault" not in str(lines)
    assert "4711" not in str(lines)
