"""Reservations over HTTP: promised for minutes, then an order, a sale, or free again."""

from datetime import timedelta
from typing import Any

import pytest

from orders_core.ids import show
from tests.buying import LAMP, MUG, TEA
from tests.cast import ANA
from tests.shop import MORNING
from tests.web import Web

RESERVATIONS = "/v1/reservations"


def shelf(web: Web, sku: str) -> dict[str, Any]:
    [found] = web.get("/v1/stock", sku=sku).json()["data"]
    assert isinstance(found, dict)
    return found


def booked(web: Web, *lines: tuple[str, int], minutes: int = 15, **more: Any) -> dict[str, Any]:
    wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    answer = web.post(RESERVATIONS, {"lines": wanted, "minutes": minutes} | more)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


def test_units_are_promised_for_minutes_and_read_back(web: Web) -> None:
    before = shelf(web, MUG)["available"]

    made = booked(web, (MUG, 3), (TEA, 1), reference="basket 7", person=show("per", ANA.person_id))

    assert (made["state"], made["reference"]) == ("held", "basket 7")
    assert made["lines"][0] == {"sku": MUG, "quantity": 3, "warehouse": "main"}
    assert made["expires_at"] == "2026-03-02T02:15:00Z"
    assert web.get(f"{RESERVATIONS}/{made['id']}").json() == made
    assert shelf(web, MUG)["available"] == before - 3


def test_asking_twice_under_one_key_reserves_once(web: Web) -> None:
    before = shelf(web, MUG)["available"]
    body = {"lines": [{"sku": MUG, "quantity": 1}]}

    first, again = (web.post(RESERVATIONS, body, key="r1") for _ in range(2))

    assert first.json() == again.json()
    assert shelf(web, MUG)["available"] == before - 1


def test_what_is_not_there_is_told_with_what_is_left(web: Web) -> None:
    left = shelf(web, LAMP)["available"]

    answer = web.post(RESERVATIONS, {"lines": [{"sku": LAMP, "quantity": left + 1}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["short"] == [{"sku": LAMP, "wanted": left + 1, "available": left}]


def test_a_confirmed_reservation_leaves_and_stays_so(web: Web) -> None:
    before = shelf(web, TEA)["on_hand"]
    made = booked(web, (TEA, 2))

    answers = [web.post(f"{RESERVATIONS}/{made['id']}/confirm").json() for _ in range(2)]
    released = web.post(f"{RESERVATIONS}/{made['id']}/release")

    assert [answer["state"] for answer in answers] == ["confirmed", "confirmed"]
    assert shelf(web, TEA)["on_hand"] == before - 2
    assert (released.status_code, released.json()["code"]) == (409, "reservation_ended")


def test_a_released_reservation_is_free_again(web: Web) -> None:
    before = shelf(web, TEA)["available"]
    made = booked(web, (TEA, 2))

    assert web.post(f"{RESERVATIONS}/{made['id']}/release").json()["state"] == "released"
    assert shelf(web, TEA)["available"] == before


def test_past_its_time_it_is_free_unless_extended_and_lost_if_others_took_it(web: Web) -> None:
    everything = shelf(web, LAMP)["available"]
    made = booked(web, (LAMP, everything))
    kept = booked(web, (MUG, 1))
    web.post(f"{RESERVATIONS}/{kept['id']}/extend", {"minutes": 60})
    web.shop.clock.set(MORNING + timedelta(minutes=15))

    assert shelf(web, LAMP)["available"] == everything
    assert web.get(f"{RESERVATIONS}/{made['id']}").json()["state"] == "expired"
    assert web.get(f"{RESERVATIONS}/{kept['id']}").json()["state"] == "held"
    booked(web, (LAMP, 1))
    lost = web.post(f"{RESERVATIONS}/{made['id']}/confirm")

    assert (lost.status_code, lost.json()["code"]) == (409, "reservation_lost")
    assert lost.json()["short"][0]["available"] == everything - 1


def test_an_order_is_placed_from_a_reservation(web: Web) -> None:
    before = shelf(web, MUG)
    made = booked(web, (MUG, 4))

    order = web.post(
        "/v1/orders",
        {
            "person": show("per", ANA.person_id),
            "lines": [{"sku": MUG, "quantity": 4}],
            "reservation": made["id"],
        },
    )

    assert order.status_code == 201, order.text
    assert web.get(f"{RESERVATIONS}/{made['id']}").json()["state"] in ("released", "confirmed")
    assert shelf(web, MUG)["available"] == before["available"] - 4


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"lines": []}, 422, "too_few"),
        ({"lines": [{"sku": MUG, "quantity": 0}]}, 422, "quantity_out_of_range"),
        ({"lines": [{"sku": "YETI", "quantity": 1}]}, 404, "not_found"),
        ({"lines": [{"sku": MUG, "quantity": 1}], "minutes": 0}, 422, "out_of_range"),
        ({"lines": [{"sku": MUG, "quantity": 1}], "until": "2030-01-01"}, 422, "unknown_field"),
    ],
)
def test_a_reservation_that_cannot_be(
    web: Web, body: dict[str, Any], status: int, code: str
) -> None:
    answer = web.post(RESERVATIONS, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_one_that_nobody_made_is_not_found(web: Web) -> None:
    unknown = show("res", ANA.person_id)

    for answer in (
        web.get(f"{RESERVATIONS}/{unknown}"),
        web.post(f"{RESERVATIONS}/{unknown}/confirm"),
        web.post(f"{RESERVATIONS}/{unknown}/extend", {"minutes": 1}),
    ):
        assert answer.status_code == 404
