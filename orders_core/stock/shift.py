"""Units of many levels come or go at once, all or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from orders_core.catalog import preorder
from orders_core.events import Change
from orders_core.stock import shelf_store
from orders_core.stock import shift_store as store
from orders_core.stock.level import BelowReserved, Cause, MakeWay, to_nobody
from orders_core.stock.shelf_store import Key
from orders_core.stock.shift_store import Going, Held
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Why:
    """The cause of movements, and the id that makes each level's movement once."""

    cause: Cause
    id: UUID


def shift(
    tx: Tx,
    deltas: Mapping[Key, int],
    why: Why,
    *,
    change: Change,
    make_way: MakeWay = to_nobody,
) -> None:
    """Move units of levels, made if need be; every level is locked, in order, before any moves.

    `make_way` is asked first where goods go that may be promised.

    Raises:
        BelowReserved: If a level would still hold fewer units than are promised; none moves then.
    """
    moving = {key: delta for key, delta in sorted(deltas.items()) if delta}
    if not moving:
        return
    keys = list(moving)
    store.open_levels(tx, keys, change=change)
    store.lock(tx, keys)
    shelf_store.let_go(tx, keys, now=change.at)
    for held in store.lock(tx, keys):
        after = held.on_hand + moving[held.key]
        if after < held.on_hand and not held.could_hold(after):
            make_way(held.code, held.key[1], after)
    going = [_going(tx, held, moving[held.key]) for held in store.lock(tx, keys)]
    store.move(tx, going, cause=why.cause, cause_id=why.id, change=change)


def _going(tx: Tx, held: Held, units: int) -> Going:
    after = held.on_hand + units
    if units < 0 and not held.could_hold(after):
        raise BelowReserved(held.code, after, held.reserved)
    limit = preorder.limit_after(tx, held.key[0], held.key[1], came=units)
    return Going(held.key, units, limit)
