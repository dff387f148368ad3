"""Where an order goes: checked when it is written, fixed once something left."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from orders_core.errors import NotFound
from orders_core.ids import OrderId, new_id
from orders_core.orders.address import AddressFixed, BadAddress, Fixed, Flaw, ShipTo
from orders_core.orders.address_change import address_of, addresses_before, set_address
from orders_core.orders.address_station import At, Station, find, near, put, sent_to
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, moved, order, paid, rows

HOME = ShipTo(
    name="林小雨",
    country="CN",
    region="浙江省",
    city="杭州市",
    street="文三路 1 号",
    phone="13900000000",
)
WORK = replace(HOME, street="北山街 8 号")
DOCK = Station(code="HZ-1", name="文三路驿站", country="CN", city="杭州", street="文三路 12 号")


@pytest.fixture
def mine(tx: Tx) -> OrderId:
    """An order of two mugs."""
    fill(tx, {MUG: 5})
    return bought(tx, (MUG, 2))


def test_an_address_is_trimmed_and_what_is_blank_is_absent() -> None:
    to = ShipTo(name="  Ada   Ashby ", country="gb", street="1\nHigh Street", phone=" ", city="")

    assert (to.name, to.country, to.street) == ("Ada Ashby", "GB", "1 High Street")
    assert to.phone is None
    assert to.city is None


@pytest.mark.parametrize(
    ("given", "field", "flaw"),
    [
        ({"name": " "}, "name", Flaw.MISSING),
        ({"name": "x" * 81}, "name", Flaw.TOO_LONG),
        ({"name": "a\x00b"}, "name", Flaw.BAD_MARKS),
        ({"country": "XX"}, "country", Flaw.BAD_COUNTRY),
        ({"country": ""}, "country", Flaw.MISSING),
        ({"street": None}, "street", Flaw.MISSING),
        ({"phone": "call me"}, "phone", Flaw.BAD_PHONE),
        ({"postal_code": "3100"}, "postal_code", Flaw.BAD_POSTAL_CODE),
        ({"country": "GB", "postal_code": "-!"}, "postal_code", Flaw.BAD_POSTAL_CODE),
    ],
)
def test_a_field_that_cannot_be_right_is_named(
    given: dict[str, str | None], field: str, flaw: Flaw
) -> None:
    with pytest.raises(BadAddress) as refused:
        replace(HOME, **given)  # type: ignore[arg-type]

    assert (refused.value.field, refused.value.flaw) == (field, flaw)


def test_an_address_is_appended_and_the_order_points_at_it(tx: Tx, mine: OrderId) -> None:
    set_address(tx, mine, HOME, change=change("shopper", why="address_changed"))
    set_address(tx, mine, WORK, change=change("shopper", why="address_changed"))

    assert address_of(tx, [mine]) == {mine: WORK}
    assert list(addresses_before(tx, mine).values()) == [HOME]
    last = history_of(tx, mine)[-1]
    assert (last.type, last.by) == ("order.address_changed", "shopper")


def test_the_same_address_twice_changes_nothing(tx: Tx, mine: OrderId) -> None:
    first = set_address(tx, mine, HOME, change=change())
    again = set_address(tx, mine, HOME, change=change())

    assert first == again
    assert rows(tx, "ship_to") == 1
    assert order(tx, mine).version == 2


def test_the_address_of_what_has_left_is_fixed(tx: Tx, mine: OrderId) -> None:
    set_address(tx, mine, HOME, change=change())
    moved(tx, paid(tx, mine), OrderStatus.SHIPPED)

    with pytest.raises(AddressFixed) as refused:
        set_address(tx, mine, WORK, change=change())

    assert refused.value.because is Fixed.SHIPPED
    assert address_of(tx, [mine]) == {mine: HOME}
    assert rows(tx, "ship_to") == 1


def test_the_address_of_a_cancelled_order_is_fixed(tx: Tx, mine: OrderId) -> None:
    moved(tx, mine, OrderStatus.CANCELLED)

    with pytest.raises(AddressFixed) as refused:
        set_address(tx, mine, HOME, change=change())

    assert refused.value.because is Fixed.CANCELLED


def test_an_order_of_another_shop_is_not_sent_elsewhere_here(tx: Tx, mine: OrderId) -> None:
    tx.execute(text("UPDATE orders SET mirrored = true"))

    with pytest.raises(AddressFixed) as refused:
        set_address(tx, mine, HOME, change=change())

    assert refused.value.because is Fixed.MIRRORED


def test_an_unknown_order_has_no_address(tx: Tx) -> None:
    with pytest.raises(NotFound):
        set_address(tx, OrderId(new_id()), HOME, change=change())


def test_an_address_that_was_kept_is_read_whatever_the_rules_are_today(
    tx: Tx, mine: OrderId
) -> None:
    set_address(tx, mine, HOME, change=change())
    tx.execute(text("UPDATE ship_to SET phone = 'by pigeon', country = 'XX'"))

    assert address_of(tx, [mine])[mine].phone == "by pigeon"


def test_open_stations_of_a_city_are_found_however_its_name_is_written(tx: Tx) -> None:
    put(tx, DOCK)
    put(tx, replace(DOCK, code="HZ-2", is_open=False))
    put(tx, replace(DOCK, code="NB-1", city="宁波"))

    assert [one.code for one in near(tx, At("CN", "杭州市"))] == ["HZ-1"]
    assert near(tx, At("CN", " ")) == []
    assert near(tx, At("NL", "杭州")) == []
    with pytest.raises(NotFound):
        find(tx, "HZ-2")


def test_a_station_takes_the_goods_for_the_same_person() -> None:
    at = sent_to(HOME, DOCK)

    assert (at.name, at.phone) == (HOME.name, HOME.phone)
    assert (at.station, at.street, at.city) == ("文三路驿站", "文三路 12 号", "杭州")
