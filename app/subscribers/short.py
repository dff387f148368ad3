"""Goods that came in go to short orders first; whose wait is over has the money back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.house import House
from app.subscribers.batches import in_batches
from orders_core.shortage import fill
from orders_core.shortage.choose import end_waits
from orders_core.tx import Tx

AT_ONCE = 100


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Fill what can be filled, then end the waits that are over; return how many orders it was."""
    filled = in_batches(house, partial(_fill, house), may_go_on)
    return filled + in_batches(house, partial(_end, house), may_go_on)


def _fill(house: House, tx: Tx) -> int:
    return len(fill.fill(tx, now=house.clock.now(), at_most=AT_ONCE))


def _end(house: House, tx: Tx) -> int:
    return len(end_waits(tx, now=house.clock.now(), at_most=AT_ONCE))


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that somebody's wait is over."""
    return fill.next_due(tx, after=after, until=until)
