"""The balance of pre-orders: asked for when the goods come out, due within a set time."""

from collections.abc import Sequence
from datetime import datetime

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.orders import balance_store as store
from orders_core.tx import Tx

BY, WHY = "orders.balance", "released"


def ask(tx: Tx, *, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Ask for the balance of up to `at_most` orders whose goods are out; return them.

    An order's time runs from the release, or from its deposit if that came later, so it does not
    matter when anybody looks. Unpaid at its end the order ends like any other. One that somebody
    else holds at this moment is left for the next look.
    """
    return store.ask(tx, by=BY, why=WHY, now=now, at_most=at_most)


def postpone(tx: Tx, sku_id: SkuId, *, change: Change) -> Sequence[OrderId]:
    """Let the orders that wait for a SKU follow its new release; return those that changed."""
    return store.postpone(tx, sku_id, change=change)


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that some balance is to be asked."""
    return store.first_due(tx, after=after, until=until)
