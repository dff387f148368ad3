"""The invoices of orders: appended, never changed; each order points at the one in force."""

from uuid import UUID

from sqlalchemy import insert, select, update

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import store as reading
from orders_core.orders.invoice import Invoice
from orders_core.orders.order import Order
from orders_core.orders.tables import invoice, orders
from orders_core.tx import Tx


def lock(tx: Tx, order_id: OrderId) -> Order | None:
    """Lock an order and read it, or None if there is no such order."""
    tx.execute(select(orders.c.id).where(orders.c.id == order_id).with_for_update())
    return reading.many(tx, [order_id]).get(order_id)


def read(tx: Tx, order_id: OrderId) -> Invoice | None:
    """Read the invoice in force."""
    row = tx.execute(
        select(invoice.c.title, invoice.c.tax_number, invoice.c.email)
        .join(orders, orders.c.invoice == invoice.c.id)
        .where(orders.c.id == order_id)
    ).one_or_none()
    return Invoice(**row._mapping) if row else None


def add(tx: Tx, order_id: OrderId, invoice_id: UUID, wanted: Invoice, *, change: Change) -> None:
    """Write an invoice down."""
    tx.execute(
        insert(invoice).values(
            id=invoice_id,
            order_id=order_id,
            title=wanted.title,
            tax_number=wanted.tax_number,
            email=wanted.email,
            asked_by=change.by,
            asked_at=change.at,
        )
    )


def point_at(tx: Tx, order_id: OrderId, invoice_id: UUID, *, change: Change) -> None:
    """Put an invoice in force on the (locked) order."""
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id)
        .values(
            invoice=invoice_id,
            changed_by=change.by,
            change_reason=change.why,
            changed_at=change.at,
            ring=change.ring,
        )
    )
