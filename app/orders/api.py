"""The HTTP of orders: the batched door, and an order's moves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, Transaction, house_of, secret_of
from app.http.idempotency import KeyedOnce
from app.http.problems import Problem
from app.orders.batcher import Closed, Full
from app.orders.bodies import (
    CancelBody,
    OrderWish,
    PaymentBody,
    ShipBody,
    instant,
    order_body,
    placed_body,
)
from app.orders.door import Door
from app.orders.flush import HeldUp, OutcomeUnknown, StillInProgress
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, PersonId, show
from orders_core.orders import store
from orders_core.orders.choose import SoldOut
from orders_core.orders.move import move_one, pay
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.outbox import reading
from orders_core.parcels import store as parcels
from orders_core.parcels.attach import Consignment, attach
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/orders", tags=["orders"])

Id = Annotated[UUID, PublicId("ord")]
Reader = Annotated[Caller, scope("orders:read")]
Writer = Annotated[Caller, scope("orders:write")]
AGAIN_SOON = {"Retry-After": "1"}


@router.post("", status_code=201)
async def place(wish: OrderWish, once: KeyedOnce, request: Request, caller: Writer) -> Any:
    """Place an order: all of its lines or nothing. 409 says what is short."""
    door: Door = request.app.state.order_door
    wanted = wish.request(
        scope=f"{caller.name} {once.operation}", key=once.key, fingerprint=once.fingerprint
    )
    try:
        outcome = await door.submit(wanted)
    except (Full, Closed):
        raise _busy("too many orders wait, try again shortly") from None
    match outcome:
        case Placed():
            return placed_body(outcome)
        case SoldOut():
            raise _sold_out(outcome)
        case StillInProgress():
            raise Problem(status=409, code="in_progress", detail=str(outcome), headers=AGAIN_SOON)
        case OutcomeUnknown() | HeldUp():
            raise _busy(str(outcome))
        case _:
            raise outcome


def _sold_out(outcome: SoldOut) -> Problem:
    short = [
        {"sku": sku, "wanted": wanted, "available": available}
        for sku, (wanted, available) in outcome.short.items()
    ]
    return Problem(status=409, code="out_of_stock", detail=str(outcome), facts={"short": short})


def _busy(detail: str) -> Problem:
    return Problem(status=503, code="busy", detail=detail, headers=AGAIN_SOON)


@router.get("")
def page(
    tx: Transaction,
    request: Request,
    _: Reader,
    person: Annotated[UUID, PublicId("per")] | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List orders, newest first."""
    secret = secret_of(house_of(request))
    last = cursors.read(secret, after, of="orders")
    rows = store.page(
        tx,
        person_id=PersonId(person) if person else None,
        after=OrderId(last) if last else None,
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="orders").shown(order_body)


@router.get("/{order_id}")
def read(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read one order with its lines and parcels."""
    return shown(tx, OrderId(order_id))


@router.get("/{order_id}/history")
def history(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read every change of an order: what, who, why and when."""
    found = reading.history_of(tx, order_id)
    if not found:
        raise NotFound("order", show("ord", order_id))
    return {
        "data": [
            {
                "event": show("evt", event.id),
                "type": event.type,
                "version": event.version,
                "old": event.old,
                "new": event.new,
                "by": event.by,
                "why": event.why,
                "at": instant(event.occurred_at),
            }
            for event in found
        ]
    }


@router.post("/{order_id}/pay")
def paid(order_id: Id, body: PaymentBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Take the gateway's word that the order is paid; the same reference again changes nothing."""
    change = Change(by=caller.name, why="paid", at=now)
    pay(tx, OrderId(order_id), body.reference, change=change)
    return shown(tx, OrderId(order_id))


@router.post("/{order_id}/ship")
def shipped(order_id: Id, body: ShipBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say that the order left, and in which parcels; its units leave the stock."""
    change = Change(by=caller.name, why="shipped", at=now)
    move_one(tx, OrderId(order_id), OrderStatus.SHIPPED, change=change)
    consignments = [
        Consignment(
            order_id=OrderId(order_id),
            carrier=parcel.carrier,
            number=parcel.number,
            promised_at=parcel.promised_at,
        )
        for parcel in body.parcels
    ]
    for refusal in attach(tx, consignments, change=change).taken:
        raise refusal
    return shown(tx, OrderId(order_id))


@router.post("/{order_id}/deliver")
def delivered(order_id: Id, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say that everything arrived."""
    change = Change(by=caller.name, why="delivered", at=now)
    move_one(tx, OrderId(order_id), OrderStatus.DELIVERED, change=change)
    return shown(tx, OrderId(order_id))


@router.post("/{order_id}/cancel")
def cancelled(order_id: Id, body: CancelBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Call the order off; its units are free again."""
    change = Change(by=caller.name, why=body.reason, at=now)
    move_one(tx, OrderId(order_id), OrderStatus.CANCELLED, change=change)
    return shown(tx, OrderId(order_id))


def shown(tx: Tx, order_id: OrderId) -> dict[str, Any]:
    """Show an order as it stands in this transaction.

    Raises:
        NotFound: If there is none of this id.
    """
    order = store.many(tx, [order_id]).get(order_id)
    if order is None:
        raise NotFound("order", show("ord", order_id))
    return order_body(order, parcels.of_orders(tx, [order_id]).get(order_id, ()))
