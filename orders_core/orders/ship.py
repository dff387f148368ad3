"""Goods leave: all that is left, or some units in some parcels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import hold
from orders_core.orders import line_store as lines
from orders_core.orders import move_store as orders
from orders_core.orders.line import LineUnits, OwnLine, check_units, skus_of
from orders_core.orders.moves import SHIP, SHIP_PART, Facts, may
from orders_core.orders.order import Fulfilment, IllegalMove, Order
from orders_core.parcels.attach import Consignment, attach
from orders_core.stock import settle
from orders_core.stock.settle import Ending, Units
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What leaves together: in a parcel or handed over, out of one warehouse or of any.

    `units` are by line position; None stands for all that no other shipment names.
    """

    consignment: Consignment | None = None
    units: Mapping[int, int] | None = None
    warehouse: str | None = None


def ship(tx: Tx, order_id: OrderId, shipments: Sequence[Shipment], *, change: Change) -> None:
    """Say what left, in which parcels; the units leave the stock.

    Without shipments, and where one of them names no units, all that is left leaves. Once nothing
    is left the order is shipped, before it is partly shipped. Saying again that all of it left
    changes nothing but the parcels. Locks: levels in SKU order, the order, then parcels.

    Raises:
        NotFound: If there is no such order.
        NoSuchUnits: If the order has no such line, or holds fewer units of it.
        IllegalMove: If the order is not paid, is cancelled, or waits for short units.
        ParcelTaken: If a parcel carries another order.
        NotHeld: If a warehouse that is named does not hold the units.
    """
    order = hold.one(tx, order_id)
    shipments = shipments or [Shipment()]
    takes_all = any(shipment.units is None for shipment in shipments)
    if takes_all and order.fulfilment is Fulfilment.SHIPPED:
        _attach(tx, shipments, change=change)
        return
    own = lines.current(tx, order_id)
    there = lines.units_of(tx, [order_id]).get(order_id, {})
    leaving = _leaving(order_id, own, there, shipments)
    summed: Counter[str] = Counter()
    for shipped in leaving:
        summed.update(shipped)
    is_rest = takes_all or all(summed[code] == found.live for code, found in there.items())
    if refusal := may(Facts(order=order, at=change.at), SHIP if is_rest else SHIP_PART):
        raise IllegalMove(refusal)
    parcels = _attach(tx, shipments, change=change)
    sku_of = skus_of(own)
    units = [
        Units(order_id, sku_of[code], n, parcels.get(place), shipments[place].warehouse)
        for place, shipped in enumerate(leaving)
        for code, n in shipped.items()
    ]
    settle.end_units(tx, units, Ending.CONFIRMED, change=change)
    _write(tx, order, is_rest=is_rest, change=change)


def _leaving(
    order_id: OrderId,
    own: Sequence[OwnLine],
    there: Mapping[str, LineUnits],
    shipments: Sequence[Shipment],
) -> list[Counter[str]]:
    """Return the units of each shipment by SKU code; the first that names none takes the rest."""
    rest = Counter({code: found.held for code, found in there.items()})
    leaving: list[Counter[str]] = []
    for shipment in shipments:
        named = check_units(order_id, own, shipment.units or {}, rest)
        rest.subtract(named)
        leaving.append(named)
    for shipment, units in zip(shipments, leaving, strict=True):
        if shipment.units is None:
            units.update(+rest)
            break
    return leaving


def _attach(tx: Tx, shipments: Sequence[Shipment], *, change: Change) -> Mapping[int, UUID]:
    """Tie the parcels to the order; return by a shipment's place which parcel its units are in.

    Where several parcels share what no other shipment names, nobody said which units are in which.
    """
    wishes = [shipment.consignment for shipment in shipments if shipment.consignment]
    attached = attach(tx, wishes, change=change)
    for refusal in attached.taken:
        raise refusal
    share = sum(shipment.units is None for shipment in shipments) > 1
    return {
        place: attached.parcels[shipment.consignment.name].id
        for place, shipment in enumerate(shipments)
        if shipment.consignment and not (share and shipment.units is None)
    }


def _write(tx: Tx, order: Order, *, is_rest: bool, change: Change) -> None:
    after = (
        order.moved(fulfilment=Fulfilment.SHIPPED, shipped_at=change.at)
        if is_rest
        else order.moved(fulfilment=Fulfilment.PARTLY_SHIPPED)
    )
    if after != order:  # the second part of several changes the parcels alone
        orders.write(tx, order, after, change=change)
