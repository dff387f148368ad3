"""The HTTP of what was promised and is not there."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import PublicId
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.orders.api import shown
from app.orders.short_bodies import (
    FailedPick,
    RefundShort,
    SwapShort,
    WaitShort,
    chosen_body,
    offers_body,
    stuck_body,
)
from app.orders.short_rule import rank_by_table
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.shortage.choice import Choice, Refund, Swap, Wait
from orders_core.shortage.choose import choose
from orders_core.shortage.find import Pick, pick_failed
from orders_core.shortage.offer import offers
from orders_core.shortage.stuck import waiting
from orders_core.tx import Tx

router = APIRouter(prefix="/v1")

Id = Annotated[UUID, PublicId("ord")]
StockReader = Annotated[Caller, scope("stock:read")]
Reader = Annotated[Caller, scope("orders:read")]
Writer = Annotated[Caller, scope("orders:write")]


@router.get("/stock/short", tags=["stock"])
def short(tx: Transaction, _: StockReader) -> Any:
    """Say how much is paid and cannot ship, since when, and of which goods."""
    return stuck_body(waiting(tx))


@router.get("/orders/{order_id}/short", tags=["orders"])
def offered(order_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read what an order is short of, and what its shopper may choose."""
    shown(tx, OrderId(order_id))
    return offers_body(OrderId(order_id), offers(tx, OrderId(order_id)))


@router.post("/orders/{order_id}/short/wait", tags=["orders"])
def wait(order_id: Id, body: WaitShort, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Wait for what is short until a day; past it, it is refunded."""
    return _chosen(tx, order_id, Wait(body.until), body, _change(caller, now))


@router.post("/orders/{order_id}/short/swap", tags=["orders"])
def swap(order_id: Id, body: SwapShort, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Send other goods instead of what is short; what they cost less is refunded."""
    return _chosen(tx, order_id, Swap(body.instead), body, _change(caller, now))


@router.post("/orders/{order_id}/short/refund", tags=["orders"])
def refund(order_id: Id, body: RefundShort, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Take what is short off the order and give its money back."""
    return _chosen(tx, order_id, Refund(), body, _change(caller, now))


@router.post("/orders/{order_id}/pick-failed", tags=["orders"])
def not_found(
    order_id: Id, body: FailedPick, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Say that units of the order were not on the shelf: they are short, and the shelf has less."""

    def work() -> tuple[int, dict[str, Any]]:
        pick = Pick(code=body.sku, warehouse=body.warehouse, units=body.units)
        change = Change(by=caller.name, why="pick_failed", at=now)
        rank = rank_by_table(tx, about=f"{body.sku} {body.warehouse}", now=now)
        pick_failed(tx, OrderId(order_id), pick, rank=rank, change=change)
        return 200, offers_body(OrderId(order_id), offers(tx, OrderId(order_id)))

    return once.run(tx, caller.name, work)


def _change(caller: Caller, now: datetime) -> Change:
    return Change(by=caller.name, why="asked_by_shopper", at=now)


def _chosen(tx: Tx, order_id: UUID, choice: Choice, body: RefundShort, change: Change) -> Any:
    chosen = choose(tx, OrderId(order_id), choice, code=body.sku, change=change)
    return chosen_body(chosen, offers(tx, chosen.order_id))
