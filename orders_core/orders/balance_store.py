"""The statements about balances; each has its guard in its WHERE."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import Payment, Standing
from orders_core.orders.tables import orders
from orders_core.tx import Tx

USUAL_HOURS = 72  # where no line waits for a pre-order any more

ASK = text(
    """
    WITH due AS (
      SELECT id, greatest(balance_from, changed_at) AS at FROM orders
      WHERE payment = 'deposit_paid' AND standing = 'open' AND NOT mirrored
        AND balance_until IS NULL AND balance_from <= :now
      ORDER BY balance_from, id LIMIT :at_most FOR UPDATE SKIP LOCKED),
    span AS (
      SELECT d.id, d.at, d.at + make_interval(hours => coalesce(max(p.balance_hours), :hours))
        AS until
      FROM due d
      LEFT JOIN order_line l ON l.order_id = d.id AND l.until_version IS NULL
      LEFT JOIN preorder p ON p.sku_id = l.sku_id
      GROUP BY d.id, d.at)
    UPDATE orders o
    SET balance_until = s.until, pay_until = s.until, changed_by = :by, change_reason = :why,
        changed_at = s.at, ring = 'now'
    FROM span s WHERE o.id = s.id
    RETURNING o.id
    """
)

HOLD = text(
    """
    UPDATE reservation r SET expires_at = o.pay_until FROM orders o
    WHERE o.id = ANY(:ids) AND r.order_id = o.id AND r.state = 'held'
    """
)

POSTPONE = text(
    """
    WITH waiting AS (
      SELECT o.id FROM orders o
      WHERE o.balance_from IS NOT NULL AND o.balance_until IS NULL AND o.standing = 'open'
        AND EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.sku_id = :sku_id
                    AND l.until_version IS NULL)
      ORDER BY o.id FOR UPDATE),
    fresh AS (
      SELECT w.id, max(p.release_at) AS at
      FROM waiting w
      JOIN order_line l ON l.order_id = w.id AND l.until_version IS NULL
      JOIN preorder p ON p.sku_id = l.sku_id AND p.deposit_minor IS NOT NULL
      GROUP BY w.id)
    UPDATE orders o
    SET balance_from = f.at, changed_by = :by, change_reason = :why, changed_at = :at, ring = :ring
    FROM fresh f WHERE o.id = f.id AND o.balance_from <> f.at
    RETURNING o.id
    """
)


def ask(tx: Tx, *, by: str, why: str, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Set until when the balance may be paid, and hold the units as long; return the orders."""
    values = {"by": by, "why": why, "now": now, "at_most": at_most, "hours": USUAL_HOURS}
    asked = [OrderId(found) for found in tx.scalars(ASK, values)]
    if asked:
        tx.execute(HOLD, {"ids": asked})
    return asked


def postpone(tx: Tx, sku_id: SkuId, *, change: Change) -> Sequence[OrderId]:
    """Move the time from which orders that wait for a SKU may pay their balance."""
    about = {"by": change.by, "why": change.why, "at": change.at, "ring": change.ring}
    return [OrderId(found) for found in tx.scalars(POSTPONE, {"sku_id": sku_id, **about})]


def first_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time between two times at which a balance is to be asked for."""
    first: datetime | None = tx.scalar(
        select(func.min(orders.c.balance_from)).where(
            orders.c.payment == Payment.DEPOSIT_PAID,
            orders.c.standing == Standing.OPEN,
            orders.c.balance_until.is_(None),
            orders.c.balance_from > after,
            orders.c.balance_from <= until,
        )
    )
    return first
