"""When a pre-order's goods come out: it promises no more, and its balances are asked for."""

from collections.abc import Callable
from datetime import datetime

from app.house import House
from app.subscribers.batches import in_batches
from orders_core.catalog import preorder, preorder_store
from orders_core.orders import balance
from orders_core.tx import Tx

AT_ONCE = 200


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """End the pre-orders whose release has come, and ask for balances; return how many of both."""

    def release(tx: Tx) -> int:
        return len(preorder.release(tx, now=house.clock.now(), at_most=AT_ONCE))

    def ask(tx: Tx) -> int:
        return len(balance.ask(tx, now=house.clock.now(), at_most=AT_ONCE))

    released = in_batches(house, release, may_go_on, full=AT_ONCE)
    return released + in_batches(house, ask, may_go_on, full=AT_ONCE)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first release, or the first balance to be asked for, between two times."""
    times = [
        preorder_store.first_due(tx, after=after, until=until),
        balance.next_due(tx, after=after, until=until),
    ]
    return min((at for at in times if at), default=None)
