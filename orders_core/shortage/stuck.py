"""What is paid and cannot ship: how much, since when, of which goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orders_core.shortage import stuck_store
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Units of one SKU that one warehouse owes to orders; times are business time."""

    code: str
    title_zh: str
    title_en: str
    warehouse: str
    orders: int
    units: int
    open_orders: int  #: whose shopper has not chosen yet
    oldest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Paid and cannot ship: orders and units, since when the oldest waits, and each SKU's share."""

    orders: int
    units: int
    oldest_at: datetime | None
    rows: Sequence[Owed]


def waiting(tx: Tx) -> Stuck:
    """Return what is owed to orders that somebody has paid for, the oldest first."""
    orders, units, oldest_at = stuck_store.totals(tx)
    rows = [Owed(**row) for row in stuck_store.by_level(tx)]
    return Stuck(orders=orders, units=units, oldest_at=oldest_at, rows=rows)
