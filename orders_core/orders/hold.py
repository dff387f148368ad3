"""Lock orders together with the levels they claim: levels first, in SKU order, then orders by id.

What an order claims may change between the two locks, by an edit that came first. Then the locks
are given back and taken anew, so that no level is ever locked behind an order.
"""

from collections.abc import Callable, Collection, Sequence

from orders_core.errors import NotFound
from orders_core.ids import OrderId, SkuId, show
from orders_core.orders import move_store as store
from orders_core.orders.order import Order
from orders_core.stock import settle
from orders_core.stock.settle_store import LevelKey
from orders_core.tx import Tx

TRIES = 5


def with_levels(
    tx: Tx, ids: Sequence[OrderId], *, also: Collection[SkuId] = ()
) -> dict[OrderId, Order]:
    """Lock the levels that the orders claim and the orders; return these without their lines.

    `also` are SKUs of which every level is locked with them.
    """
    for _ in range(TRIES):
        try:
            with tx.begin_nested():
                locked = settle.lock(tx, ids, also=also)
                return _within(tx, store.lock(tx, ids), locked)
        except _ClaimsMoreError:
            continue
    settle.lock(tx, ids, also=also)  # an order that is edited all the time: PostgreSQL sees a ring
    return store.lock(tx, ids)


def one(
    tx: Tx, order_id: OrderId, *, needs_levels: Callable[[Order], bool] = lambda _: True
) -> Order:
    """Lock one order, and its levels too where the order as it stands needs them.

    Raises:
        NotFound: If there is no such order.
    """
    present = store.peek(tx, order_id)
    if present is None:
        raise NotFound("order", show("ord", order_id))
    if not needs_levels(present):
        try:
            with tx.begin_nested():
                return _as_it_seemed(store.lock(tx, [order_id])[order_id], needs_levels)
        except _ClaimsMoreError:
            pass
    return with_levels(tx, [order_id])[order_id]


class _ClaimsMoreError(Exception):
    """The order needs levels that were not locked before it: every lock is given back."""


def _as_it_seemed(order: Order, needs_levels: Callable[[Order], bool]) -> Order:
    if needs_levels(order):
        raise _ClaimsMoreError
    return order


def _within(
    tx: Tx, found: dict[OrderId, Order], locked: frozenset[LevelKey]
) -> dict[OrderId, Order]:
    """Return the (locked) orders where all that they claim lies on locked levels."""
    claimed = {(claim.sku_id, claim.warehouse) for claim in settle.live(tx, list(found))}
    if claimed <= locked:
        return found
    raise _ClaimsMoreError
