"""The statements that change an order's status; each has its guard in its WHERE."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.order import (
    Fulfilment,
    OrderStatus,
    Payment,
    Standing,
    sources_of,
)
from orders_core.orders.tables import orders
from orders_core.tx import Tx

#: Which axis a move changes.
AXIS: Mapping[OrderStatus, Mapping[str, str]] = {
    OrderStatus.PAID: {"payment": Payment.PAID},
    OrderStatus.SHIPPED: {"fulfilment": Fulfilment.SHIPPED},
    OrderStatus.DELIVERED: {"fulfilment": Fulfilment.DELIVERED},
    OrderStatus.CANCELLED: {"standing": Standing.CANCELLED},
}


def lock(tx: Tx, ids: Sequence[OrderId]) -> Mapping[OrderId, OrderStatus]:
    """Lock the orders in id order and say where each stands."""
    rows = tx.execute(
        select(orders.c.id, orders.c.status)
        .where(orders.c.id.in_(ids))
        .order_by(orders.c.id)
        .with_for_update()
    )
    return {OrderId(row.id): OrderStatus(row.status) for row in rows}


def _about(change: Change) -> dict[str, object]:
    return {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }


def move(
    tx: Tx,
    ids: Sequence[OrderId],
    to: OrderStatus,
    *,
    sources: Collection[OrderStatus],
    change: Change,
) -> Sequence[OrderId]:
    """Set the status where it may be set; return the orders that moved."""
    moving = (
        update(orders)
        .where(orders.c.id.in_(ids), orders.c.status.in_(sources))
        .values({"status": to, f"{to}_at": change.at, "skipped": [], **AXIS[to], **_about(change)})
        .returning(orders.c.id)
    )
    return [OrderId(row) for row in tx.scalars(moving)]


def payment(tx: Tx, order_id: OrderId, reference: str) -> tuple[str | None, OrderId | None]:
    """Say with what reference the order was paid, and which order the given reference paid."""
    paid_with = tx.scalar(select(orders.c.payment_reference).where(orders.c.id == order_id))
    other = tx.scalar(select(orders.c.id).where(orders.c.payment_reference == reference))
    return paid_with, other


def pay(tx: Tx, order_id: OrderId, reference: str, *, change: Change) -> None:
    """Mark a placed order paid with the gateway's reference."""
    paying = (
        update(orders)
        .where(
            orders.c.id == order_id,
            orders.c.status.in_(sources_of(OrderStatus.PAID)),
            orders.c.payment_reference.is_(None),
        )
        .values(
            status=OrderStatus.PAID,
            payment=Payment.PAID,
            paid_minor=orders.c.total_minor,
            paid_at=change.at,
            payment_reference=reference,
            skipped=[],
            **_about(change),
        )
    )
    tx.execute(paying)
