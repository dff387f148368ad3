"""What the database says about a step that was played; each query answers one claim."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from app.hub.tables import verdict
from app.messages.tables import message
from app.ops.lanes_store import first_id_at
from orders_core.orders.tables import order_line, orders
from orders_core.outbox.tables import outbox
from orders_core.parcels.tables import parcel
from orders_core.stock.tables import level, reservation
from orders_core.tx import Tx

SOLD = """
SELECT l.code, l.sku_id, count(DISTINCT o.id) AS orders, sum(l.quantity) AS units
FROM orders o JOIN order_line l ON l.order_id = o.id AND l.until_version IS NULL
WHERE o.id >= :since AND o.id < :until AND l.sku_id IS NOT NULL AND o.status <> 'cancelled'
GROUP BY l.code, l.sku_id ORDER BY count(DISTINCT o.id) DESC LIMIT 1
"""


def order(tx: Tx, order_id: UUID) -> Row[Any] | None:
    """Return an order's row."""
    return tx.execute(select(orders).where(orders.c.id == order_id)).one_or_none()


def units(tx: Tx, order_id: UUID) -> tuple[int, int]:
    """Return how many units an order asks for, and how many of them are claimed from stock."""
    asked = select(func.coalesce(func.sum(order_line.c.quantity), 0)).where(
        order_line.c.order_id == order_id, order_line.c.until_version.is_(None)
    )
    held = select(func.coalesce(func.sum(reservation.c.quantity), 0)).where(
        reservation.c.order_id == order_id, reservation.c.state != "released"
    )
    return tx.execute(asked).scalar_one(), tx.execute(held).scalar_one()


def parcel_of(tx: Tx, order_id: UUID) -> Row[Any] | None:
    """Return an order's newest parcel."""
    return tx.execute(
        select(parcel).where(parcel.c.order_id == order_id).order_by(parcel.c.id.desc()).limit(1)
    ).one_or_none()


def told(tx: Tx, order_id: UUID, *, since: datetime) -> Mapping[str, int]:
    """Count an order's messages since a machine time by state, and its verdicts as `verdicts`."""
    first = first_id_at(since)
    rows = tx.execute(
        select(message.c.state, func.count())
        .where(message.c.order_id == order_id, message.c.id >= first)
        .group_by(message.c.state)
    )
    found = {row[0]: row[1] for row in rows}
    found["verdicts"] = tx.execute(
        select(func.count()).where(verdict.c.order_id == order_id, verdict.c.id >= first)
    ).scalar_one()
    return found


def sold(tx: Tx, *, since: datetime, until: datetime) -> Row[Any] | None:
    """Return the SKU that most orders placed between two machine times have, with both sums."""
    window = {"since": first_id_at(since), "until": first_id_at(until)}
    return tx.execute(text(SOLD), window).one_or_none()


def left_of(tx: Tx, sku_id: UUID) -> int:
    """Return how many units of a SKU could still be sold."""
    spare = (
        level.c.on_hand
        + level.c.oversell_limit
        - level.c.safety_stock
        - level.c.reserved
        - level.c.short
    )
    found: int = tx.execute(
        select(func.coalesce(func.sum(spare), 0)).where(level.c.sku_id == sku_id)
    ).scalar_one()
    return found


def unhandled(tx: Tx, *, since: datetime, until: datetime) -> int:
    """Count events written between two machine times that nobody has handled yet."""
    found: int = tx.execute(
        select(func.count()).where(
            outbox.c.id >= first_id_at(since),
            outbox.c.id < first_id_at(until),
            outbox.c.state.in_(("pending", "parked")),
        )
    ).scalar_one()
    return found


def open_messages(tx: Tx, *, since: datetime, until: datetime, now: datetime) -> int:
    """Count due messages written between two machine times that have not left yet."""
    found: int = tx.execute(
        select(func.count()).where(
            message.c.id >= first_id_at(since),
            message.c.id < first_id_at(until),
            message.c.state.in_(("queued", "sending")),
            message.c.due_at <= now,
        )
    ).scalar_one()
    return found
