"""Messages as they are looked up: one by id, those of an order, those of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.messages.message import State
from app.messages.tables import message
from app.people.tables import contact
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message with all that is known of it, in business time; `not_before` is machine time."""

    id: UUID
    verdict_id: UUID
    person_id: UUID
    order_id: UUID | None
    notice: str
    channel: str
    address: str
    locale: str
    kind: str
    lane: int
    variables: Mapping[str, Any]
    state: State
    due_at: datetime
    expires_at: datetime
    not_before: datetime
    token: int
    attempts: int
    duplicate_risk: bool
    provider_ref: str | None
    error: str | None
    queued_at: datetime
    settled_at: datetime | None
    template_version: bytes | None
    stands_until: datetime | None
    category: str | None = None
    entry: int | None = None
    displaced_by: UUID | None = None
    is_trial: bool = False
    opened_at: datetime | None = None


COLUMNS = [message.c[name] for name in Message.__dataclass_fields__]


def find(tx: Tx, message_id: UUID) -> Message | None:
    """Return a message by its id."""
    row = tx.execute(select(*COLUMNS).where(message.c.id == message_id)).one_or_none()
    return _message(row) if row else None


def latest_to(tx: Tx, *, channel: str, address: str) -> Message | None:
    """Return the latest message that left for an address of somebody we know."""
    whose = select(contact.c.person_id).where(
        contact.c.channel == channel, contact.c.address == address
    )
    wanted = (
        select(*COLUMNS)
        .where(
            message.c.person_id.in_(whose),
            message.c.channel == channel,
            message.c.address == address,
            message.c.state.in_((State.SENT, State.UNKNOWN)),
        )
        .order_by(message.c.id.desc())
        .limit(1)
    )
    row = tx.execute(wanted).one_or_none()
    return _message(row) if row else None


def page(
    tx: Tx,
    *,
    person_id: UUID | None = None,
    order_id: UUID | None = None,
    after: UUID | None = None,
    at_most: int = 50,
) -> Sequence[Message]:
    """Return messages, newest first, older than `after`; of one person or order if named."""
    wanted = select(*COLUMNS).order_by(message.c.id.desc()).limit(at_most)
    if person_id is not None:
        wanted = wanted.where(message.c.person_id == person_id)
    if order_id is not None:
        wanted = wanted.where(message.c.order_id == order_id)
    if after is not None:
        wanted = wanted.where(message.c.id < after)
    return [_message(row) for row in tx.execute(wanted)]


def of_verdicts(tx: Tx, verdicts: Sequence[UUID]) -> Sequence[Message]:
    """Return the messages that came of some verdicts, first one first."""
    wanted = select(*COLUMNS).where(message.c.verdict_id.in_(verdicts)).order_by(message.c.id)
    return [_message(row) for row in tx.execute(wanted)]


def _message(row: Row[Any]) -> Message:
    values = dict(row._mapping)
    return Message(**values | {"state": State(values["state"])})
