"""Orders of ours that nobody paid end by themselves, and free their stock."""

from collections.abc import Callable
from datetime import datetime

from app.house import House
from app.subscribers.batches import in_batches
from orders_core.orders import expire
from orders_core.tx import Tx

AT_ONCE = 200


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Cancel every order that is overdue, a batch a transaction; return how many."""

    def work(tx: Tx) -> int:
        return len(expire.expire(tx, now=house.clock.now(), at_most=AT_ONCE))

    return in_batches(house, work, may_go_on, full=AT_ONCE)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that an order is overdue."""
    return expire.next_due(tx, after=after, until=until)
