"""The inbox lines of a verdict: what was opened elsewhere is read there."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from app.hub.tables import verdict
from app.inbox import store as inbox
from app.inbox.item import Mark
from app.messages.tables import message
from app.people import opened_store
from app.people.choices import BELLS, ChannelName
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx


class Opened(NamedTuple):
    """A verdict whose link was opened, and the channel that the link names; empty for none."""

    verdict_id: UUID
    on: str = ""


def read_everywhere(
    tx: Tx, opened: Opened, *, person_id: PersonId | None, order_id: OrderId | None, now: datetime
) -> bool:
    """Mark the inbox line of a verdict read, if it is of this person or order; say whether.

    The channel whose link it was is kept as the one opened last, if the verdict went there, and the
    message there as opened; the first time stands.
    """
    told = tx.execute(
        select(message.c.id, message.c.person_id, message.c.channel)
        .join(verdict, verdict.c.id == message.c.verdict_id)
        .where(
            verdict.c.id == opened.verdict_id,
            message.c.channel.in_([ChannelName.INAPP.value, opened.on]),
            verdict.c.person_id == person_id if person_id else verdict.c.order_id == order_id,
        )
    ).all()
    for bell in told:
        if bell.channel in BELLS:
            on = ChannelName(bell.channel)
            opened_store.opened(tx, PersonId(bell.person_id), on, now=now)
            first = update(message).where(message.c.id == bell.id, message.c.opened_at.is_(None))
            tx.execute(first.values(opened_at=now))
    line = next((one for one in told if one.channel == ChannelName.INAPP), None)
    if line is None:
        return False
    return bool(inbox.mark(tx, PersonId(line.person_id), [line.id], Mark.READ, now=now))
