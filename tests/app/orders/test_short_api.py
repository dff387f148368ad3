"""Short orders over the API: found by a count, a scrap or a pick, settled by their shopper."""

from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from app.orders import api as orders_api
from app.orders import short_api, stock_api
from orders_core.ids import OrderId, show
from tests.buying import MUG, TEA, bought, fill, move_in, out_of_balance, paid
from tests.doors import Doors, open_doors
from tests.shop import Shop


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9, TEA: 9})
    with open_doors(shop, orders_api.router, short_api.router, stock_api.router) as open_:
        yield open_


def order(doors: Doors, *lines: tuple[str, int], is_paid: bool = True) -> str:
    with begin(doors.shop.engine) as tx:
        order_id: OrderId = bought(tx, *lines)
        if is_paid:
            paid(tx, order_id)
    return show("ord", order_id)


def test_a_count_below_promises_goes_through_and_says_who_is_short(doors: Doors) -> None:
    first, second = order(doors, (MUG, 4)), order(doors, (MUG, 4))

    counted = doors.call("PUT", "/v1/stock/MUG/main", {"on_hand": 5})

    assert counted.status_code == 200
    assert (counted.json()["on_hand"], counted.json()["reserved"]) == (5, 5)
    stuck = doors.get("/v1/stock/short")
    assert (stuck["orders"], stuck["units"]) == (1, 3)
    assert [(row["sku"], row["units"], row["not_chosen"]) for row in stuck["data"]] == [(MUG, 3, 1)]
    assert doors.get(f"/v1/orders/{first}/short")["data"] == []
    [offer] = doors.get(f"/v1/orders/{second}/short")["data"]
    assert (offer["state"], offer["units"]) == ("open", 3)
    assert offer["may"] == ["refund", "wait"]


def test_the_table_says_who_loses_and_what_they_may_choose(doors: Doors) -> None:
    unpaid, paid_one = order(doors, (MUG, 4), is_paid=False), order(doors, (MUG, 4))

    doors.call("PUT", "/v1/stock/MUG/main", {"on_hand": 4})

    assert doors.get(f"/v1/orders/{paid_one}/short")["data"] == []
    [offer] = doors.get(f"/v1/orders/{unpaid}/short")["data"]
    assert offer["may"] == ["refund"]
    refused = doors.refusal(
        "POST", f"/v1/orders/{unpaid}/short/wait", {"until": "2026-03-09T00:00:00Z"}
    )
    assert refused == (409, "not_offered")


def test_scrap_makes_room_too_and_the_same_reference_only_once(doors: Doors) -> None:
    short = order(doors, (MUG, 8))
    scrap = {"sku": MUG, "delta": -3, "cause": "scrap", "reference": "S-1"}

    for _ in range(2):
        assert doors.call("POST", "/v1/stock/movements", scrap).status_code == 201

    [offer] = doors.get(f"/v1/orders/{short}/short")["data"]
    assert offer["units"] == 2


def test_a_shopper_waits_swaps_or_has_the_money_back(doors: Doors) -> None:
    waits, swaps, refunded = (order(doors, (TEA, 3)) for _ in range(3))
    doors.call("PUT", "/v1/stock/TEA/main", {"on_hand": 0})

    waited = doors.call(
        "POST", f"/v1/orders/{waits}/short/wait", {"until": "2026-03-09T00:00:00Z"}
    ).json()
    swapped = doors.call("POST", f"/v1/orders/{swaps}/short/swap", {"instead": "mug"}).json()
    back = doors.call("POST", f"/v1/orders/{refunded}/short/refund", {"sku": TEA}).json()

    assert [waited["chosen"], swapped["chosen"], back["chosen"]] == ["wait", "swap", "refund"]
    assert waited["data"][0]["state"] == "waiting"
    assert waited["data"][0]["wait_until"] == "2026-03-09T00:00:00Z"
    assert (swapped["units"], swapped["refunded_minor"]) == (3, 3 * 7_900)
    assert back["refunded_minor"] == 3 * 12_800
    assert doors.get(f"/v1/orders/{refunded}")["status"] == "cancelled"
    again = doors.refusal("POST", f"/v1/orders/{refunded}/short/swap", {"instead": MUG})
    assert again == (409, "nothing_short")
    with begin(doors.shop.engine) as tx:
        assert out_of_balance(tx) == []


def test_a_swap_or_a_day_that_will_not_do_is_refused(doors: Doors) -> None:
    short = order(doors, (MUG, 3))
    doors.call("PUT", "/v1/stock/MUG/main", {"on_hand": 0})
    at = f"/v1/orders/{short}/short"

    assert doors.refusal("POST", f"{at}/wait", {"until": "2020-01-01T00:00:00Z"}) == (
        422,
        "bad_wait",
    )
    assert doors.refusal("POST", f"{at}/swap", {"instead": "NIX"}) == (409, "cannot_swap")


def test_a_failed_pick_makes_its_order_short(doors: Doors) -> None:
    picked, other = order(doors, (MUG, 2)), order(doors, (MUG, 2))
    at = f"/v1/orders/{picked}/pick-failed"

    once = {"Idempotency-Key": "pick-1"}
    doors.call("POST", at, {"sku": MUG}, **once)
    failed = doors.call("POST", at, {"sku": MUG}, **once)

    assert (failed.status_code, failed.json()["data"][0]["units"]) == (200, 1)
    assert doors.get(f"/v1/orders/{other}/short")["data"] == []
    assert doors.refusal("POST", at, {"sku": MUG, "units": 2}) == (409, "not_held")
    [level] = doors.get("/v1/stock", sku=MUG)["data"]
    assert (level["on_hand"], level["reserved"]) == (8, 3)


def test_a_short_order_that_is_not_there_is_not_found(doors: Doors) -> None:
    nobody = "ord_01kaqh3m2xf0t8w1v5y7z9b3cd"

    assert doors.refusal("GET", f"/v1/orders/{nobody}/short", None) == (404, "not_found")
