"""Which orders hold units of a level, and what a rule may want to know of them."""

from sqlalchemy import func, select

from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import Fulfilment, Payment
from orders_core.orders.tables import orders
from orders_core.shortage.claim_store import CLAIM, Claim
from orders_core.shortage.short import Held
from orders_core.stock.shelf_store import Key
from orders_core.stock.tables import booking, reservation
from orders_core.tx import Tx


def held_by_orders(tx: Tx, sku_id: SkuId, warehouse: str) -> list[Held]:
    """Return what each order holds of a locked level."""
    units = func.sum(reservation.c.quantity).label("units")
    rows = tx.execute(
        select(orders, units)
        .join(orders, orders.c.id == reservation.c.order_id)
        .where(
            reservation.c.sku_id == sku_id,
            reservation.c.warehouse == warehouse,
            reservation.c.state == "held",
        )
        .group_by(orders.c.id)
    )
    return [
        Held(
            order_id=OrderId(row.id),
            units=int(row.units),
            payment=Payment(row.payment),
            placed_at=row.placed_at,
            total_minor=row.total_minor,
            currency=row.currency,
            is_partly_shipped=row.fulfilment == Fulfilment.PARTLY_SHIPPED,
        )
        for row in rows
    ]


def held_by_bookings(tx: Tx, key: Key) -> list[Claim]:
    """Return what bookings hold of a locked level, the latest first."""
    rows = tx.execute(
        select(*CLAIM)
        .join(booking, booking.c.id == reservation.c.order_id)
        .where(
            reservation.c.sku_id == key[0],
            reservation.c.warehouse == key[1],
            reservation.c.state == "held",
        )
        .order_by(booking.c.booked_at.desc(), reservation.c.id.desc())
    )
    return [Claim(*row) for row in rows]
