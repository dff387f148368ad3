"""The one statement that placing from a booking adds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from orders_core.catalog.tables import sku
from orders_core.stock.tables import booking_line, level
from orders_core.tx import Tx


def lock_levels(tx: Tx, booking_id: UUID, codes: Sequence[str]) -> None:
    """Lock every level of the goods, in any warehouse, in the one order of the product."""
    booked = select(booking_line.c.sku_id).where(booking_line.c.booking_id == booking_id)
    named = select(sku.c.id).where(sku.c.code.in_(codes))
    tx.execute(
        select(level.c.sku_id)
        .where(or_(level.c.sku_id.in_(booked), level.c.sku_id.in_(named)))
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update()
    )
