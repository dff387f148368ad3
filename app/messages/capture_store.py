"""What left in demo and test mode, kept where the dev outbox shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select

from app.messages.tables import captured
from orders_core.ids import new_id
from orders_core.tx import Tx

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Captured:
    """One email, SMS or push that left. `headers` are an email's, in order. Business time."""

    channel: str
    address: str
    message_id: UUID | None
    subject: str
    body: str
    html: str | None
    headers: Sequence[tuple[str, str]] = ()
    captured_at: datetime
    id: UUID | None = None


def add(tx: Tx, left: Sequence[Captured]) -> None:
    """Keep what left; a message that left twice is kept twice."""
    if not left:
        return
    tx.execute(
        insert(captured),
        [
            {
                "id": new_id(),
                "channel": one.channel,
                "address": _storable(one.address),
                "message_id": one.message_id,
                "subject": _storable(one.subject),
                "body": _storable(one.body),
                "html": None if one.html is None else _storable(one.html),
                "headers": [[_storable(name), _storable(value)] for name, value in one.headers],
                "captured_at": one.captured_at,
            }
            for one in left
        ],
    )


def page(
    tx: Tx,
    *,
    after: UUID | None = None,
    at_most: int = 50,
    channel: str | None = None,
    address: str | None = None,
) -> Sequence[Captured]:
    """Return what left, newest first, older than `after`; of one channel or address if named."""
    wanted = select(captured).order_by(captured.c.id.desc()).limit(at_most)
    if after is not None:
        wanted = wanted.where(captured.c.id < after)
    if channel is not None:
        wanted = wanted.where(captured.c.channel == channel)
    if address is not None:
        wanted = wanted.where(captured.c.address == address)
    return [_captured(row) for row in tx.execute(wanted).mappings()]


def find(tx: Tx, captured_id: UUID) -> Captured | None:
    """Return one of them by its own id."""
    row = tx.execute(select(captured).where(captured.c.id == captured_id)).mappings().one_or_none()
    return _captured(row) if row else None


def of_message(tx: Tx, message_id: UUID) -> Sequence[Captured]:
    """Return every copy of a message that left, first one first."""
    wanted = select(captured).where(captured.c.message_id == message_id).order_by(captured.c.id)
    return [_captured(row) for row in tx.execute(wanted).mappings()]


def count(tx: Tx) -> int:
    """Count all that left."""
    return tx.execute(select(func.count()).select_from(captured)).scalar_one()


def _captured(row: RowMapping) -> Captured:
    headers = tuple((name, value) for name, value in row["headers"])
    return Captured(**{**row, "headers": headers})


def _storable(text: str) -> str:
    """Return text that PostgreSQL takes: no NUL, no lone surrogate."""
    return UNSTORABLE.sub("\ufffd", text)
