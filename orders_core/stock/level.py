"""Count, receive and scrap goods, and set what may be sold of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from orders_core.catalog import preorder
from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, new_id
from orders_core.stock import shelf_store, store
from orders_core.tx import Tx


class Cause(StrEnum):
    """Why goods come and go by a clerk's hand; sales are the orders' own."""

    RECEIPT = "receipt"  #: delivered by a supplier
    RETURN = "return"  #: sent back by a shopper
    SCRAP = "scrap"  #: broken or out of date
    COUNT = "count"  #: the shelf held another number than the books
    TRANSFER = "transfer"  #: to or from another warehouse


class NothingMoves(CoreError):
    """A movement of no units explains nothing."""


class BelowReserved(CoreError):
    """The shelf would hold fewer units than are promised to shoppers."""

    def __init__(self, code: str, on_hand: int, promised: int) -> None:
        self.code, self.on_hand, self.promised = code, on_hand, promised
        super().__init__(f"{code} cannot be set to {on_hand}: {promised} are promised to orders")


@dataclass(frozen=True, kw_only=True)
class Move:
    """Units of a SKU that come (positive) or go (negative), and the cause that makes it once."""

    code: str
    warehouse: str
    delta: int
    cause: Cause
    cause_id: UUID


class Wanted(TypedDict, total=False):
    """What a level is set to, in units; what is left out stays as it is."""

    on_hand: int  #: was counted on the shelf
    oversell_limit: int  #: may be promised beyond what is there
    safety_stock: int  #: is never promised
    low_at: int | None  #: so few to sell are few; None: nobody is told


#: Is told code, warehouse and the units a locked level is going to hold, and may take promises off.
MakeWay = Callable[[str, str, int], object]


def to_nobody(_code: str, _warehouse: str, _on_hand: int) -> None:
    """Let every promise stand: what is promised cannot go."""


def count(
    tx: Tx, code: str, warehouse: str, *, on_hand: int, oversell_limit: int | None, change: Change
) -> store.Level:
    """Set what was counted on the shelf; the difference becomes a movement.

    Raises:
        NotFound: If the shop has no such SKU.
        BelowReserved: If fewer units were counted than are promised.
    """
    wanted = Wanted(on_hand=on_hand)
    if oversell_limit is not None:
        wanted["oversell_limit"] = oversell_limit
    return arrange(tx, code, warehouse, wanted, change=change)


def arrange(
    tx: Tx,
    code: str,
    warehouse: str,
    wanted: Wanted,
    *,
    change: Change,
    make_way: MakeWay = to_nobody,
) -> store.Level:
    """Set what was counted on the shelf, if anything was, and what may be sold of it, in one.

    `make_way` is asked first where fewer units would be there than are promised.

    Raises:
        NotFound: If the shop has no such SKU.
        BelowReserved: If there would still be fewer, or may be oversold, than are promised.
    """
    sku_id = _sku(tx, code)
    before = _lock(tx, sku_id, warehouse, change=change)
    after = wanted.get("on_hand", before)
    if after < before:
        make_way(code, warehouse, after)
    asked = wanted.get("oversell_limit")
    limit = preorder.limit_after(tx, sku_id, warehouse, came=after - before, asked=asked)
    _check_promises(tx, code, warehouse, on_hand=after, limit=limit)
    if after != before:
        moved = Move(
            code=code,
            warehouse=warehouse,
            delta=after - before,
            cause=Cause.COUNT,
            cause_id=new_id(),
        )
        _write(tx, sku_id, moved, change=change)
    changes = {**wanted, "on_hand": after, **_limited(limit)}
    store.set_level(tx, sku_id, warehouse, changes, change=change)
    return _level(tx, code, warehouse)


def record(tx: Tx, moved: Move, *, change: Change, make_way: MakeWay = to_nobody) -> store.Level:
    """Record goods that came or went; the same cause twice counts once.

    `make_way` is asked first where goods go that may be promised.

    Raises:
        NotFound: If the shop has no such SKU.
        BelowReserved: If goods go that are promised to orders.
        NothingMoves: If `delta` is 0.
    """
    if moved.delta == 0:
        raise NothingMoves("delta is 0: say how many units came or went")
    sku_id = _sku(tx, moved.code)
    before = _lock(tx, sku_id, moved.warehouse, change=change)
    if _write(tx, sku_id, moved, change=change):
        after = before + moved.delta
        if after < before:
            make_way(moved.code, moved.warehouse, after)
        limit = preorder.limit_after(tx, sku_id, moved.warehouse, came=moved.delta)
        _check_promises(tx, moved.code, moved.warehouse, on_hand=after, limit=limit)
        changes = {"on_hand": after, **_limited(limit)}
        store.set_level(tx, sku_id, moved.warehouse, changes, change=change)
    return _level(tx, moved.code, moved.warehouse)


def _limited(limit: int | None) -> dict[str, int]:
    return {} if limit is None else {"oversell_limit": limit}


def _sku(tx: Tx, code: str) -> SkuId:
    found = store.sku_id_of(tx, code)
    if found is None:
        raise NotFound("SKU", code)
    return SkuId(found)


def _lock(tx: Tx, sku_id: SkuId, warehouse: str, *, change: Change) -> int:
    """Lock the level, made if need be, let go what is past its time; return what is on hand."""
    on_hand = store.lock_level(tx, sku_id, warehouse, change=change)
    shelf_store.let_go(tx, [(sku_id, warehouse)], now=change.at)
    return on_hand


def _write(tx: Tx, sku_id: SkuId, moved: Move, *, change: Change) -> bool:
    row = {
        "sku_id": sku_id,
        "warehouse": moved.warehouse,
        "delta": moved.delta,
        "cause": moved.cause,
        "cause_id": moved.cause_id,
        "moved_by": change.by,
        "moved_at": change.at,
    }
    return store.write_movement(tx, row)


def _level(tx: Tx, code: str, warehouse: str) -> store.Level:
    return next(x for x in store.levels(tx, code=code) if x.warehouse == warehouse)


def _check_promises(tx: Tx, code: str, warehouse: str, *, on_hand: int, limit: int | None) -> None:
    present = _level(tx, code, warehouse)
    beyond = present.oversell_limit if limit is None else limit
    if on_hand < 0 or on_hand + beyond < present.reserved:
        raise BelowReserved(code, on_hand, present.reserved)
