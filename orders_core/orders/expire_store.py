"""The statements that end unpaid orders; the guard stands in the WHERE of each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, update

from orders_core.events import Ring
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus, Standing
from orders_core.orders.tables import orders
from orders_core.tx import Tx


def _is_unpaid() -> ColumnElement[bool]:
    return and_(orders.c.status == OrderStatus.PLACED, ~orders.c.mirrored)


def overdue(tx: Tx, *, by: datetime, at_most: int) -> Sequence[OrderId]:
    """Return orders of ours that were placed by then and never paid, longest ago first."""
    wanted = (
        select(orders.c.id)
        .where(_is_unpaid(), orders.c.placed_at <= by)
        .order_by(orders.c.placed_at, orders.c.id)
        .limit(at_most)
    )
    return [OrderId(found) for found in tx.scalars(wanted)]


def lock_unpaid(tx: Tx, ids: Sequence[OrderId]) -> Sequence[OrderId]:
    """Lock those that are still unpaid, in id order; one that somebody else holds is left out."""
    wanted = (
        select(orders.c.id)
        .where(orders.c.id.in_(ids), _is_unpaid())
        .order_by(orders.c.id)
        .with_for_update(skip_locked=True)
    )
    return [OrderId(found) for found in tx.scalars(wanted)]


def cancel(
    tx: Tx, ids: Sequence[OrderId], *, wait: timedelta, by: str, why: str
) -> Sequence[OrderId]:
    """Cancel orders that are unpaid as of `wait` after they were placed; return those it was."""
    was_up_at = orders.c.placed_at + wait
    ending = (
        update(orders)
        .where(orders.c.id.in_(ids), _is_unpaid())
        .values(
            status=OrderStatus.CANCELLED,
            standing=Standing.CANCELLED,
            cancelled_at=was_up_at,
            skipped=[],
            changed_by=by,
            change_reason=why,
            changed_at=was_up_at,
            ring=Ring.NOW,
        )
        .returning(orders.c.id)
    )
    return [OrderId(found) for found in tx.scalars(ending)]


def first_placed(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return when the first unpaid order of ours between two times was placed."""
    first: datetime | None = tx.scalar(
        select(func.min(orders.c.placed_at)).where(
            _is_unpaid(), orders.c.placed_at > after, orders.c.placed_at <= until
        )
    )
    return first
