"""Erase what messages say of a person; that they were decided and sent stays on record."""

from datetime import datetime

from sqlalchemy import case, delete, select, update

from app.messages.message import State
from app.messages.tables import captured, message
from orders_core.ids import PersonId
from orders_core.tx import Tx

WHY = "the person was erased"


def erase(tx: Tx, person_id: PersonId, *, now: datetime) -> None:
    """Take addresses, facts and words out of every message of a person, and stop what is under way.

    What a worker holds is taken from it: only what is still being sent can be written down, so that
    whatever its provider answers is not, and no inbox line comes of it.
    """
    theirs = message.c.person_id == person_id
    tx.execute(
        delete(captured).where(captured.c.message_id.in_(select(message.c.id).where(theirs)))
    )
    is_held, is_queued = (message.c.state == state for state in (State.SENDING, State.QUEUED))
    tx.execute(
        update(message)
        .where(theirs)
        .values(
            address="",
            variables={},
            template_version=None,
            provider_ref=None,
            opened_at=None,
            state=case(
                (is_held, State.UNKNOWN.value),
                (is_queued, State.CANCELLED.value),
                else_=message.c.state,
            ),
            error=case((is_held | is_queued, WHY), else_=message.c.error),
            settled_at=case((is_held | is_queued, now), else_=message.c.settled_at),
        )
    )
