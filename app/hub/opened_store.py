"""The inbox lines of a verdict: what was opened elsewhere is read there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.hub.tables import verdict
from app.inbox import store as inbox
from app.inbox.item import Mark
from app.messages.tables import message
from app.people.choices import ChannelName
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx


def read_everywhere(
    tx: Tx, verdict_id: UUID, *, person_id: PersonId | None, order_id: OrderId | None, now: datetime
) -> bool:
    """Mark the inbox line of a verdict read, if it is of this person or order; say whether."""
    line = tx.execute(
        select(message.c.id, message.c.person_id)
        .join(verdict, verdict.c.id == message.c.verdict_id)
        .where(
            verdict.c.id == verdict_id,
            message.c.channel == ChannelName.INAPP.value,
            verdict.c.person_id == person_id if person_id else verdict.c.order_id == order_id,
        )
    ).one_or_none()
    if line is None:
        return False
    return bool(inbox.mark(tx, PersonId(line.person_id), [line.id], Mark.READ, now=now))
