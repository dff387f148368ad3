"""Addresses, invoices and stations over the API, by the same rules as on the order page."""

from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from app.orders import address_api
from app.orders import api as orders_api
from orders_core.ids import OrderId, read, show
from orders_core.orders.order import OrderStatus
from tests.buying import MUG, bought, fill, move_in, moved, paid
from tests.doors import Doors, open_doors
from tests.shop import Shop

HOME = {
    "name": "林小雨",
    "country": "CN",
    "region": "浙江省",
    "city": "杭州市",
    "street": "文三路 1 号",
    "phone": "+86 139 0000 0000",
}
TAX = "91350100M000100Y43"
STATION = {"name": "文三路驿站", "country": "CN", "city": "杭州市", "street": "文三路 12 号"}


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
    with open_doors(shop, orders_api.router, address_api.router) as open_:
        yield open_


@pytest.fixture
def order(doors: Doors) -> str:
    with begin(doors.shop.engine) as tx:
        return show("ord", paid(tx, bought(tx, (MUG, 1))))


def bought_id(order: str) -> OrderId:
    return OrderId(read("ord", order))


def test_an_order_is_sent_to_an_address(doors: Doors, order: str) -> None:
    assert doors.call("GET", f"/v1/orders/{order}/address").status_code == 404

    written = doors.call("PUT", f"/v1/orders/{order}/address", HOME).json()

    assert {name: written[name] for name in HOME} == HOME
    assert doors.get(f"/v1/orders/{order}/address") == written
    version = doors.get(f"/v1/orders/{order}")["version"]
    assert doors.call("PUT", f"/v1/orders/{order}/address", HOME).json() == written
    assert doors.get(f"/v1/orders/{order}")["version"] == version


def test_a_field_that_cannot_be_right_is_named(doors: Doors, order: str) -> None:
    reply = doors.call("PUT", f"/v1/orders/{order}/address", {**HOME, "phone": "by pigeon"})

    assert reply.status_code == 422
    said = reply.json()
    assert (said["code"], said["field"], said["flaw"]) == ("bad_address", "phone", "bad_phone")


def test_the_address_of_what_left_is_fixed(doors: Doors, order: str) -> None:
    with begin(doors.shop.engine) as tx:
        moved(tx, bought_id(order), OrderStatus.SHIPPED)
    reply = doors.call("PUT", f"/v1/orders/{order}/address", HOME)

    assert (reply.status_code, reply.json()["code"]) == (409, "address_fixed")


def test_an_invoice_is_asked_for_and_checked(doors: Doors, order: str) -> None:
    path = f"/v1/orders/{order}/invoice"
    assert doors.call("GET", path).status_code == 404
    wrong = doors.call("PUT", path, {"title": "小满杂货", "tax_number": TAX[:-1] + "9"})
    asked = doors.call("PUT", path, {"title": "小满杂货", "tax_number": TAX.lower()}).json()

    assert (wrong.status_code, wrong.json()["flaw"]) == (422, "bad_tax_number")
    assert asked["tax_number"] == TAX
    assert doors.get(path) == asked


def test_no_invoice_is_written_for_what_was_cancelled(doors: Doors, order: str) -> None:
    with begin(doors.shop.engine) as tx:
        moved(tx, bought_id(order), OrderStatus.CANCELLED)
    reply = doors.call("PUT", f"/v1/orders/{order}/invoice", {"title": "林小雨"})

    assert (reply.status_code, reply.json()["code"]) == (409, "invoice_closed")


def test_a_station_is_written_listed_and_closed(doors: Doors) -> None:
    written = doors.call("PUT", "/v1/stations/HZ-1", STATION).json()
    closed = doors.call("PUT", "/v1/stations/HZ-1", {**STATION, "is_open": False}).json()

    assert (written["code"], written["is_open"], closed["is_open"]) == ("HZ-1", True, False)
    assert doors.get("/v1/stations")["data"] == [closed]
    nowhere = doors.call("PUT", "/v1/stations/X", {**STATION, "country": "XX"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "bad_address")
