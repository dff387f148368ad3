"""The HTTP of orders: the batched door, lists, one order as it stands and stood."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import Instant, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Transaction, house_of, secret_of
from app.http.idempotency import KeyedOnce
from app.http.problems import Problem
from app.orders.batcher import Closed, Full
from app.orders.bodies import (
    OrderWish,
    gift_body,
    instant,
    placed_body,
)
from app.orders.door import Door
from app.orders.flush import HeldUp, OutcomeUnknown, StillInProgress
from app.orders.moves_bodies import order_body, past_body
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, show
from orders_core.orders import gift_store, line_store, store
from orders_core.orders.as_of import order_as_of
from orders_core.orders.outcome import Placed
from orders_core.orders.refusals import SoldOut
from orders_core.outbox import reading
from orders_core.parcels import store as parcels
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
        scope=f"{caller.name} {once.operation}",
        key=once.key,
        fingerprint=once.fingerprint,
        is_trial=not caller.live,
    )
    try:
        if wish.reservation is None:
            outcome = await door.submit(wanted)
        else:
            outcome = await run_in_threadpool(door.place_booked, wanted, wish.reservation)
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
def read(
    order_id: Id,
    tx: Transaction,
    _: Reader,
    as_of: Annotated[Instant | None, Query()] = None,
    known_at: Annotated[Instant | None, Query()] = None,
) -> Any:
    """Read one order with its lines and parcels, or `as_of` a past time.

    With `known_at` as well, as far as the books knew by then.
    """
    if as_of is None:
        return shown(tx, OrderId(order_id))
    past = order_as_of(tx, OrderId(order_id), as_of, known_at=known_at)
    if past is None:
        raise NotFound("order", f"{show('ord', order_id)} as of {instant(as_of)}")
    return past_body(past)


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


def shown(tx: Tx, order_id: OrderId) -> dict[str, Any]:
    """Show an order as it stands in this transaction.

    Raises:
        NotFound: If there is none of this id.
    """
    order = store.many(tx, [order_id]).get(order_id)
    if order is None:
        raise NotFound("order", show("ord", order_id))
    units = None if order.mirrored else line_store.units_of(tx, [order_id]).get(order_id, {})
    shown = order_body(order, parcels.of_orders(tx, [order_id]).get(order_id, ()), units)
    gift = gift_store.of_orders(tx, [order_id]).get(order_id)
    return {**shown, "gift": gift_body(gift)}
