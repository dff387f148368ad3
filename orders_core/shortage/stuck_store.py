"""What is owed, summed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, func, select

from orders_core.catalog.tables import sku
from orders_core.orders.order import NOT_YET_PAID
from orders_core.orders.tables import orders
from orders_core.shortage.short import OWED, State
from orders_core.shortage.tables import shortage
from orders_core.tx import Tx

FIELDS = (
    func.count(distinct(shortage.c.order_id)).label("orders"),
    func.coalesce(func.sum(shortage.c.quantity), 0).label("units"),
    func.min(shortage.c.found_at).label("oldest_at"),
)


def totals(tx: Tx) -> tuple[int, int, datetime | None]:
    """Return orders and units that are paid and owed, and since when."""
    row = tx.execute(
        select(*FIELDS).join(orders, orders.c.id == shortage.c.order_id).where(_owed())
    )
    found = row.one()
    return int(found.orders), int(found.units), found.oldest_at


def by_level(tx: Tx) -> list[dict[str, Any]]:
    """Return the same for each SKU and warehouse, the oldest first."""
    is_open = shortage.c.state == State.OPEN
    rows = tx.execute(
        select(
            sku.c.code,
            sku.c.title_zh,
            sku.c.title_en,
            shortage.c.warehouse,
            *FIELDS,
            func.count(distinct(shortage.c.order_id)).filter(is_open).label("open_orders"),
        )
        .join(orders, orders.c.id == shortage.c.order_id)
        .join(sku, sku.c.id == shortage.c.sku_id)
        .where(_owed())
        .group_by(sku.c.id, shortage.c.warehouse)
        .order_by(func.min(shortage.c.found_at), sku.c.code, shortage.c.warehouse)
    )
    return [{**row, "units": int(row["units"])} for row in rows.mappings()]


def _owed() -> ColumnElement[bool]:
    return and_(shortage.c.state.in_(OWED), orders.c.payment.not_in(NOT_YET_PAID))
