"""What the lanes carry. Counted on the index of open messages, and on one day of ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select

from app.messages.tables import message
from orders_core.tx import Tx

LANES = (0, 1, 2, 3)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """What one lane carries: due and waiting now, and what became uncertain in the last 24 h."""

    number: int
    due: int
    held: int  #: queued for a later business time
    oldest_seconds: float  #: business age of the longest-waiting due message; 0 if none waits
    sending: int
    unknown: int
    duplicate_risk: int


def machine_now(tx: Tx) -> datetime:
    """Return the database's machine time."""
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return now


def first_id_at(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: ids made later are larger."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def lanes(tx: Tx, *, now: datetime) -> Sequence[Lane]:
    """Say what each lane carries at the business time `now`."""
    waiting = _waiting(tx, now)
    doubtful = _doubtful(tx, since=machine_now(tx) - A_DAY)
    return [
        Lane(
            number=number,
            **(waiting.get(number) or {"due": 0, "held": 0, "oldest_seconds": 0.0, "sending": 0}),
            **(doubtful.get(number) or {"unknown": 0, "duplicate_risk": 0}),
        )
        for number in LANES
    ]


def _waiting(tx: Tx, now: datetime) -> Mapping[int, Mapping[str, Any]]:
    is_due = (message.c.state == "queued") & (message.c.due_at <= now)
    oldest = func.min(case((is_due, message.c.due_at)))
    rows = tx.execute(
        select(
            message.c.lane,
            func.count().filter(is_due).label("due"),
            func.count().filter(message.c.state == "queued", message.c.due_at > now).label("held"),
            func.count().filter(message.c.state == "sending").label("sending"),
            oldest.label("oldest"),
        )
        .where(message.c.state.in_(("queued", "sending")))
        .group_by(message.c.lane)
    )
    return {
        row.lane: {
            "due": row.due,
            "held": row.held,
            "sending": row.sending,
            "oldest_seconds": (now - row.oldest).total_seconds() if row.oldest else 0.0,
        }
        for row in rows
    }


def _doubtful(tx: Tx, *, since: datetime) -> Mapping[int, Mapping[str, Any]]:
    rows = tx.execute(
        select(
            message.c.lane,
            func.count().filter(message.c.state == "unknown").label("unknown"),
            func.count().filter(message.c.duplicate_risk).label("duplicate_risk"),
        )
        .where(
            message.c.id >= first_id_at(since),
            or_(message.c.state == "unknown", message.c.duplicate_risk),
        )
        .group_by(message.c.lane)
    )
    return {
        row.lane: {"unknown": row.unknown, "duplicate_risk": row.duplicate_risk} for row in rows
    }
