"""Count, receive and scrap goods."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, new_id
from orders_core.stock import store
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


def count(
    tx: Tx, code: str, warehouse: str, *, on_hand: int, oversell_limit: int | None, change: Change
) -> store.Level:
    """Set what was counted on the shelf; the difference becomes a movement.

    Raises:
        NotFound: If the shop has no such SKU.
        BelowReserved: If fewer units were counted than are promised.
    """
    sku_id = _sku(tx, code)
    before = store.lock_level(tx, sku_id, warehouse)
    _check_promises(tx, code, warehouse, on_hand=on_hand, oversell_limit=oversell_limit)
    if on_hand != before:
        moved = Move(
            code=code,
            warehouse=warehouse,
            delta=on_hand - before,
            cause=Cause.COUNT,
            cause_id=new_id(),
        )
        _write(tx, sku_id, moved, change=change)
    store.set_level(tx, sku_id, warehouse, on_hand=on_hand, oversell_limit=oversell_limit)
    return _level(tx, code, warehouse)


def record(tx: Tx, moved: Move, *, change: Change) -> store.Level:
    """Record goods that came or went; the same cause twice counts once.

    Raises:
        NotFound: If the shop has no such SKU.
        BelowReserved: If goods go that are promised to orders.
        NothingMoves: If `delta` is 0.
    """
    if moved.delta == 0:
        raise NothingMoves("delta is 0: say how many units came or went")
    sku_id = _sku(tx, moved.code)
    before = store.lock_level(tx, sku_id, moved.warehouse)
    if _write(tx, sku_id, moved, change=change):
        after = before + moved.delta
        _check_promises(tx, moved.code, moved.warehouse, on_hand=after, oversell_limit=None)
        store.set_level(tx, sku_id, moved.warehouse, on_hand=after)
    return _level(tx, moved.code, moved.warehouse)


def _sku(tx: Tx, code: str) -> SkuId:
    found = store.sku_id_of(tx, code)
    if found is None:
        raise NotFound("SKU", code)
    return SkuId(found)


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


def _check_promises(
    tx: Tx, code: str, warehouse: str, *, on_hand: int, oversell_limit: int | None
) -> None:
    present = _level(tx, code, warehouse)
    limit = present.oversell_limit if oversell_limit is None else oversell_limit
    if on_hand < 0 or on_hand + limit < present.reserved:
        raise BelowReserved(code, on_hand, present.reserved)
