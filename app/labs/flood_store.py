"""The bells that the hub let ring, as its messages say."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.messages.tables import message
from app.people.choices import BELLS
from orders_core.ids import PersonId
from orders_core.tx import Tx


class Rang(NamedTuple):
    """One message that may wake somebody; `news` is what it told of."""

    person_id: PersonId
    channel: str
    notice: str
    news: str
    at: datetime


def bells_of(tx: Tx, people: Sequence[PersonId]) -> Sequence[Rang]:
    """Return every bell of these people at the business time it leaves."""
    rows = tx.execute(
        select(
            message.c.person_id,
            message.c.channel,
            message.c.notice,
            message.c.variables["order_number"].as_string(),
            message.c.due_at,
        ).where(message.c.person_id.in_(people), message.c.channel.in_(BELLS))
    )
    return [Rang(PersonId(row[0]), row[1], row[2], row[3], row[4]) for row in rows]
