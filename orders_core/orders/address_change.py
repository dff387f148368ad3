"""Sends an order somewhere else, as long as nothing of it has left."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, new_id, show
from orders_core.orders import address_store as store
from orders_core.orders.address import AddressFixed, Fixed, ShipTo
from orders_core.orders.order import Fulfilment, Standing
from orders_core.tx import Tx


def set_address(tx: Tx, order_id: OrderId, to: ShipTo, *, change: Change) -> UUID:
    """Send an order to this address; return the id of the address in force.

    Addresses are kept for good: the one before stays readable. The same address twice changes
    nothing. Locks: the order.

    Raises:
        NotFound: If there is no such order.
        AddressFixed: If some of it left, or it was cancelled, or it lives in another shop.
    """
    present = store.lock(tx, order_id)
    if present is None:
        raise NotFound("order", show("ord", order_id))
    if present.address == to and present.address_id is not None:
        return present.address_id
    address_id = new_id()
    if not store.point_at(tx, order_id, address_id, change=change):
        raise AddressFixed(order_id, _because(present))
    store.add(tx, order_id, address_id, to, change=change)
    return address_id


def address_of(tx: Tx, order_ids: Sequence[OrderId]) -> Mapping[OrderId, ShipTo]:
    """Read where several orders go; those that nobody gave an address are left out."""
    return store.addresses(tx, order_ids)


def addresses_before(tx: Tx, order_id: OrderId) -> Mapping[UUID, ShipTo]:
    """Read where an order went before, by id and the last first: to go back to one of them."""
    return dict(store.earlier(tx, order_id))


def _because(present: store.Present) -> Fixed:
    if present.is_mirrored:
        return Fixed.MIRRORED
    if present.standing is Standing.CANCELLED:
        return Fixed.CANCELLED
    assert present.fulfilment is not Fulfilment.UNFULFILLED  # noqa: S101 - nothing else fixes it
    return Fixed.SHIPPED
