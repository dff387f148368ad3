"""Goods that came in go to those who were promised them, before anybody new."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.shortage import claim_store, fill_store, store
from orders_core.shortage.claim_store import HELD, SHORT
from orders_core.shortage.short import State
from orders_core.shortage.store import Shortage
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx

BY, WHY = "orders.short", "came_in"


def fill(tx: Tx, *, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Hold units that came in for the orders that are short of them; return those orders.

    Who has paid comes first, in it who waits longest; where too few came in the last gets a part.
    An order whose last short unit is filled rings `order.short_settled`. Filling twice fills once:
    what was given away is no longer free. Locks: levels in SKU order, orders by id, shortages.

    Args:
        at_most: Levels looked at, and shortages filled in each.
    """
    places = fill_store.fillable(tx, at_most=at_most)
    rooms = claim_store.lock_levels(tx, places)
    wishes: list[tuple[Shortage, int]] = []
    for place, room in rooms.items():
        owed = fill_store.first_in_line(tx, place, at_most=at_most)
        wishes += shares(owed, min(room.to_give, room.short))
    claim_store.lock_orders(tx, list({one.order_id for one, _ in wishes}))
    standing = {one.id: one for one in store.lock(tx, [one.id for one, _ in wishes])}
    given = [(standing[one.id], units) for one, units in wishes if one.id in standing]
    return _give(tx, given, change=Change(by=BY, why=WHY, at=now)) if given else []


def shares(owed: Sequence[Shortage], free: int) -> list[tuple[Shortage, int]]:
    """Share units out in turn; the last may get a part of what it is owed."""
    given = []
    for one in owed:
        if free <= 0:
            break
        units = min(one.quantity, free)
        free -= units
        given.append((one, units))
    return given


def _give(tx: Tx, given: Sequence[tuple[Shortage, int]], *, change: Change) -> Sequence[OrderId]:
    by_place: Counter[Key] = Counter()
    by_order: Counter[OrderId] = Counter()
    for one, units in given:
        store.settle(tx, one, units, {"state": State.FILLED, "settled_at": change.at})
        claims = claim_store.claims(tx, [one.order_id], state=SHORT, places=[one.place])
        claim_store.turn(tx, claims, units, into=HELD)
        by_place[one.place] += units
        by_order[one.order_id] -= units
    fewer = Counter({place: -units for place, units in by_place.items()})
    claim_store.shift_levels(tx, reserved=by_place, short=fewer, change=change)
    claim_store.shift_orders(tx, by_order, change=change)
    return sorted(by_order)


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that somebody's wait is over."""
    return fill_store.first_over(tx, after=after, until=until)
