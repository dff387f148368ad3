"""Goods that came in go to short orders first; whose wait is over has the money back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.db.transaction import attempt
from app.house import House
from orders_core.shortage import fill
from orders_core.shortage.choose import end_waits
from orders_core.tx import Tx

AT_ONCE = 100
BATCHES = 20


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Fill what can be filled, then end the waits that are over; return how many orders it was."""
    return _all(house, may_go_on, _fill) + _all(house, may_go_on, _end)


def _all(house: House, may_go_on: Callable[[], bool], some: Callable[[House, Tx], int]) -> int:
    done = 0
    for _ in range(BATCHES):
        settled = attempt(house.engine, partial(some, house)) if may_go_on() else 0
        if not settled:
            break
        done += settled
    return done


def _fill(house: House, tx: Tx) -> int:
    return len(fill.fill(tx, now=house.clock.now(), at_most=AT_ONCE))


def _end(house: House, tx: Tx) -> int:
    return len(end_waits(tx, now=house.clock.now(), at_most=AT_ONCE))


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that somebody's wait is over."""
    return fill.next_due(tx, after=after, until=until)
