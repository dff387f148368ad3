"""Goods and stock over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.buying import KIMONO, LAMP, MUG, TEA
from tests.web import Web

MOVEMENTS = "/v1/stock/movements"
CUP = {
    "title_zh": "杯子",
    "title_en": "Cup",
    "price": {"amount_minor": 3_900, "currency": "CNY"},
}


def shelf(web: Web, sku: str) -> dict[str, Any]:
    [found] = web.get("/v1/stock", sku=sku).json()["data"]
    assert isinstance(found, dict)
    return found


def test_a_sku_is_put_under_its_canonical_code_and_listed(web: Web) -> None:
    put = web.put("/v1/skus/cup-red", CUP)

    assert put.status_code == 200
    cup = {"code": "CUP-RED", **CUP, "product": None}
    assert put.json() == cup
    assert cup in web.get("/v1/skus").json()["data"]


def test_putting_a_sku_again_changes_its_price(web: Web) -> None:
    web.put("/v1/skus/cup-blue", CUP)

    web.put("/v1/skus/CUP-BLUE", CUP | {"price": {"amount_minor": 4_100, "currency": "CNY"}})

    [found] = [s for s in web.get("/v1/skus").json()["data"] if s["code"] == "CUP-BLUE"]
    assert found["price"]["amount_minor"] == 4_100


def test_what_is_counted_is_what_the_shelf_holds(web: Web) -> None:
    counted = web.put("/v1/stock/mug/main", {"on_hand": 70, "oversell_limit": 5})

    assert counted.status_code == 200
    assert counted.json() == shelf(web, MUG)
    assert (counted.json()["on_hand"], counted.json()["available"]) == (70, 75)


def test_what_may_be_sold_is_set_without_counting(web: Web) -> None:
    before = shelf(web, LAMP)

    put = web.put("/v1/stock/lamp/main", {"safety_stock": 3, "low_at": 10})

    assert put.json() == before | {
        "safety_stock": 3,
        "low_at": 10,
        "available": before["available"] - 3,
    }
    assert web.put("/v1/stock/lamp/main", {"low_at": None}).json()["low_at"] is None
    assert web.put("/v1/stock/lamp/main", {"safety_stock": 0}).json() == before
    assert web.put("/v1/stock/lamp/main", {}).status_code == 422


def test_levels_are_read_as_of_any_past_time(web: Web) -> None:
    before = shelf(web, KIMONO)["on_hand"]
    then = web.shop.clock.now()
    web.shop.clock.advance(timedelta(hours=1))
    web.post(MOVEMENTS, {"sku": "KIMONO", "delta": 5, "cause": "receipt"})

    held = [
        web.get("/v1/stock", sku="KIMONO", as_of=at.isoformat()).json()["data"][0]["on_hand"]
        for at in (then - timedelta(days=1), then, web.shop.clock.now())
    ]

    assert held == [0, before, before + 5]
    assert web.get("/v1/stock", as_of="yesterday").status_code == 422


def test_goods_that_came_and_went_are_recorded_once_for_each_reference(web: Web) -> None:
    before = shelf(web, TEA)["on_hand"]
    came = {"sku": "tea", "delta": 8, "cause": "receipt", "reference": "delivery note 7"}

    answers = [web.post(MOVEMENTS, came), web.post(MOVEMENTS, came)]
    web.post(MOVEMENTS, {"sku": "tea", "delta": -1, "cause": "scrap"})

    assert [answer.status_code for answer in answers] == [201, 201]
    assert shelf(web, TEA)["on_hand"] == before + 7


def test_a_movement_under_a_key_is_done_once_and_says_so(web: Web) -> None:
    before = shelf(web, LAMP)["on_hand"]
    broken = {"sku": "LAMP", "delta": -2, "cause": "scrap"}

    first = web.post(MOVEMENTS, broken, key="k")
    again = web.post(MOVEMENTS, broken, key="k")

    assert (first.json(), first.status_code) == (again.json(), again.status_code)
    assert again.headers["idempotency-replayed"] == "true"
    assert shelf(web, LAMP)["on_hand"] == before - 2


def test_more_than_is_free_cannot_be_counted_away(web: Web) -> None:
    answer = web.post(MOVEMENTS, {"sku": "LAMP", "delta": -(10**6), "cause": "scrap"})

    assert (answer.status_code, answer.json()["code"]) == (409, "below_reserved")


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/stock/yeti/main", {"on_hand": 1}), (MOVEMENTS, None)],
)
def test_goods_nobody_sells_have_no_shelf(web: Web, path: str, body: Any) -> None:
    unknown = {"sku": "YETI", "delta": 1, "cause": "receipt"}

    answer = web.put(path, body) if body else web.post(path, unknown)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"delta": 0}, 422, "nothing_moves"),
        ({"cause": "sale"}, 422, "unknown_value"),
        ({"cause": "magic"}, 422, "unknown_value"),
        ({"delta": 10**9 + 1}, 422, "out_of_range"),
        ({"delta": 1.5}, 422, "not_integer"),
        ({"warehouse": "x" * 41}, 422, "too_long"),
        ({"reserved": 1}, 422, "unknown_field"),
    ],
)
def test_a_movement_that_cannot_be(
    web: Web, change: dict[str, object], status: int, code: str
) -> None:
    answer = web.post(MOVEMENTS, {"sku": "MUG", "delta": 1, "cause": "receipt"} | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_levels_and_skus_go_on_behind_the_last_code(web: Web) -> None:
    for path, name in (("/v1/stock", "sku"), ("/v1/skus", "code")):
        whole = [one[name] for one in web.get(path).json()["data"]]
        first = [one[name] for one in web.get(path, limit=2).json()["data"]]
        rest = [one[name] for one in web.get(path, after=first[-1]).json()["data"]]

        assert first + rest == whole == sorted(whole)
