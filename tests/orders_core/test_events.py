"""Every change that a tracked table can make has an event type."""

import pytest

from orders_core.events import EventType
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus


@pytest.mark.parametrize("status", OrderStatus)
def test_every_state_of_an_order_has_an_event(status: OrderStatus) -> None:
    assert EventType(f"order.{status}")


@pytest.mark.parametrize("status", ParcelStatus)
def test_every_state_of_a_parcel_has_an_event(status: ParcelStatus) -> None:
    assert EventType(f"parcel.{status}")
