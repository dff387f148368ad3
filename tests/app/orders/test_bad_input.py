"""Bad input is refused with its own code, says where, and leaves nothing behind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from app.access.tables import api_key
from app.db.transaction import begin
from orders_core.idempotency.store import claim
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.buying import LAMP, MUG, buy, level, rows, wish
from tests.cast import ANA
from tests.web import Web

ORDERS = "/v1/orders"
ANA_ID = show("per", ANA.person_id)


def order(quantity: object = 1, **more: object) -> dict[str, Any]:
    return {"person": ANA_ID, "lines": [{"sku": MUG, "quantity": quantity}], **more}


def written(text: str) -> bytes:
    """Write an order's JSON by hand, with `text` where the quantity stands."""
    return f'{{"person":"{ANA_ID}","lines":[{{"sku":"MUG","quantity":{text}}}]}}'.encode()


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["content-type"] == "application/problem+json"
    return problem


@pytest.fixture
def nothing_written(web: Web) -> Iterator[None]:
    """See to it that the test leaves orders, keys, stock and events as they were."""
    before = _written(web)
    yield
    assert _written(web) == before


def _written(web: Web) -> list[object]:
    with begin(web.shop.engine) as tx:
        tables = ("orders", "order_line", "reservation", "idempotency", "movement", "outbox")
        return [*(rows(tx, table) for table in tables), level(tx, MUG)]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "quantity_out_of_range"),
        (-1, "quantity_out_of_range"),
        (10**9, "quantity_out_of_range"),
        (10_001, "quantity_out_of_range"),
        (2**63, "quantity_out_of_range"),
        (10**30, "quantity_out_of_range"),
        ("1,000", "not_integer"),
        ("1", "not_integer"),
        (1.5, "not_integer"),
        (True, "not_integer"),
        (None, "not_integer"),
    ],
)
def test_a_quantity_that_is_none(web: Web, quantity: object, code: str) -> None:
    problem = refused(web.post(ORDERS, order(quantity), key="k"), 422, code)

    assert problem["errors"][0]["pointer"] == "/lines/0/quantity"


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_quantity_that_is_not_finite(web: Web, text: str) -> None:
    refused(web.raw(ORDERS, written(text)), 422, "not_finite")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "field", ["price", "total_minor", "status", "id", "number", "mirrored", "payment_reference"]
)
def test_a_field_that_is_not_the_callers_to_set(web: Web, field: str) -> None:
    problem = refused(web.post(ORDERS, order(**{field: 1}), key="k"), 422, "unknown_field")

    assert problem["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.usefixtures("nothing_written")
def test_a_price_on_a_line(web: Web) -> None:
    line = {"sku": MUG, "quantity": 1, "unit_minor": 1}

    refused(web.post(ORDERS, {"person": ANA_ID, "lines": [line]}), 422, "unknown_field")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("lines", "code"), [([], "too_few"), ([{"sku": MUG, "quantity": 1}] * 101, "too_many")]
)
def test_too_few_or_too_many_lines(web: Web, lines: list[object], code: str) -> None:
    refused(web.post(ORDERS, {"person": ANA_ID, "lines": lines}), 422, code)


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("key", ["", "k" * 256, "ключ".encode(), "a\tb"])
def test_a_key_that_is_none(web: Web, key: str | bytes) -> None:
    headers: Any = {"Idempotency-Key": key}

    refused(web.client.post(ORDERS, json=order(), headers=headers), 422, "bad_idempotency_key")


def test_a_key_that_came_with_another_body(web: Web) -> None:
    assert web.post(ORDERS, order(1), key="mismatch").status_code == 201
    before = _written(web)

    refused(web.post(ORDERS, order(2), key="mismatch"), 422, "idempotency_mismatch")
    assert _written(web) == before


def test_a_key_in_flight(web: Web) -> None:
    path, body = "/v1/stock/movements", {"sku": MUG, "delta": 1, "cause": "receipt"}
    with begin(web.shop.engine) as tx:
        claim(tx, f"{_caller(tx)} POST {path}", "k", b"")
        answer = web.post(path, body, key="k")

    refused(answer, 409, "in_progress")
    assert answer.headers["retry-after"] == "1"


def test_an_orders_key_in_flight(web: Web) -> None:
    with begin(web.shop.engine) as tx:
        held = replace(wish((LAMP, 1), key="flight"), scope=f"{_caller(tx)} POST {ORDERS}")
        buy(tx, held)
        answer = web.post(ORDERS, order(), key="flight")

    refused(answer, 409, "in_progress")
    assert answer.headers["retry-after"] == "1"


def _caller(tx: Tx) -> str:
    return f"key:{tx.scalars(select(api_key.c.id)).one()}"


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_a_body_of_another_content_type(web: Web, kind: str) -> None:
    answer = web.raw(ORDERS, written("1"), Content_Type=kind)

    refused(answer, 415, "wrong_content_type")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "reference",
    [b'"\xff\xfe"', b'"\\ud800"', b'"a\\u0000b"', b'"a\x00b"', b'"\\u202egnp.exe"', b'"\\u0007"'],
)
def test_text_that_is_no_text(web: Web, reference: bytes) -> None:
    body = written("1")[:-1] + b',"reference":' + reference + b"}"

    answer = web.raw(ORDERS, body)

    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"bad_text", "bad_json"}


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "person",
    ["", "ana", "per_", "ord_" + ANA_ID[4:], ANA_ID + "0", str(ANA.person_id), 7, None],
    ids=["empty", "word", "bare", "order", "long", "uuid", "number", "null"],
)
def test_an_id_that_is_none(web: Web, person: object) -> None:
    problem = refused(web.post(ORDERS, order() | {"person": person}), 422, "bad_id")

    assert problem["errors"][0]["pointer"] == "/person"


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("path", ["{}", "{}/history"])
def test_an_id_in_the_path_that_is_none_or_nobodys(web: Web, path: str) -> None:
    refused(web.get(f"{ORDERS}/{path.format('42')}"), 422, "bad_id")
    refused(web.get(f"{ORDERS}/{path.format(show('ord', new_id()))}"), 404, "not_found")


