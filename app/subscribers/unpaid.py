"""Orders of ours that nobody paid end by themselves, and free their stock."""

from collections.abc import Callable
from datetime import datetime

from app.db.transaction import attempt
from app.house import House
from orders_core.orders import expire
from orders_core.tx import Tx

AT_ONCE = 200
BATCHES = 20


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Cancel every order that is overdue, a batch a transaction; return how many."""
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
        return len(expire.expire(tx, now=now, at_most=AT_ONCE))

    return attempt(house.engine, work)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that an order is overdue."""
    return expire.next_due(tx, after=after, until=until)
