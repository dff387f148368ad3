"""The HTTP of goods and stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import Instant
from app.http.cursors import Limit
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.orders.bodies import SkuBody, sku_body
from app.orders.make_way import way_maker
from app.orders.stock_bodies import LevelWish, MovementBody, level_body, past_body
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import canonical
from orders_core.events import Change
from orders_core.ids import new_id
from orders_core.stock import level, store
from orders_core.stock.as_of import levels_as_of
from orders_core.tx import Tx

router = APIRouter(prefix="/v1", tags=["stock"])

Reader = Annotated[Caller, scope("stock:read")]
Writer = Annotated[Caller, scope("stock:write")]
CodePath = Annotated[str, Path(max_length=64)]
MOVEMENTS = UUID("6d3c1f0a-6a0e-5a57-9f0e-0d8f5d1b7c11")  # namespace of callers' own references


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
    body: LevelWish,
    tx: Transaction,
    now: Now,
    caller: Writer,
) -> Any:
    """Set what was counted on the shelf, and what may be sold of it.

    The difference becomes a movement. Where fewer units are there than are promised, the orders
    that cannot ship turn short.
    """
    change = Change(by=caller.name, why="counted" if body.on_hand is not None else "terms", at=now)
    make_way = way_maker(tx, change=change)
    wanted = body.wanted()
    level.arrange(tx, canonical(code), warehouse, wanted, change=change, make_way=make_way)
    return _shown(tx, canonical(code), warehouse, now=now)


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
        level.record(tx, moved, change=change, make_way=way_maker(tx, change=change))
        return 201, _shown(tx, body.sku, body.warehouse, now=now)

    return once.run(tx, caller.name, work)


@dataclass(frozen=True)
class Behind:
    """Behind which SKU a list goes on, and as of when."""

    after: str
    as_of: datetime | None


def _behind(
    after: Annotated[str, Query(max_length=64)] = "",
    as_of: Annotated[Instant | None, Query(description="A past time: what was held then.")] = None,
) -> Behind:
    return Behind(after, as_of)


@router.get("/stock")
def levels(
    tx: Transaction,
    now: Now,
    _: Reader,
    page: Annotated[Behind, Depends(_behind)],
    sku: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 200,
) -> Any:
    """List what every warehouse holds, in SKU order, those behind `after`.

    With `as_of`, what it held at that time.
    """
    code = canonical(sku) if sku else None
    if page.as_of is not None:
        past = levels_as_of(tx, at=page.as_of, code=code, after=page.after, at_most=limit)
        return {"data": [past_body(held) for held in past]}
    found = store.levels(tx, code=code, after=page.after, at_most=limit, now=now)
    return {"data": [level_body(held) for held in found]}


def _shown(tx: Tx, code: str, warehouse: str, *, now: datetime) -> dict[str, Any]:
    found = store.levels(tx, code=code, now=now)
    return next(level_body(held) for held in found if held.warehouse == warehouse)
