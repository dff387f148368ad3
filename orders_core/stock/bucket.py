"""Buckets: one level's units handed to several rows, for one SKU sold from many hosts at once.

The level counts as reserved what it handed out; taking from a bucket leaves the level alone, so
buyers with different slots never meet. A buyer whose slot is empty steals from the next; one who
needs more than any bucket has locks the level and all its buckets, and so the last unit is sold,
and no unit twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orders_core.events import Change, Ring
from orders_core.ids import OrderId
from orders_core.stock import bucket_store as store
from orders_core.stock import room, shelf_store
from orders_core.stock.room import NotEnough
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Took:
    """Where an order's units came from: units by slot, and what the level itself gave."""

    slots: Mapping[int, int]
    from_level: int = 0


def hand_out(tx: Tx, key: Key, *, slots: int, units: int | None = None, change: Change) -> int:
    """Hand units of a level to `slots` buckets in equal parts, all that may be promised by default.

    The level counts them as reserved and tells nobody: they are for sale as before. Returns how
    many were handed out; those already there stay.

    Raises:
        NotEnough: If the level has fewer than `units`.
    """
    free = room.lock(tx, [key], now=change.at).get(key, 0)
    wanted = max(free, 0) if units is None else units
    if wanted > free:
        raise NotEnough({str(key[0]): (wanted, max(free, 0))})
    each, rest = divmod(wanted, slots)
    store.fill(tx, key, {slot: each + (slot < rest) for slot in range(slots)})
    shelf_store.promise(tx, {key: wanted}, change=replace(change, ring=Ring.NEVER))
    return wanted


def reserve(tx: Tx, order_id: OrderId, key: Key, units: int, *, slot: int, change: Change) -> Took:
    """Hold units for an order out of its own slot's bucket, else another, else all and the level.

    An order of several SKUs reserves them in the order of their ids. Settling is as for any order.

    Raises:
        NotEnough: If level and buckets together have fewer; exact as of what was last committed.
    """
    found = store.take_from_one(tx, order_id, key, units, slot=slot, at=change.at)
    if found is not None:
        return Took({found: units})
    left = store.left(tx, key, now=change.at)
    if left >= units:
        return _take_from_all(tx, order_id, key, units, change=change)
    raise NotEnough({str(key[0]): (units, max(left, 0))})


def take_back(tx: Tx, key: Key, *, change: Change) -> int:
    """Give what is left in the buckets back to the level and take them away; return the units."""
    room.lock(tx, [key], now=change.at)
    units = sum(store.lock_all(tx, key).values())
    store.empty(tx, key)
    shelf_store.promise(tx, {key: -units}, change=replace(change, ring=Ring.NEVER))
    return units


def _take_from_all(tx: Tx, order_id: OrderId, key: Key, units: int, *, change: Change) -> Took:
    free = room.lock(tx, [key], now=change.at).get(key, 0)
    held = store.lock_all(tx, key)
    if free + sum(held.values()) < units:
        raise NotEnough({str(key[0]): (units, max(free + sum(held.values()), 0))})
    taken = gather(held, units)
    from_level = units - sum(taken.values())
    store.take_from_many(tx, key, taken)
    shelf_store.promise(tx, {key: from_level}, change=change)
    store.hold(tx, order_id, key, units, at=change.at)
    return Took(taken, from_level)


def gather(held: Mapping[int, int], units: int) -> dict[int, int]:
    """Say how many units to take out of which bucket: the fullest first, at most all."""
    taken: dict[int, int] = {}
    for slot, free in sorted(held.items(), key=lambda item: (-item[1], item[0])):
        wanted = min(free, units - sum(taken.values()))
        if wanted:
            taken[slot] = wanted
    return taken
