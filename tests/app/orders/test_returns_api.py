"""Returns over the API: asked for, decided by table or agent, received by condition."""

from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from app.orders import api as orders_api
from app.orders import returns_api
from orders_core.ids import show
from orders_core.orders.order import OrderStatus
from tests.buying import MUG, bought, fill, level, move_in, moved, out_of_balance, paid
from tests.doors import Doors, open_doors
from tests.shop import Shop


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
    with open_doors(shop, orders_api.router, returns_api.router) as open_:
        yield open_


@pytest.fixture
def order(doors: Doors) -> str:
    with begin(doors.shop.engine) as tx:
        order_id = moved(tx, paid(tx, bought(tx, (MUG, 3))), OrderStatus.SHIPPED)
        moved(tx, order_id, OrderStatus.DELIVERED)
    return show("ord", order_id)


def asked(units: int, reason: str = "changed_mind") -> dict[str, object]:
    return {"lines": [{"line": 1, "units": units}], "reason": reason}


def test_the_table_approves_what_needs_no_question(doors: Doors, order: str) -> None:
    reply = doors.call("POST", f"/v1/orders/{order}/returns", asked(2, "damaged"))

    assert reply.status_code == 201
    made = reply.json()
    assert (made["state"], made["who_pays"], made["refund_percent"]) == ("approved", "shop", 100)
    assert made["id"].startswith("ret_")
    assert doors.get(f"/v1/returns/{made['id']}") == made
    assert doors.get(f"/v1/orders/{order}/returns")["data"] == [made]


def test_goods_come_back_by_their_condition_and_their_money_is_asked_back(
    doors: Doors, order: str
) -> None:
    made = doors.call("POST", f"/v1/orders/{order}/returns", asked(2)).json()
    came = [
        {"line": 1, "units": 1, "condition": "unopened"},
        {"line": 1, "units": 1, "condition": "damaged"},
    ]

    doors.call("POST", f"/v1/returns/{made['id']}/receive", {"lines": came})
    reply = doors.call("POST", f"/v1/returns/{made['id']}/receive", {"lines": came})

    received = reply.json()
    assert received["state"] == "received"
    assert received["refund"] == {"amount_minor": 9_800, "currency": "CNY"}
    assert [(row["restocked"], row["scrapped"]) for row in received["lines"]] == [(1, 1)]
    with begin(doors.shop.engine) as tx:
        assert level(tx, MUG).on_hand == 7
        assert out_of_balance(tx) == []


def test_what_the_table_leaves_open_waits_for_an_agent(doors: Doors, order: str) -> None:
    with begin(doors.shop.engine) as tx:
        tx.exec_driver_sql("UPDATE orders SET delivered_at = '2026-02-10'")
    first = doors.call("POST", f"/v1/orders/{order}/returns", asked(1)).json()
    second = doors.call("POST", f"/v1/orders/{order}/returns", asked(1)).json()
    assert [first["state"], second["state"]] == ["requested", "requested"]
    assert len(doors.get("/v1/returns", state="requested")["data"]) == 2

    terms = {"who_pays": "shop", "refund_percent": 50}
    approved = doors.call("POST", f"/v1/returns/{first['id']}/approve", terms).json()
    rejected = doors.call("POST", f"/v1/returns/{second['id']}/reject").json()

    assert (approved["state"], approved["refund_percent"]) == ("approved", 50)
    assert rejected["state"] == "rejected"
    assert doors.refusal("POST", f"/v1/returns/{second['id']}/approve", {}) == (
        409,
        "bad_transition",
    )


def test_one_key_asks_once(doors: Doors, order: str) -> None:
    at = f"/v1/orders/{order}/returns"

    first, again = (doors.call("POST", at, asked(2), **{"Idempotency-Key": "r-1"}) for _ in "12")

    assert first.json() == again.json()
    assert doors.refusal("POST", at, asked(2)) == (409, "not_returnable")


def test_pages_of_returns_go_on_where_the_last_ended(doors: Doors, order: str) -> None:
    made = [doors.call("POST", f"/v1/orders/{order}/returns", asked(1)).json() for _ in range(3)]

    page = doors.get("/v1/returns", limit=2)
    rest = doors.get("/v1/returns", limit=2, after=page["next"])

    found = [one["id"] for one in [*page["data"], *rest["data"]]]
    assert found == [one["id"] for one in reversed(made)]
    assert rest["has_more"] is False


def test_a_return_of_nothing_or_of_too_much_is_refused(doors: Doors, order: str) -> None:
    at = f"/v1/orders/{order}/returns"

    assert doors.call("POST", at, {"lines": [], "reason": "other"}).status_code == 422
    assert doors.refusal("POST", at, asked(4)) == (409, "not_returnable")
    made = doors.call("POST", at, asked(1, "damaged")).json()
    came = {"lines": [{"line": 1, "units": 2, "condition": "used"}]}
    refused = doors.refusal("POST", f"/v1/returns/{made['id']}/receive", came)
    assert refused == (422, "not_awaited")
    nobody = "/v1/returns/ret_01kaqh3m2xf0t8w1v5y7z9b3cd"
    assert doors.refusal("GET", nobody, None) == (404, "not_found")
