"""End the reservations of orders: confirm them out of stock, or release them."""

from collections.abc import Sequence
from enum import StrEnum

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.stock import store
from orders_core.tx import Tx


class Ending(StrEnum):
    """How a held reservation ends."""

    CONFIRMED = "confirmed"  #: the goods left: on hand and reserved both go down
    RELEASED = "released"  #: the goods stay: reserved goes down


def lock(tx: Tx, orders: Sequence[OrderId]) -> None:
    """Lock the levels that the orders' held reservations claim, in SKU order."""
    store.lock_levels_of(tx, orders)


def end(tx: Tx, orders: Sequence[OrderId], ending: Ending, *, change: Change) -> None:
    """End every held reservation of the orders; the levels must be locked.

    Ending twice is ending once: only held reservations are touched.
    """
    ended = store.end_reservations(tx, orders, ending)
    if not ended:
        return
    if ending is Ending.CONFIRMED:
        store.write_sales(tx, ended, change=change)
    store.lower_levels(tx, ended, leaves=ending is Ending.CONFIRMED)
