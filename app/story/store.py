"""What the order page reads that no other room reads like this."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from app.hub.tables import verdict
from app.messages.tables import message
from app.people.tables import muted_order
from app.story.facts import Decided, Sent
from orders_core.ids import OrderId, PersonId
from orders_core.orders.tables import orders
from orders_core.tx import Tx

MOST_NOTICES = 60


class Standing(NamedTuple):
    """Why an order is as it is, and whether its person muted it."""

    change_reason: str
    is_muted: bool


def standing(tx: Tx, order_id: OrderId) -> Standing | None:
    """Return an order's last reason of change, and whether it is muted; None if it is not there."""
    row = tx.execute(
        select(orders.c.change_reason, muted_order.c.at)
        .join(muted_order, muted_order.c.order_id == orders.c.id, isouter=True)
        .where(orders.c.id == order_id)
    ).one_or_none()
    return None if row is None else Standing(row.change_reason, row.at is not None)


def person_of(tx: Tx, order_id: OrderId) -> PersonId | None:
    """Return whose order it is, if there is such an order."""
    found = tx.scalar(select(orders.c.person_id).where(orders.c.id == order_id))
    return PersonId(found) if found else None


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
