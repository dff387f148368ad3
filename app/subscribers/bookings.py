"""Bookings end by themselves at their time; readers count their units as free from then on."""

from collections.abc import Callable
from datetime import datetime

from app.house import House
from app.subscribers.batches import in_batches
from orders_core.stock import booking
from orders_core.tx import Tx

AT_ONCE = 200


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """End every booking whose time is over, a batch a transaction; return how many."""

    def work(tx: Tx) -> int:
        return booking.sweep(tx, now=house.clock.now(), at_most=AT_ONCE)

    return in_batches(house, work, may_go_on, full=AT_ONCE)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a booking ends."""
    return booking.next_due(tx, after, until)
