"""Two transactions of which the second waits for the first: what it does once it may go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import text

from app.db.transaction import begin
from orders_core.tx import Tx
from tests import poll
from tests.shop import Shop

First = TypeVar("First")
Second = TypeVar("Second")

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND cardinality(pg_blocking_pids(pid)) > 0"
)


def behind(
    shop: Shop,
    first: Callable[[Tx], First],
    second: Callable[[Tx], Second],
    *,
    meanwhile: Callable[[Tx], object] = lambda _: None,
) -> Second:
    """Do the first, begin the second until it waits for it, commit the first; return the second's.

    `meanwhile` is done by a third, while the second waits.

    Raises:
        AssertionError: If the second does not wait.
    """
    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as tx:
            first(tx)
            waiting = pool.submit(_commit, shop, second)
            poll.until(lambda: _somebody_waits(shop), what="the second waits")
            _commit(shop, meanwhile)
        return waiting.result()


def _commit(shop: Shop, work: Callable[[Tx], Second]) -> Second:
    with begin(shop.engine) as tx:
        return work(tx)


def _somebody_waits(shop: Shop) -> bool:
    with begin(shop.engine) as tx:  # a transaction of its own: within one the answer stays
        return bool(tx.scalar(WAITING))
