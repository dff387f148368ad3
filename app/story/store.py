"""What the order page reads that no other room reads like this."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, exists, func, select

from app.hub.tables import verdict
from app.messages.tables import message
from app.people.tables import muted_order, told_more
from app.story.facts import Decided, Left, Sent
from orders_core.catalog.tables import sku
from orders_core.ids import OrderId, PersonId
from orders_core.orders.tables import orders
from orders_core.outbox.tables import history
from orders_core.returns.tables import order_return
from orders_core.shortage.tables import shortage
from orders_core.stock.tables import reservation
from orders_core.tx import Tx

MOST_NOTICES = 60


class Standing(NamedTuple):
    """Why an order is as it is, what its person said of its bells, and what else there is of it."""

    change_reason: str
    is_muted: bool
    more_on: str | None
    was_short: bool
    has_returns: bool


def standing(tx: Tx, order_id: OrderId) -> Standing | None:
    """Return why an order is as it is, and what was said of its bells; None if it is not there.

    Of a cancelled order that is why it was cancelled, whatever became of its money since.
    """
    called_off = (
        select(history.c.change_reason)
        .where(history.c.entity_id == order_id, history.c.type == "order.cancelled")
        .order_by(history.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    why = func.coalesce(called_off, orders.c.change_reason).label("change_reason")
    row = tx.execute(
        select(
            why,
            muted_order.c.at,
            told_more.c.channel,
            exists().where(shortage.c.order_id == order_id).label("was_short"),
            exists().where(order_return.c.order_id == order_id).label("has_returns"),
        )
        .join(muted_order, muted_order.c.order_id == orders.c.id, isouter=True)
        .join(told_more, told_more.c.order_id == orders.c.id, isouter=True)
        .where(orders.c.id == order_id)
    ).one_or_none()
    if row is None:
        return None
    is_muted = row.at is not None
    return Standing(row.change_reason, is_muted, row.channel, row.was_short, row.has_returns)


def person_of(tx: Tx, order_id: OrderId) -> PersonId | None:
    """Return whose order it is, if there is such an order."""
    found = tx.scalar(select(orders.c.person_id).where(orders.c.id == order_id))
    return PersonId(found) if found else None


def left(tx: Tx, order_id: OrderId) -> Sequence[Left]:
    """Return the units of an order that left, by SKU and parcel."""
    rows = tx.execute(
        select(sku.c.code, reservation.c.parcel_id, func.sum(reservation.c.quantity).label("n"))
        .join(sku, sku.c.id == reservation.c.sku_id)
        .where(reservation.c.order_id == order_id, reservation.c.state == "confirmed")
        .group_by(sku.c.code, reservation.c.parcel_id)
        .order_by(sku.c.code, reservation.c.parcel_id)
    )
    return [Left(code=row.code, quantity=int(row.n), parcel_id=row.parcel_id) for row in rows]


def decided(tx: Tx, order_id: OrderId) -> Sequence[Decided]:
    """Return what was decided about an order's news with the messages it became, newest first."""
    newest = (
        select(verdict)
        .where(verdict.c.order_id == order_id)
        .order_by(verdict.c.id.desc())
        .limit(MOST_NOTICES)
        .cte("newest")
    )
    rows = tx.execute(
        select(
            newest,
            message.c.id.label("message_id"),
            message.c.channel,
            message.c.state,
            message.c.due_at,
            message.c.settled_at,
        )
        .join(message, message.c.verdict_id == newest.c.id, isouter=True)
        .order_by(newest.c.id.desc(), message.c.id)
    )
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return [_decided(of_one) for of_one in found.values()]


def _decided(rows: Sequence[Row[Any]]) -> Decided:
    """Fold the rows of one verdict, one for each of its messages, or one with none."""
    row = rows[0]
    return Decided(
        id=row.id,
        notice=row.notice,
        answer=row.answer,
        because=row.because,
        until=row.until,
        trace=tuple((rule, outcome, inputs) for rule, outcome, inputs in row.trace),
        at=row.decided_at,
        sent=tuple(
            Sent(
                id=one.message_id,
                channel=one.channel,
                state=one.state,
                due_at=one.due_at,
                settled_at=one.settled_at,
            )
            for one in rows
            if one.message_id is not None
        ),
    )