@pytest.mark.usefixtures("nothing_written")
def test_a_person_nobody_knows(web: Web) -> None:
    stranger = show("per", new_id())

    refused(web.post(ORDERS, order() | {"person": stranger}, key="k"), 404, "not_found")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-22T09:30:00", "timezone_required"),
        ("2026-02-30T09:30:00Z", "bad_datetime"),
        ("2026-11-22", "bad_datetime"),
        (1795340000, "bad_datetime"),
        ("0001-01-01T00:00:00+14:00", "bad_datetime"),
    ],
)
def test_a_time_that_is_none(web: Web, at: object, code: str) -> None:
    order_id = web.post(ORDERS, order()).json()["id"]
    web.post(f"{ORDERS}/{order_id}/pay", {"reference": f"pi_{order_id}"})
    parcel = {"carrier": "sf", "number": "1", "promised_at": at}

    refused(web.post(f"{ORDERS}/{order_id}/ship", {"parcels": [parcel]}), 422, code)
    assert web.get(f"{ORDERS}/{order_id}").json()["status"] == "paid"


@pytest.mark.parametrize(
    ("steps", "wanted", "present"),
    [
        ([], "ship", "placed"),
        ([], "deliver", "placed"),
        (["pay"], "deliver", "paid"),
        (["cancel"], "ship", "cancelled"),
        (["pay", "ship"], "cancel", "shipped"),
        (["pay", "ship", "deliver"], "ship", "delivered"),
    ],
)
def test_a_jump_that_no_order_makes_names_both_states(
    web: Web, steps: list[str], wanted: str, present: str
) -> None:
    order_id = web.post(ORDERS, order()).json()["id"]
    for step in steps:
        assert _moves(web, order_id, step).status_code == 200

    problem = refused(_moves(web, order_id, wanted), 409, "bad_transition")

    future = {"ship": "shipped", "deliver": "delivered", "pay": "paid", "cancel": "cancelled"}
    assert f"is {present} and may not become {future[wanted]}" in problem["detail"]


def _moves(web: Web, order_id: str, step: str) -> httpx2.Response:
    body = {"reference": f"pi_{order_id}"} if step == "pay" else {}
    return web.post(f"{ORDERS}/{order_id}/{step}", body)


@pytest.mark.usefixtures("nothing_written")
def test_two_spellings_of_a_sku_are_one(web: Web) -> None:
    left: int = web.get("/v1/stock", sku="mug").json()["data"][0]["available"]
    lines = [{"sku": "mug", "quantity": left}, {"sku": " MuG ", "quantity": 1}]

    problem = refused(web.post(ORDERS, {"person": ANA_ID, "lines": lines}), 409, "out_of_stock")
    assert problem["short"] == [{"sku": "MUG", "wanted": left + 1, "available": left}]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("path", [ORDERS, "/v1/stock", "/v1/skus"])
@pytest.mark.parametrize("limit", ["1000000", "201", "0", "-1"])
def test_a_page_larger_than_any_or_smaller_than_one(web: Web, path: str, limit: str) -> None:
    problem = refused(web.get(path, limit=limit), 422, "out_of_range")

    assert "max 200" in problem["detail"]


def test_a_cursor_that_was_tampered_with(web: Web) -> None:
    for _ in range(2):
        web.post(ORDERS, order())
    cursor: str = web.get(ORDERS, limit=1).json()["next"]
    swapped = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    for wrong in (swapped, cursor[:-4], "x", show("ord", new_id()), "'; --"):
        refused(web.get(ORDERS, after=wrong), 400, "bad_cursor")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/stock/MUG/main", {"on_hand": 2**63}, "out_of_range"),
        ("/v1/stock/MUG/main", {"on_hand": -1}, "out_of_range"),
        ("/v1/stock/MUG/main", {"on_hand": "7"}, "not_integer"),
        ("/v1/stock/MUG/main", {"on_hand": 7, "reserved": 0}, "unknown_field"),
        ("/v1/stock/MUG/main", {}, "too_few"),
        ("/v1/skus/CUP", {"title_zh": "杯", "title_en": "Cup"}, "missing_field"),
    ],
)
def test_a_shelf_or_a_sku_that_cannot_be(
    web: Web, path: str, body: dict[str, object], code: str
) -> None:
    refused(web.put(path, body), 422, code)


@pytest.mark.usefixtures("nothing_written")
def test_a_currency_that_is_none_says_which_was_meant(web: Web) -> None:
    price = {"amount_minor": 100, "currency": "RMB"}
    body = {"title_zh": "杯", "title_en": "Cup", "price": price}

    problem = refused(web.put("/v1/skus/CUP", body), 422, "unknown_currency")
    assert problem["detail"].endswith("(did you mean CNY?)")
