"""A gift over HTTP: placed with its order, shown with it, and its page passed on."""

from typing import Any

import pytest

from app.db.transaction import begin
from app.people.links import Purpose, links_of
from orders_core.ids import OrderId, new_id, read, show
from tests.buying import MUG, rows
from tests.cast import ANA, CHIYO
from tests.pages_app import settings_of
from tests.web import Web

ORDERS = "/v1/orders"
RECEIVER = show("per", CHIYO.person_id)


def given(**gift: object) -> dict[str, Any]:
    lines = [{"sku": MUG, "quantity": 2}]
    return {"person": show("per", ANA.person_id), "lines": lines, "gift": gift}


def test_a_gift_is_kept_with_its_order(web: Web) -> None:
    gift = {"person": RECEIVER, "giver": "Ana", "words": "生日快乐"}
    placed = web.post(ORDERS, given(**gift))

    assert placed.status_code == 201
    assert web.get(f"{ORDERS}/{placed.json()['id']}").json()["gift"] == gift


def test_an_order_that_is_no_gift_says_so(web: Web) -> None:
    wanted = {name: value for name, value in given().items() if name != "gift"}
    placed = web.post(ORDERS, wanted).json()["id"]

    assert web.get(f"{ORDERS}/{placed}").json()["gift"] is None


@pytest.mark.parametrize(
    ("gift", "status", "code"),
    [
        ({"person": show("per", new_id())}, 404, "not_found"),
        ({"person": show("per", ANA.person_id)}, 422, "gift_to_oneself"),
        ({"giver": "A\nB"}, 422, "line_break"),
        ({"words": "x" * 501}, 422, "too_long"),
        ({"price": 1}, 422, "unknown_field"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_is_sold(
    web: Web, gift: dict[str, Any], status: int, code: str
) -> None:
    with begin(web.shop.engine) as tx:
        before = rows(tx, "orders"), rows(tx, "gift")
    answer = web.post(ORDERS, given(**gift))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with begin(web.shop.engine) as tx:
        assert (rows(tx, "orders"), rows(tx, "gift")) == before


def test_the_page_that_is_passed_on_of_a_gift_shows_neither_goods_nor_price(web: Web) -> None:
    placed = web.post(ORDERS, given(giver="Ana <b>", words="生日快乐")).json()
    links = links_of(settings_of(web.shop))
    whose = OrderId(read("ord", placed["id"]))

    own = web.client.get(f"/o/{links.token(Purpose.ORDER, whose)}?lang=en").text
    shared = web.client.get(f"/o/{links.token(Purpose.SHARED_ORDER, whose)}?lang=en").text

    total = f"{placed['total']['amount_minor'] / 100:.2f}"
    assert total in own
    assert "This order is a gift" in own
    assert total not in shared
    assert "CN¥" not in shared
    assert MUG not in shared
    assert "Ana &lt;b&gt; sends you this" in shared
    assert "生日快乐" in shared
