"""Orders of ours that nobody paid end by themselves, and free their stock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.db.transaction import attempt
from app.house import House
from orders_core.orders import expire
from orders_core.tx import Tx

AT_ONCE = 200
BATCHES = 20


def wait_of(house: House) -> timedelta | None:
    """Return how long an order may stay unpaid; None: for ever."""
    minutes = house.settings.unpaid_minutes
    return timedelta(minutes=minutes) if minutes else None


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Cancel every order that is overdue, a batch a transaction; return how many."""
    wait, ended = wait_of(house), 0
    if wait is None:
        return 0
    for _ in range(BATCHES):
        if not may_go_on():
            break
        done = _end_some(house, wait)
        ended += done
        if done < AT_ONCE:
            break
    return ended


def _end_some(house: House, wait: timedelta) -> int:
    now = house.clock.now()

    def work(tx: Tx) -> int:
        return len(expire.expire(tx, wait=wait, now=now, at_most=AT_ONCE))

    return attempt(house.engine, work)


def next_due(
    tx: Tx, after: datetime, until: datetime, *, wait: timedelta | None
) -> datetime | None:
    """Return the first time after `after`, at most `until`, that an order is overdue."""
    return expire.next_due(tx, wait=wait, after=after, until=until) if wait else None
