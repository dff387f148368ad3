"""Who hears of what: nothing is forgotten, nobody is named twice."""

import pytest

from app.db.transaction import begin
from app.house import House
from app.subscribers.handle import handle_events
from app.subscribers.table import NOBODY, SUBSCRIBERS
from orders_core.events import EventType, Ring
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.parcels.attach import Consignment, attach_one
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from tests.buying import MUG, bought, change, moved, order, paid, rows
from tests.shop import MORNING


def test_every_event_says_who_hears_it() -> None:
    assert set(SUBSCRIBERS) == set(EventType)


def test_a_name_stands_for_one_consumer() -> None:
    consumers = {consumer for those in SUBSCRIBERS.values() for consumer in those}

    assert len({consumer.name for consumer in consumers}) == len(consumers)


def test_news_of_orders_reaches_the_hub() -> None:
    for status in OrderStatus:
        assert "hub" in {consumer.name for consumer in SUBSCRIBERS[EventType(f"order.{status}")]}
    heard = {consumer.name for consumer in SUBSCRIBERS[EventType.ORDER_UPDATED]}
    assert heard == {"desk.short"}  # more of it may turn out to be missing
    assert SUBSCRIBERS[EventType.ORDER_UNPAID] == NOBODY


@pytest.mark.parametrize(
    "ends",
    [EventType.ORDER_SHORT_SETTLED, EventType.PARCEL_RETURNING, EventType.PARCEL_DELIVERED],
)
def test_what_ends_news_without_being_any_reaches_the_hub_that_retracts(ends: EventType) -> None:
    assert "hub" in {consumer.name for consumer in SUBSCRIBERS[ends]}


class TestArrivals:
    """When its last parcel arrives, an order is delivered."""

    def test_an_order_is_delivered_with_its_last_parcel(self, house: House) -> None:
        order_id = _shipped(house, "SF1", "SF2")

        _scanned(house, "SF1", ParcelStatus.DELIVERED)
        half_way = _status(house, order_id)
        _scanned(house, "SF2", ParcelStatus.DELIVERED)

        assert (half_way, _status(house, order_id)) == (OrderStatus.SHIPPED, OrderStatus.DELIVERED)

    def test_a_parcel_on_its_way_delivers_nothing(self, house: House) -> None:
        order_id = _shipped(house, "SF1")

        _scanned(house, "SF1", ParcelStatus.OUT_FOR_DELIVERY)

        assert _status(house, order_id) is OrderStatus.SHIPPED

    def test_an_order_that_was_called_off_stays_so(self, house: House) -> None:
        order_id = _shipped(house, "SF1", status=OrderStatus.CANCELLED)

        _scanned(house, "SF1", ParcelStatus.DELIVERED)

        assert _status(house, order_id) is OrderStatus.CANCELLED
        with begin(house.engine) as tx:
            assert rows(tx, "outbox", "state <> 'done'") == 0

    def test_a_silent_scan_delivers_silently(self, house: House) -> None:
        order_id = _shipped(house, "SF1")

        _scanned(house, "SF1", ParcelStatus.DELIVERED, ring=Ring.NEVER)

        with begin(house.engine) as tx:
            assert history_of(tx, order_id)[-1].ring is Ring.NEVER


def _shipped(house: House, *numbers: str, status: OrderStatus = OrderStatus.SHIPPED) -> OrderId:
    with begin(house.engine) as tx:
        order_id = moved(tx, paid(tx, bought(tx, (MUG, 1))), status)
        for number in numbers:
            attach_one(
                tx, Consignment(order_id=order_id, carrier="sf", number=number), change=change()
            )
    return order_id


def _scanned(house: House, number: str, code: ParcelStatus, *, ring: Ring = Ring.NOW) -> None:
    with begin(house.engine) as tx:
        scan = Scan(carrier="sf", number=number, checkpoint=Checkpoint(at=MORNING, code=code))
        record(tx, [scan], by="carrier", at=MORNING, ring=lambda _: ring)
    while handle_events(house).done:
        continue


def _status(house: House, order_id: OrderId) -> OrderStatus:
    with begin(house.engine) as tx:
        return order(tx, order_id).status
