"""The HTTP of returns."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import OneOf, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, Transaction, house_of, secret_of
from app.http.idempotency import KeyedOnce
from app.orders.api import shown
from app.orders.return_bodies import ApproveBody, ReceiveBody, ReturnWish, return_body
from app.orders.return_rule import judge_by_table, sort_by_table
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, show
from orders_core.returns import store
from orders_core.returns.receive import Receipt, receive
from orders_core.returns.request import decide, request
from orders_core.returns.rma import Decision, State, Why

router = APIRouter(prefix="/v1", tags=["returns"])

OrderRef = Annotated[UUID, PublicId("ord")]
Id = Annotated[UUID, PublicId("ret")]
Reader = Annotated[Caller, scope("returns:read")]
Writer = Annotated[Caller, scope("returns:write")]


@router.post("/orders/{order_id}/returns", status_code=201)
def ask(
    order_id: OrderRef,
    body: ReturnWish,
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    caller: Writer,
) -> Any:
    """Ask to send goods back; a decision table approves, rejects, or leaves it to an agent."""

    def work() -> tuple[int, Any]:
        change = Change(by=caller.name, why=Why.ASKED_BY_SHOPPER, at=now)
        judge = judge_by_table(tx, OrderId(order_id), now=now)
        asked = request(tx, OrderId(order_id), body.wish(), judge=judge, change=change)
        return 201, return_body(asked)

    return once.run(tx, caller.name, work)


@router.get("/orders/{order_id}/returns")
def of_order(order_id: OrderRef, tx: Transaction, _: Reader) -> Any:
    """Read the returns of one order, oldest first."""
    shown(tx, OrderId(order_id))
    return {"data": [return_body(one) for one in store.of_orders(tx, [OrderId(order_id)])]}


@router.get("/returns")
def page(
    tx: Transaction,
    asked: Request,
    _: Reader,
    state: Annotated[State, OneOf(State)] | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List returns, newest first."""
    secret = secret_of(house_of(asked))
    last = cursors.read(secret, after, of="returns")
    rows = store.page(tx, state=state, after=last, at_most=limit + 1)
    return cursors.page(secret, rows, limit=limit, of="returns").shown(return_body)


@router.get("/returns/{return_id}")
def read(return_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read one return with its lines."""
    found = store.find(tx, return_id)
    if found is None:
        raise NotFound("return", show("ret", return_id))
    return return_body(found)


@router.post("/returns/{return_id}/approve")
def approve(return_id: Id, body: ApproveBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Let the goods come back; approved twice is approved once."""
    change = Change(by=caller.name, why=Why.BY_AGENT, at=now)
    approved = decide(
        tx,
        return_id,
        Decision.APPROVE,
        payer=body.who_pays,
        refund_percent=body.refund_percent,
        change=change,
    )
    return return_body(approved)


@router.post("/returns/{return_id}/reject")
def reject(return_id: Id, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say that the goods may not come back; rejected twice is rejected once."""
    change = Change(by=caller.name, why=Why.BY_AGENT, at=now)
    return return_body(decide(tx, return_id, Decision.REJECT, change=change))


@router.post("/returns/{return_id}/receive")
def received(return_id: Id, body: ReceiveBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say what came back: a table restocks or scraps it, and its money is asked back."""
    receipt = Receipt(
        came=body.came(),
        warehouse=body.warehouse,
        sort=sort_by_table(tx, show("ret", return_id), now=now),
    )
    change = Change(by=caller.name, why=Why.CAME_BACK, at=now)
    return return_body(receive(tx, return_id, receipt, change=change))
