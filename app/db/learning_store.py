"""What is learnt now and then: asked for by the clock, made once, and what was found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from app.db.tables import learning_run
from orders_core.ids import new_id
from orders_core.tx import Tx

#: Where people look; who is likely to refuse offers; which parcels will be late.
HABITS, FATIGUE, LATE = "habits", "fatigue", "late"
KEPT = timedelta(days=90)
IS_ASKED = learning_run.c.state == "asked"


class Found(NamedTuple):
    """What a run found, and when it was made."""

    facts: Mapping[str, Any]
    made_at: datetime


def ask(tx: Tx, name: str, *, now: datetime) -> None:
    """Ask for a run, unless one of this name waits, and forget those of long ago."""
    tx.execute(delete(learning_run).where(learning_run.c.asked_at < now - KEPT))
    waits = select(learning_run.c.id).where(learning_run.c.name == name, IS_ASKED).limit(1)
    if tx.execute(waits).one_or_none() is None:
        tx.execute(insert(learning_run).values(id=new_id(), name=name, asked_at=now))


def claim(tx: Tx, name: str) -> UUID | None:
    """Take the run that was asked for first, for this transaction; None if none is free."""
    return tx.scalar(
        select(learning_run.c.id)
        .where(learning_run.c.name == name, IS_ASKED)
        .order_by(learning_run.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def close(
    tx: Tx, run_id: UUID, *, state: str, facts: Mapping[str, Any] | None, now: datetime
) -> None:
    """Close a run, made or failed, with what it found."""
    tx.execute(
        update(learning_run)
        .where(learning_run.c.id == run_id, IS_ASKED)
        .values(state=state, made_at=now, facts=facts)
    )


def last_found(tx: Tx, name: str) -> Found | None:
    """Return what the newest run of a name found; None while none was made."""
    made = learning_run.c.name == name, learning_run.c.state == "made"
    newest = select(learning_run.c.facts, learning_run.c.made_at).where(*made)
    row = tx.execute(newest.order_by(learning_run.c.id.desc()).limit(1)).one_or_none()
    return Found(row.facts, row.made_at) if row else None
