"""When a pre-order's goods come out: it promises no more, and its balances are asked for."""

from collections.abc import Callable
from datetime import datetime

from app.db.transaction import attempt
from app.house import House
from orders_core.catalog import preorder, preorder_store
from orders_core.orders import balance
from orders_core.tx import Tx

AT_ONCE = 200
BATCHES = 20


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """End the pre-orders whose release has come, and ask for balances; return how many of both."""
    done = 0
    for _ in range(BATCHES):
        if not may_go_on():
            break
        some = _some(house)
        done += some
        if some < AT_ONCE:
            break
    return done


def _some(house: House) -> int:
    now = house.clock.now()

    def release(tx: Tx) -> int:
        return len(preorder.release(tx, now=now, at_most=AT_ONCE))

    def ask(tx: Tx) -> int:
        return len(balance.ask(tx, now=now, at_most=AT_ONCE))

    return attempt(house.engine, release) + attempt(house.engine, ask)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first release, or the first balance to be asked for, between two times."""
    times = [
        preorder_store.first_due(tx, after=after, until=until),
        balance.next_due(tx, after=after, until=until),
    ]
    return min((at for at in times if at), default=None)
