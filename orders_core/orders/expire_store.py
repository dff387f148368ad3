"""The statements that end unpaid orders; the guard stands in the WHERE of each."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select, update

from orders_core.events import Ring
from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import OrderStatus, Payment, Standing
from orders_core.orders.tables import orders
from orders_core.stock.settle_store import LIVE
from orders_core.stock.tables import level, reservation
from orders_core.tx import Tx


def _is_unpaid() -> ColumnElement[bool]:
    return and_(orders.c.status == OrderStatus.PLACED, ~orders.c.mirrored)


def overdue(tx: Tx, *, now: datetime, at_most: int) -> Sequence[OrderId]:
    """Return unpaid orders of ours whose time is up, the longest first."""
    wanted = (
        select(orders.c.id)
        .where(_is_unpaid(), orders.c.pay_until <= now)
        .order_by(orders.c.pay_until, orders.c.id)
        .limit(at_most)
    )
    return [OrderId(found) for found in tx.scalars(wanted)]


def overdue_of(
    tx: Tx, sku_ids: Collection[SkuId], *, now: datetime, at_most: int
) -> Sequence[OrderId]:
    """Return unpaid orders whose time is up and that hold some of these SKUs."""
    holds = exists().where(
        reservation.c.order_id == orders.c.id,
        reservation.c.state.in_(LIVE),
        reservation.c.sku_id.in_(sku_ids),
    )
    wanted = (
        select(orders.c.id)
        .where(_is_unpaid(), orders.c.pay_until <= now, holds)
        .order_by(orders.c.pay_until, orders.c.id)
        .limit(at_most)
    )
    return [OrderId(found) for found in tx.scalars(wanted)]


def lock_unpaid(tx: Tx, ids: Sequence[OrderId], *, now: datetime) -> Sequence[OrderId]:
    """Lock those that are still overdue, in id order; one that somebody else holds is left out."""
    wanted = (
        select(orders.c.id)
        .where(orders.c.id.in_(ids), _is_unpaid(), orders.c.pay_until <= now)
        .order_by(orders.c.id)
        .with_for_update(skip_locked=True)
    )
    return [OrderId(found) for found in tx.scalars(wanted)]


def lock_free_levels(tx: Tx, ids: Sequence[OrderId]) -> frozenset[tuple[SkuId, str]]:
    """Lock the levels the orders claim that nobody else holds; name them. It never waits."""
    claimed = exists().where(
        reservation.c.order_id.in_(ids),
        reservation.c.state.in_(LIVE),
        reservation.c.sku_id == level.c.sku_id,
        reservation.c.warehouse == level.c.warehouse,
    )
    rows = tx.execute(
        select(level.c.sku_id, level.c.warehouse)
        .where(claimed)
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update(skip_locked=True)
    )
    return frozenset((SkuId(row.sku_id), row.warehouse) for row in rows)


def cancel(tx: Tx, ids: Sequence[OrderId], *, by: str, why: str) -> Sequence[OrderId]:
    """Cancel unpaid orders as of when their time was up; return those it was.

    A deposit goes back with its order.
    """
    owes = orders.c.paid_minor > orders.c.refund_minor
    ending = (
        update(orders)
        .where(orders.c.id.in_(ids), _is_unpaid())
        .values(
            status=OrderStatus.CANCELLED,
            standing=Standing.CANCELLED,
            payment=case((owes, Payment.REFUND_DUE), else_=orders.c.payment),
            refund_minor=orders.c.paid_minor,
            short_units=0,
            cancelled_at=orders.c.pay_until,
            skipped=[],
            changed_by=by,
            change_reason=why,
            changed_at=orders.c.pay_until,
            ring=Ring.NOW,
        )
        .returning(orders.c.id)
    )
    return [OrderId(found) for found in tx.scalars(ending)]


def first_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first time between two times at which an unpaid order of ours is overdue."""
    first: datetime | None = tx.scalar(
        select(func.min(orders.c.pay_until)).where(
            _is_unpaid(), orders.c.pay_until > after, orders.c.pay_until <= until
        )
    )
    return first
