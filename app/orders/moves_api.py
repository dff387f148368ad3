"""The HTTP of an order's moves: money, parts, edits, shipments, refunds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import PublicId
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.orders.api import shown
from app.orders.moves_bodies import (
    CancelBody,
    EditBody,
    PaymentBody,
    RefundMadeBody,
    ShipBody,
    refund_body,
)
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import refund
from orders_core.orders.cancel import because, cancel_units
from orders_core.orders.edit import edit
from orders_core.orders.move import move_one
from orders_core.orders.moves import Reason
from orders_core.orders.order import OrderStatus
from orders_core.orders.pay import pay
from orders_core.orders.ship import ship

router = APIRouter(prefix="/v1", tags=["orders"])

Id = Annotated[UUID, PublicId("ord")]
RefundId = Annotated[UUID, PublicId("ref")]
Reader = Annotated[Caller, scope("orders:read")]
Writer = Annotated[Caller, scope("orders:write")]


@router.post("/orders/{order_id}/pay")
def paid(order_id: Id, body: PaymentBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Take the gateway's word that money came in; the same reference again changes nothing.

    Of a pre-order that is the deposit first, then the balance. A payment that comes too late is
    kept in the books and asked back: `payment` is `refund_due`.
    """
    change = Change(by=caller.name, why=Reason.PAID, at=now)
    pay(tx, OrderId(order_id), body.reference, amount_minor=body.amount_minor, change=change)
    return shown(tx, OrderId(order_id))


@router.post("/orders/{order_id}/ship")
def shipped(
    order_id: Id, body: ShipBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Say what left, and in which parcels; its units leave the stock.

    Nothing named, all that is left; use an Idempotency-Key where only some of it leaves.
    """

    def work() -> tuple[int, Any]:
        change = Change(by=caller.name, why=Reason.SHIPPED, at=now)
        ship(tx, OrderId(order_id), body.shipments(OrderId(order_id)), change=change)
        return 200, shown(tx, OrderId(order_id))

    return once.run(tx, caller.name, work)


@router.post("/orders/{order_id}/deliver")
def delivered(order_id: Id, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say that everything arrived."""
    change = Change(by=caller.name, why=Reason.DELIVERED, at=now)
    move_one(tx, OrderId(order_id), OrderStatus.DELIVERED, change=change)
    return shown(tx, OrderId(order_id))


@router.post("/orders/{order_id}/cancel")
def cancelled(
    order_id: Id, body: CancelBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Call the order off, or some units of it; they are free again, and what was paid goes back.

    Use an Idempotency-Key where only some units are called off.
    """

    def work() -> tuple[int, Any]:
        change = Change(by=caller.name, why=body.note or "", at=now)
        cancel_units(tx, OrderId(order_id), body.units, reason=body.reason, change=change)
        return 200, shown(tx, OrderId(order_id))

    return once.run(tx, caller.name, work)


@router.post("/orders/{order_id}/edit")
def edited(order_id: Id, body: EditBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Give the order other quantities before any of it leaves, all or nothing.

    An unpaid order may change freely; a paid one may not get dearer, and what was paid too much is
    asked back.
    """
    change = because(Reason.EDITED, Change(by=caller.name, why=body.note or "", at=now))
    edit(tx, OrderId(order_id), body.quantities, change=change)
    return shown(tx, OrderId(order_id))


@router.get("/orders/{order_id}/refunds")
def refunds(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read what of the order's money goes back or went, oldest first."""
    shown(tx, OrderId(order_id))
    return {"data": [refund_body(one) for one in refund.of_order(tx, OrderId(order_id))]}


@router.post("/refunds/{refund_id}/made")
def refunded(
    refund_id: RefundId, body: RefundMadeBody, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Take the gateway's word that money went back; the same reference again changes nothing."""
    change = Change(by=caller.name, why=Reason.REFUNDED, at=now)
    return refund_body(refund.made(tx, refund_id, body.reference, change=change))
