"""What was told of a refund or a return, and is behind it by now."""

from collections.abc import Collection
from uuid import UUID

from orders_core.orders import refund_store as refunds
from orders_core.returns import store as returns
from orders_core.tx import Tx


def ended(tx: Tx, matters: Collection[UUID]) -> frozenset[UUID]:
    """Return which refunds have arrived, and of which returns the goods have come."""
    return refunds.made_among(tx, matters) | returns.came_among(tx, matters)
