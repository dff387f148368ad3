"""Bookings end by themselves at their time; readers count their units as free from then on."""

from collections.abc import Callable
from datetime import datetime

from app.db.transaction import attempt
from app.house import House
from orders_core.stock import booking
from orders_core.tx import Tx

AT_ONCE = 200
BATCHES = 20


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """End every booking whose time is over, a batch a transaction; return how many."""
    ended = 0
    for _ in range(BATCHES):
        if not may_go_on():
            break
        done = _end_some(house)
        ended += done
        if done < AT_ONCE:
            break
    return ended


def _end_some(house: House) -> int:
    now = house.clock.now()

    def work(tx: Tx) -> int:
        return booking.sweep(tx, now=now, at_most=AT_ONCE)

    return attempt(house.engine, work)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a booking ends."""
    return booking.next_due(tx, after, until)
