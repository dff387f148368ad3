"""Price lists, products, pre-orders and warehouses over HTTP."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from app.db.transaction import begin
from orders_core.ids import show
from tests.buying import KIMONO, LAMP, MUG, TEA, level, out_of_balance
from tests.cast import ANA
from tests.web import Web

ORDERS = "/v1/orders"
EUROPE = {"name_zh": "欧洲", "name_en": "Europe", "currency": "EUR"}
LAMPS = {"units": 5, "release_at": "2026-03-09T02:00:00Z", "deposit_minor": 5_000}
CUPS = {"title_zh": "杯子", "title_en": "Cups"}
ROTTERDAM = {"name_zh": "鹿特丹仓", "name_en": "Rotterdam", "country": "NL", "sells": False}
SHIP_TO = {"name": "林小雨", "country": "CN", "region": "上海市", "street": "武康路 1 号"}


@pytest.fixture(autouse=True)
def balance(web: Web) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    yield
    with begin(web.shop.engine) as tx:
        assert out_of_balance(tx) == []


def wanted(*lines: tuple[str, int], **more: object) -> dict[str, Any]:
    body = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    return {"person": show("per", ANA.person_id), "lines": body, **more}


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    return problem


def put(web: Web, path: str, body: Any) -> dict[str, Any]:
    answer = web.put(path, body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


class TestPriceLists:
    """Write a list, its prices, and buy in it."""

    def test_a_list_is_written_read_and_ordered_in(self, web: Web) -> None:
        put(web, "/v1/price-lists/eu", {**EUROPE, "is_default": True})
        price = put(web, "/v1/price-lists/eu/prices/mug", {"amount_minor": 690})
        placed = web.post(ORDERS, wanted((MUG, 2), price_list="eu")).json()
        in_euro = web.post(ORDERS, wanted((MUG, 1), currency="EUR")).json()

        assert price == {
            "sku": MUG,
            "price": {"amount_minor": 690, "currency": "EUR"},
            "valid_from": None,
            "valid_until": None,
        }
        shown = web.get("/v1/price-lists/EU").json()
        assert (shown["code"], shown["currency"], shown["prices"]) == ("EU", "EUR", [price])
        assert placed["total"] == {"amount_minor": 1_380, "currency": "EUR"}
        assert in_euro["total"] == {"amount_minor": 690, "currency": "EUR"}

    def test_a_price_may_begin_and_end(self, web: Web) -> None:
        put(web, "/v1/price-lists/sale", {**EUROPE, "currency": "CNY"})
        body = {"amount_minor": 1, "valid_until": "2026-03-02T02:00:00Z"}
        put(web, "/v1/price-lists/sale/prices/tea", body)
        put(
            web,
            "/v1/price-lists/sale/prices/mug",
            {"amount_minor": 2, "valid_from": body["valid_until"]},
        )

        over = refused(web.post(ORDERS, wanted((TEA, 1), price_list="SALE")), 422, "no_price")
        begun = web.post(ORDERS, wanted((MUG, 1), price_list="SALE")).json()

        assert over["detail"] == "no price in SALE for TEA"
        assert begun["total"]["amount_minor"] == 2

    def test_what_has_no_price_is_named(self, web: Web) -> None:
        put(web, "/v1/price-lists/few", {**EUROPE, "currency": "JPY"})
        put(web, "/v1/price-lists/few/prices/mug", {"amount_minor": 690})

        said = refused(
            web.post(ORDERS, wanted((MUG, 1), (TEA, 1), price_list="few")), 422, "no_price"
        )
        refused(web.post(ORDERS, wanted((MUG, 1), price_list="mars")), 422, "unknown_price_list")
        refused(web.post(ORDERS, wanted((MUG, 1), currency="GBP")), 422, "no_price")

        assert "TEA" in said["detail"]

    def test_a_list_or_a_currency_not_both(self, web: Web) -> None:
        body = wanted((MUG, 1), currency="EUR", price_list="EU")

        refused(web.post(ORDERS, body), 422, "one_of_two")

    def test_a_list_with_prices_keeps_its_currency_and_a_currency_has_one_default(
        self, web: Web
    ) -> None:
        put(web, "/v1/price-lists/us", {**EUROPE, "currency": "USD", "is_default": True})
        put(web, "/v1/price-lists/us/prices/mug", {"amount_minor": 690})
        other = {**EUROPE, "currency": "USD", "is_default": True}

        refused(web.put("/v1/price-lists/us", EUROPE), 409, "currency_fixed")
        refused(web.put("/v1/price-lists/us2", other), 409, "default_taken")

    @pytest.mark.parametrize(
        ("path", "body", "status", "code"),
        [
            ("/v1/price-lists/x", {**EUROPE, "currency": "euro"}, 422, "unknown_currency"),
            ("/v1/price-lists/x", {"currency": "EUR"}, 422, "missing_field"),
            ("/v1/price-lists/x", {**EUROPE, "rate": 7}, 422, "unknown_field"),
            ("/v1/price-lists/none/prices/mug", {"amount_minor": 1}, 404, "not_found"),
            ("/v1/price-lists/ok/prices/yeti", {"amount_minor": 1}, 404, "not_found"),
            ("/v1/price-lists/ok/prices/mug", {"amount_minor": -1}, 422, "out_of_range"),
            ("/v1/price-lists/ok/prices/mug", {"amount_minor": "1"}, 422, "not_integer"),
            (
                "/v1/price-lists/ok/prices/mug",
                {"amount_minor": 1, "valid_from": "2026-01-01T00:00:00"},
                422,
                "timezone_required",
            ),
            (
                "/v1/price-lists/ok/prices/mug",
                {
                    "amount_minor": 1,
                    "valid_from": "2026-01-02T00:00:00Z",
                    "valid_until": "2026-01-01T00:00:00Z",
                },
                422,
                "never_valid",
            ),
        ],
    )
    def test_what_is_no_price_is_refused(
        self, web: Web, path: str, body: Any, status: int, code: str
    ) -> None:
        put(web, "/v1/price-lists/ok", EUROPE)

        refused(web.put(path, body), status, code)

    def test_a_list_nobody_wrote_is_not_found(self, web: Web) -> None:
        refused(web.get("/v1/price-lists/none"), 404, "not_found")


class TestProducts:
    """What a shopper looks at, and its SKUs."""

    def test_a_product_groups_skus(self, web: Web) -> None:
        written = put(web, "/v1/products/cups", {**CUPS, "skus": ["mug", "tea"]})
        renamed = put(web, "/v1/products/cups", {**CUPS, "title_en": "Mugs"})

        assert written == {"code": "CUPS", **CUPS, "skus": [MUG, TEA]}
        assert renamed["skus"] == [MUG, TEA]
        assert web.get("/v1/products/CUPS").json() == renamed

    def test_a_sku_names_its_product(self, web: Web) -> None:
        put(web, "/v1/products/bowls", CUPS)
        bowl = {**CUPS, "price": {"amount_minor": 1, "currency": "CNY"}, "product": "bowls"}

        put(web, "/v1/skus/bowl", bowl)

        assert web.get("/v1/products/bowls").json()["skus"] == ["BOWL"]
        refused(web.put("/v1/skus/bowl", {**bowl, "product": "none"}), 404, "not_found")

    def test_unknown_goods_and_products_are_refused(self, web: Web) -> None:
        refused(web.put("/v1/products/x", {**CUPS, "skus": ["yeti"]}), 404, "not_found")
        refused(web.put("/v1/products/x", {**CUPS, "skus": "mug"}), 422, "not_list")
        refused(web.get("/v1/products/nothing"), 404, "not_found")


class TestPreorders:
    """Sell ahead, and see what arrives."""

    @pytest.fixture
    def lamps(self, web: Web) -> Iterator[None]:
        with begin(web.shop.engine) as tx:
            before = level(tx, LAMP).on_hand
        web.put("/v1/stock/lamp/main", {"on_hand": 0})
        put(web, "/v1/skus/lamp/preorder", LAMPS)
        yield
        with suppress(KeyError):
            web.client.delete("/v1/skus/lamp/preorder")
        web.put("/v1/stock/lamp/main", {"on_hand": before})

    @pytest.mark.usefixtures("lamps")
    def test_a_pre_order_is_placed_with_a_deposit_paid_and_awaits_its_balance(
        self, web: Web
    ) -> None:
        placed = web.post(ORDERS, wanted((LAMP, 1), ship_to=SHIP_TO)).json()
        path = f"{ORDERS}/{placed['id']}"
        paid = web.post(f"{path}/pay", {"reference": f"dep-{placed['number']}"}).json()

        assert placed["deposit"] == {"amount_minor": 5_000, "currency": "CNY"}
        assert (paid["payment"], paid["paid"]["amount_minor"]) == ("deposit_paid", 5_000)
        assert web.get(path).json()["balance_from"] == LAMPS["release_at"]
        web.post(f"{path}/cancel", {})

    @pytest.mark.usefixtures("lamps")
    def test_the_threshold_is_kept(self, web: Web) -> None:
        too_many = refused(web.post(ORDERS, wanted((LAMP, 6))), 409, "out_of_stock")

        assert too_many["short"] == [{"sku": LAMP, "wanted": 6, "available": 5}]

    @pytest.mark.usefixtures("lamps")
    def test_what_arrives_and_what_ended_is_shown(self, web: Web) -> None:
        move = {"sku": LAMP, "delta": 2, "cause": "receipt", "reference": "lamps-came"}
        web.post("/v1/stock/movements", move)

        shown = web.get("/v1/skus/lamp/preorder").json()
        ended = web.client.delete("/v1/skus/lamp/preorder").json()

        assert (shown["units"], shown["arrived"], shown["warehouse"]) == (5, 2, "main")
        assert (ended["units"], ended["ended_at"]) == (2, "2026-03-02T02:00:00Z")
        refused(web.get("/v1/skus/kimono/preorder"), 404, "not_found")
        refused(web.client.delete("/v1/skus/kimono/preorder"), 404, "not_found")

    @pytest.mark.usefixtures("lamps")
    def test_the_pre_order_alone_sets_the_limit(self, web: Web) -> None:
        body = {"on_hand": 0, "oversell_limit": 900}

        refused(web.put("/v1/stock/lamp/main", body), 409, "preorder_sets_limit")

    @pytest.mark.usefixtures("lamps")
    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"units": 0}, 422, "out_of_range"),
            ({"units": 10**9}, 422, "out_of_range"),
            ({"units": "5"}, 422, "not_integer"),
            ({"deposit_minor": 0}, 422, "out_of_range"),
            ({"deposit_minor": 19_900}, 422, "deposit_too_high"),
            ({"balance_hours": 0}, 422, "out_of_range"),
            ({"release_at": "2026-03-02T02:00:00Z"}, 422, "release_past"),
            ({"release_at": "tomorrow"}, 422, "bad_datetime"),
            ({"warehouse": "elsewhere"}, 409, "preorder_elsewhere"),
        ],
    )
    def test_what_is_no_pre_order_is_refused(
        self, web: Web, changes: dict[str, Any], status: int, code: str
    ) -> None:
        refused(web.put("/v1/skus/lamp/preorder", LAMPS | changes), status, code)

    def test_a_backorder_has_a_bound(self, web: Web) -> None:
        body = {"on_hand": 1_000, "oversell_limit": 10**6 + 1}

        refused(web.put("/v1/stock/kimono/main", body), 422, "out_of_range")


class TestWarehouses:
    """Where goods lie."""

    def test_a_warehouse_is_written_read_and_listed(self, web: Web) -> None:
        written = put(web, "/v1/warehouses/rotterdam", ROTTERDAM)

        assert written == {"code": "rotterdam", **ROTTERDAM, "region": None, "priority": 100}
        assert web.get("/v1/warehouses/rotterdam").json() == written
        assert written in web.get("/v1/warehouses").json()["data"]

    def test_a_warehouse_that_was_only_counted_is_there_and_does_not_sell(self, web: Web) -> None:
        web.put("/v1/stock/kimono/attic", {"on_hand": 5})

        assert web.get("/v1/warehouses/attic").json()["sells"] is False

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"country": "Netherlands"}, "too_long"),
            ({"country": "XX"}, "unknown_country"),
            ({"country": "nl"}, "unknown_country"),
            ({"priority": -1}, "out_of_range"),
            ({"sells": "yes"}, "not_boolean"),
            ({"name_zh": ""}, "too_short"),
        ],
    )
    def test_what_is_no_warehouse_is_refused(
        self, web: Web, changes: dict[str, Any], code: str
    ) -> None:
        refused(web.put("/v1/warehouses/moon", ROTTERDAM | changes), 422, code)
        refused(web.get("/v1/warehouses/moon"), 404, "not_found")


class TestOrders:
    """What an order says beside its lines."""

    def test_an_address_that_cannot_be_right_is_refused(self, web: Web) -> None:
        nowhere = {"name": "Ana", "country": "CN"}
        foul = SHIP_TO | {"door_code": "1"}

        assert web.post(ORDERS, wanted((MUG, 1), ship_to=nowhere)).status_code == 422
        refused(web.post(ORDERS, wanted((MUG, 1), ship_to=foul)), 422, "unknown_field")

    def test_an_order_is_placed_from_a_reservation_once(self, web: Web) -> None:
        lines = [{"sku": KIMONO, "quantity": 2}]
        booked = web.post("/v1/reservations", {"lines": lines, "minutes": 10}).json()
        body = wanted((KIMONO, 2), reservation=booked["id"])

        placed = web.post(ORDERS, body, key="booked")
        again = web.post(ORDERS, body, key="booked")
        other = web.post(ORDERS, body)

        assert placed.status_code == 201, placed.text
        assert again.json() == placed.json()
        assert other.status_code == 409
        assert web.get(f"/v1/reservations/{booked['id']}").json()["state"] == "released"

    def test_an_order_from_a_reservation_nobody_made_is_not_found(self, web: Web) -> None:
        nobody = show("res", ANA.person_id)

        refused(web.post(ORDERS, wanted((MUG, 1), reservation=nobody)), 404, "not_found")
        refused(web.post(ORDERS, wanted((MUG, 1), reservation="x")), 422, "bad_id")

    def test_a_stranger_takes_no_reservation(self, web: Web) -> None:
        lines = [{"sku": KIMONO, "quantity": 1}]
        booked = web.post("/v1/reservations", {"lines": lines, "minutes": 10}).json()
        stranger = show("per", ANA.person_id)[:-1] + "0"
        body = wanted((KIMONO, 1), reservation=booked["id"]) | {"person": stranger}

        refused(web.post(ORDERS, body), 404, "not_found")
        assert web.get(f"/v1/reservations/{booked['id']}").json()["state"] == "held"


def test_every_door_of_the_catalog_has_an_example(web: Web) -> None:
    api = web.get("/v1/openapi.json").json()
    bodies = ("PriceListBody", "PriceBody", "ProductBody", "PreorderBody", "WarehouseBody")

    assert all(api["components"]["schemas"][name]["examples"] for name in bodies)


def test_without_a_key_nothing_is_written(web: Web) -> None:
    answer = web.client.put("/v1/warehouses/moon", json=ROTTERDAM, headers={"Authorization": ""})

    refused(answer, 401, "no_key")
