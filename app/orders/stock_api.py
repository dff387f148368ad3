"""The HTTP of goods and stock."""

from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import Body, Line, OneOf, Whole
from app.http.cursors import Limit
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.orders.bodies import Code, CountBody, SkuBody, level_body, sku_body
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import canonical
from orders_core.events import Change
from orders_core.ids import new_id
from orders_core.stock import level, store
from orders_core.stock.level import Cause

router = APIRouter(prefix="/v1", tags=["stock"])

Reader = Annotated[Caller, scope("stock:read")]
Writer = Annotated[Caller, scope("stock:write")]
CodePath = Annotated[str, Path(max_length=64)]
MOVEMENTS = UUID("6d3c1f0a-6a0e-5a57-9f0e-0d8f5d1b7c11")  # namespace of callers' own references


class MovementBody(Body):
    """Goods that came (positive) or went (negative). The same reference counts once."""

    sku: Code
    warehouse: Annotated[str, Line(40)] = "main"
    delta: Annotated[int, Whole(-(10**9), 10**9)]
    cause: Annotated[Cause, OneOf(Cause)]
    reference: Annotated[str, Line(128)] | None = None


@router.put("/skus/{code}")
def put_sku(code: CodePath, body: SkuBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Write a SKU; one that exists takes the new titles and price."""
    goods = body.sku(code)
    catalog.put(tx, [goods], now=now)
    return sku_body(goods)


@router.get("/skus")
def skus(
    tx: Transaction,
    _: Reader,
    limit: Limit = 200,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """List the SKUs in code order, those behind `after`."""
    return {"data": [sku_body(goods) for goods in catalog.page(tx, after=after, at_most=limit)]}


@router.put("/stock/{code}/{warehouse}")
def count(
    code: CodePath,
    warehouse: Annotated[str, Path(max_length=40)],
    body: CountBody,
    tx: Transaction,
    now: Now,
    caller: Writer,
) -> Any:
    """Set what was counted on the shelf; the difference becomes a movement."""
    change = Change(by=caller.name, why="counted", at=now)
    counted = level.count(
        tx,
        canonical(code),
        warehouse,
        on_hand=body.on_hand,
        oversell_limit=body.oversell_limit,
        change=change,
    )
    return level_body(counted)


@router.post("/stock/movements", status_code=201)
def move(body: MovementBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Record goods that came or went."""

    def work() -> tuple[int, dict[str, Any]]:
        cause_id = uuid5(MOVEMENTS, body.reference) if body.reference else new_id()
        moved = level.Move(
            code=body.sku,
            warehouse=body.warehouse,
            delta=body.delta,
            cause=body.cause,
            cause_id=cause_id,
        )
        change = Change(by=caller.name, why=body.cause, at=now)
        return 201, level_body(level.record(tx, moved, change=change))

    return once.run(tx, caller.name, work)


@router.get("/stock")
def levels(
    tx: Transaction,
    _: Reader,
    sku: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 200,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """List what every warehouse holds, in SKU order, those behind `after`."""
    code = canonical(sku) if sku else None
    found = store.levels(tx, code=code, after=after, at_most=limit)
    return {"data": [level_body(held) for held in found]}
