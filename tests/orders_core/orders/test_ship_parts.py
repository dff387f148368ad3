"""An order leaves in parts: each parcel has its units, and the last one makes it shipped."""

import pytest
from sqlalchemy import text

from orders_core.events import EventType
from orders_core.ids import OrderId
from orders_core.orders.line import NoSuchUnits
from orders_core.orders.order import Fulfilment, IllegalMove, OrderStatus
from orders_core.orders.ship import Shipment, ship
from orders_core.outbox.reading import history_of
from orders_core.parcels.attach import Consignment, ParcelTaken
from orders_core.tx import Tx
from tests.buying import (
    MUG,
    TEA,
    bought,
    change,
    fill,
    level,
    moved,
    order,
    out_of_balance,
    paid,
    rows,
)

MUGS, TEAS = 1, 2


def ordered(tx: Tx) -> OrderId:
    """Buy and pay three mugs and two teas."""
    fill(tx, {MUG: 9, TEA: 9})
    return paid(tx, bought(tx, (MUG, 3), (TEA, 2)))


def in_parcel(order_id: OrderId, number: str, units: dict[int, int] | None = None) -> Shipment:
    consignment = Consignment(order_id=order_id, carrier="shunfeng", number=number)
    return Shipment(consignment=consignment, units=units)


def sent(tx: Tx, order_id: OrderId, *shipments: Shipment) -> None:
    ship(tx, order_id, shipments, change=change("clerk", why="shipped"))


def in_parcels(tx: Tx) -> list[tuple[str | None, str, int]]:
    """Return of each reservation that left: the parcel's number, the SKU, the units."""
    left = text(
        "SELECT p.number, s.code, sum(r.quantity) FROM reservation r JOIN sku s ON s.id = r.sku_id"
        " LEFT JOIN parcel p ON p.id = r.parcel_id WHERE r.state = 'confirmed'"
        " GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [(row[0], row[1], int(row[2])) for row in tx.execute(left)]


def test_what_left_is_out_of_stock_and_the_rest_is_still_held(tx: Tx) -> None:
    order_id = ordered(tx)

    sent(tx, order_id, in_parcel(order_id, "1", {MUGS: 2}))

    found = order(tx, order_id)
    assert (found.fulfilment, found.status) == (Fulfilment.PARTLY_SHIPPED, OrderStatus.PAID)
    assert found.shipped_at is None
    assert (level(tx, MUG).on_hand, level(tx, MUG).reserved) == (7, 1)
    assert (level(tx, TEA).on_hand, level(tx, TEA).reserved) == (9, 2)
    assert in_parcels(tx) == [("1", MUG, 2)]
    assert history_of(tx, order_id)[-1].type is EventType.ORDER_PARTLY_SHIPPED
    assert out_of_balance(tx) == []


def test_once_nothing_is_left_the_order_is_shipped(tx: Tx) -> None:
    order_id = ordered(tx)

    sent(tx, order_id, in_parcel(order_id, "1", {MUGS: 2}))
    sent(tx, order_id, in_parcel(order_id, "2", {MUGS: 1, TEAS: 1}))
    assert order(tx, order_id).fulfilment is Fulfilment.PARTLY_SHIPPED
    sent(tx, order_id, in_parcel(order_id, "3", {TEAS: 1}))

    assert order(tx, order_id).status is OrderStatus.SHIPPED
    assert in_parcels(tx) == [("1", MUG, 2), ("2", MUG, 1), ("2", TEA, 1), ("3", TEA, 1)]
    assert [event.type for event in history_of(tx, order_id)].count(EventType.ORDER_SHIPPED) == 1
    assert (level(tx, MUG).on_hand, level(tx, TEA).on_hand) == (6, 7)
    assert out_of_balance(tx) == []


def test_several_parcels_at_once_and_the_last_takes_what_is_left(tx: Tx) -> None:
    order_id = ordered(tx)

    sent(tx, order_id, in_parcel(order_id, "1", {MUGS: 2, TEAS: 1}), in_parcel(order_id, "2"))

    assert in_parcels(tx) == [("1", MUG, 2), ("1", TEA, 1), ("2", MUG, 1), ("2", TEA, 1)]
    assert order(tx, order_id).status is OrderStatus.SHIPPED


def test_parcels_that_name_no_lines_share_what_leaves_and_nobody_knows_how(tx: Tx) -> None:
    order_id = ordered(tx)

    sent(tx, order_id, in_parcel(order_id, "1"), in_parcel(order_id, "2"))

    assert in_parcels(tx) == [(None, MUG, 3), (None, TEA, 2)]
    assert rows(tx, "parcel") == 2


def test_the_same_parcel_may_take_more_of_the_same_goods(tx: Tx) -> None:
    order_id = ordered(tx)

    sent(tx, order_id, in_parcel(order_id, "1", {MUGS: 1}))
    sent(tx, order_id, in_parcel(order_id, "1", {MUGS: 1}))

    assert in_parcels(tx) == [("1", MUG, 2)]
    assert rows(tx, "movement", "cause = 'sale'") == 2
    assert out_of_balance(tx) == []


@pytest.mark.parametrize("units", [{MUGS: 4}, {TEAS: 1, 9: 1}])
def test_more_than_is_held_does_not_leave(tx: Tx, units: dict[int, int]) -> None:
    order_id = ordered(tx)

    with pytest.raises(NoSuchUnits):
        sent(tx, order_id, Shipment(units=units))

    assert level(tx, MUG).on_hand == 9


def test_one_unit_does_not_leave_in_two_parcels(tx: Tx) -> None:
    order_id = ordered(tx)

    with pytest.raises(NoSuchUnits):
        sent(
            tx,
            order_id,
            in_parcel(order_id, "1", {MUGS: 2}),
            in_parcel(order_id, "2", {MUGS: 2}),
        )


@pytest.mark.parametrize("units", [None, {MUGS: 1}])
def test_nothing_leaves_before_it_is_paid(tx: Tx, units: dict[int, int] | None) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 3))

    with pytest.raises(IllegalMove, match="it is not paid in full; take the payment first"):
        sent(tx, order_id, Shipment(units=units))


def test_what_left_all_told_again_changes_nothing_but_the_parcels(tx: Tx) -> None:
    order_id = moved(tx, ordered(tx), OrderStatus.SHIPPED)
    before = order(tx, order_id)

    sent(tx, order_id, in_parcel(order_id, "1"))

    assert order(tx, order_id) == before
    assert rows(tx, "parcel", f"order_id = '{order_id}'") == 1


def test_a_parcel_of_another_order_is_refused(tx: Tx) -> None:
    order_id = ordered(tx)
    sent(tx, order_id, in_parcel(order_id, "1"))
    other = paid(tx, bought(tx, (MUG, 1)))

    with pytest.raises(ParcelTaken):
        sent(tx, other, in_parcel(other, "1"))


def test_an_order_is_delivered_only_when_all_of_it_left(tx: Tx) -> None:
    order_id = ordered(tx)
    sent(tx, order_id, Shipment(units={MUGS: 1}))

    with pytest.raises(IllegalMove, match="its fulfilment is partly_shipped"):
        moved(tx, order_id, OrderStatus.DELIVERED)
