"""Orders of ours that stay unpaid are cancelled at a set time after they were placed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import expire_store as store
from orders_core.stock import settle
from orders_core.stock.settle import Ending
from orders_core.tx import Tx

BY, WHY = "orders.unpaid", "unpaid"


def expire(tx: Tx, *, wait: timedelta, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Cancel up to `at_most` orders that are unpaid `wait` after they were placed; return them.

    Each is cancelled as of the moment its time was up, and its stock is free again. A payment that
    comes first keeps the order; one under way at this moment is not waited for. Mirrored orders
    are their own shop's business. Locks: levels in SKU order, then orders by id.
    """
    overdue = store.overdue(tx, by=now - wait, at_most=at_most)
    if not overdue:
        return []
    settle.lock(tx, overdue)
    unpaid = store.lock_unpaid(tx, overdue)
    ended = store.cancel(tx, unpaid, wait=wait, by=BY, why=WHY)
    settle.end(tx, ended, Ending.RELEASED, change=Change(by=BY, why=WHY, at=now))
    return ended


def next_due(tx: Tx, *, wait: timedelta, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that an unpaid order's time is up."""
    first = store.first_placed(tx, after=after - wait, until=until - wait)
    return first + wait if first else None
