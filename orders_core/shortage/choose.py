"""The shopper chooses what becomes of units that are short: wait, swap, or have the money back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from orders_core.catalog.sku import canonical
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.shortage import claim_store, fill_store, store, swap_store
from orders_core.shortage.choice import (
    ACTS,
    LONGEST_WAIT,
    BadWait,
    Choice,
    Chosen,
    NothingShort,
    NotOffered,
    Swap,
    Wait,
)
from orders_core.shortage.refund import refund
from orders_core.shortage.short import MOVES, OWED, Act, State
from orders_core.shortage.store import Shortage
from orders_core.shortage.swap import find_other, swap
from orders_core.stock import room
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx

BY, WHY = "orders.short", "waited_out"


def choose(
    tx: Tx, order_id: OrderId, choice: Choice, *, code: str | None = None, change: Change
) -> Chosen:
    """Settle what an order is short of as its shopper chose; chosen twice is chosen once.

    Of several choices at once the first wins; another one then finds nothing short. A refund of
    all that is left of an order cancels it. Locks: levels in SKU order, the order, its shortages.

    Args:
        code: Of which SKU; None for everything the order is short of.

    Raises:
        NothingShort: If the order owes nothing of it any more.
        NotOffered: If the choice was not among those offered when it was found.
        BadWait, CannotSwap: If the day or the other SKU will not do.
    """
    act = ACTS[type(choice)]
    known = _known(tx, order_id, code)
    other = find_other(tx, choice, known) if isinstance(choice, Swap) else None
    also = other.places if other else ()
    owed, rooms = _hold(tx, known, also=also, now=change.at)
    if not owed:
        return _as_before(order_id, act, _known(tx, order_id, code))
    if any(act not in one.choices for one in owed):
        raise NotOffered(order_id, act)
    if isinstance(choice, Wait):
        return _wait(tx, order_id, owed, choice.until, change=change)
    if other is not None:
        return swap(tx, order_id, owed, other, rooms, change=change)
    return refund(tx, order_id, owed, change=change)


def end_waits(tx: Tx, *, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Refund what waited past the day its shopper chose, each as of that day; return the orders.

    Locks: levels in SKU order, orders by id, their shortages.
    """
    overs = dict(fill_store.waited_out(tx, now=now, at_most=at_most))
    known = [one for one in store.of_orders(tx, list(overs)) if _is_over(one, now)]
    owed, _ = _hold(tx, known, now=now)
    by_order: dict[OrderId, list[Shortage]] = {}
    for one in owed:
        if _is_over(one, now):
            by_order.setdefault(one.order_id, []).append(one)
    for order_id, over in by_order.items():
        refund(tx, order_id, over, change=Change(by=BY, why=WHY, at=overs[order_id]))
    return list(by_order)


def _known(tx: Tx, order_id: OrderId, code: str | None) -> list[Shortage]:
    found = store.of_orders(tx, [order_id])
    if code is None:
        return found
    goods = swap_store.goods(tx, canonical(code))
    return [one for one in found if goods and one.sku_id == goods.sku_id]


def _hold(
    tx: Tx, known: Sequence[Shortage], *, also: Sequence[Key] = (), now: datetime
) -> tuple[list[Shortage], Mapping[Key, int]]:
    """Lock what is still owed, with everything above it; return it, and what may be promised."""
    owed = [one for one in known if one.state in OWED]
    rooms = room.lock(tx, {*(one.place for one in owed), *also}, now=now)
    claim_store.lock_orders(tx, list({one.order_id for one in owed}))
    return store.lock(tx, [one.id for one in owed]), rooms


def _wait(
    tx: Tx, order_id: OrderId, owed: Sequence[Shortage], until: datetime, *, change: Change
) -> Chosen:
    if not change.at < until <= change.at + LONGEST_WAIT:
        raise BadWait(f"wait until a day of the next {LONGEST_WAIT.days}")
    store.wait(tx, [one.id for one in owed], until=until, by=change.by, at=change.at)
    units = sum(one.quantity for one in owed)
    is_new = any(one.wait_until != until for one in owed)
    return Chosen(order_id=order_id, act=Act.WAIT, units=units, is_new=is_new)


def _as_before(order_id: OrderId, act: Act, known: Sequence[Shortage]) -> Chosen:
    """Say that the same was chosen before, if it was."""
    ends = set(MOVES[act].values())
    same = [one for one in known if one.state in ends and one.chosen_at]
    if not same:
        raise NothingShort(order_id)
    units = sum(one.quantity for one in same)
    return Chosen(order_id=order_id, act=act, units=units, is_new=False)


def _is_over(one: Shortage, now: datetime) -> bool:
    return one.state is State.WAITING and one.wait_until is not None and one.wait_until <= now
