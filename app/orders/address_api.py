"""The HTTP of where orders go, what is written on their invoices, and pickup stations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import PublicId
from app.http.cursors import Limit
from app.http.deps import Now, Transaction
from app.orders.address_bodies import (
    InvoiceBody,
    ShipToBody,
    StationBody,
    invoice_body,
    ship_to_body,
    station_body,
)
from app.orders.api import shown
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, show
from orders_core.orders import address_station as stations
from orders_core.orders.address_change import address_of, set_address
from orders_core.orders.invoice import HOME
from orders_core.orders.invoice_ask import ask_invoice, invoice_of
from orders_core.tx import Tx

router = APIRouter(prefix="/v1")

Id = Annotated[UUID, PublicId("ord")]
Reader = Annotated[Caller, scope("orders:read")]
Writer = Annotated[Caller, scope("orders:write")]


@router.put("/orders/{order_id}/address", tags=["orders"])
def put_address(order_id: Id, body: ShipToBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Send an order to another address, as long as nothing of it left; the same changes nothing."""
    change = Change(by=caller.name, why="address_changed", at=now)
    set_address(tx, OrderId(order_id), body.ship_to(), change=change)
    return _address(tx, OrderId(order_id))


@router.get("/orders/{order_id}/address", tags=["orders"])
def address(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read where an order goes."""
    shown(tx, OrderId(order_id))
    return _address(tx, OrderId(order_id))


@router.put("/orders/{order_id}/invoice", tags=["orders"])
def put_invoice(order_id: Id, body: InvoiceBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Ask for the invoice of an order; the last word counts, until thirty days after delivery.

    A tax number of mainland China has 18 characters and a check digit.
    """
    known, present = OrderId(order_id), shown(tx, OrderId(order_id))
    to = address_of(tx, [known]).get(known)
    is_home = to.country == HOME if to else present["total"]["currency"] == "CNY"
    wanted = body.invoice().checked(country=HOME if is_home else "")
    change = Change(by=caller.name, why="invoice_asked", at=now)
    ask_invoice(tx, known, wanted, change=change)
    return invoice_body(known, wanted)


@router.get("/orders/{order_id}/invoice", tags=["orders"])
def invoice(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read the invoice that was asked for last."""
    found = invoice_of(tx, OrderId(order_id))
    if found is None:
        raise NotFound("invoice of", show("ord", order_id))
    return invoice_body(OrderId(order_id), found)


@router.put("/stations/{code}", tags=["stations"])
def put_station(
    code: Annotated[str, Path(max_length=64)], body: StationBody, tx: Transaction, _: Writer
) -> Any:
    """Write a pickup station; shoppers of its city can choose it while it is open."""
    station = body.station(code)
    stations.put(tx, station)
    return station_body(station)


@router.get("/stations", tags=["stations"])
def list_stations(
    tx: Transaction,
    _: Reader,
    limit: Limit = 200,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """List the pickup stations in code order, those behind `after`."""
    found = stations.page(tx, after=after, at_most=limit)
    return {"data": [station_body(station) for station in found]}


def _address(tx: Tx, order_id: OrderId) -> dict[str, Any]:
    found = address_of(tx, [order_id]).get(order_id)
    if found is None:
        raise NotFound("address of", show("ord", order_id))
    return ship_to_body(order_id, found)
