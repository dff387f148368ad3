"""The switch's row, and the lock that holds it still."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.hub.tables import switch
from app.messages.tables import message
from orders_core.tx import Tx

# An advisory lock, for the row may not exist yet; the number is ours alone: "hub" in ASCII.
LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(6845794)")
LOCK_ALONE = text("SELECT pg_advisory_xact_lock(6845794)")


@dataclass(frozen=True)
class Switch:
    """How a switch stands, and who put it there."""

    name: str
    is_on: bool
    by: str
    why: str
    at: datetime


def hold_shared(tx: Tx) -> None:
    """Keep everybody from flipping a switch until the transaction ends."""
    tx.execute(LOCK_SHARED)


def hold_alone(tx: Tx) -> None:
    """Wait until nobody holds the switches still, and keep them to ourselves."""
    tx.execute(LOCK_ALONE)


def read(tx: Tx, name: str) -> Switch | None:
    """Return how a switch stands; None if nobody ever touched it."""
    row = tx.execute(select(switch).where(switch.c.name == name)).one_or_none()
    return Switch(row.name, row.on, row.by, row.why, row.at) if row else None


def write(tx: Tx, wanted: Switch) -> None:
    """Put a switch where it is wanted."""
    values = {"on": wanted.is_on, "by": wanted.by, "why": wanted.why, "at": wanted.at}
    said = insert(switch).values(name=wanted.name, **values)
    tx.execute(said.on_conflict_do_update(index_elements=[switch.c.name], set_=values))


def cancel_queued(tx: Tx, kind: str, *, why: str, now: datetime) -> int:
    """Cancel the queued messages of a kind that no worker holds; return how many."""
    queued = (
        select(message.c.id)
        .where(message.c.state == "queued", message.c.kind == kind)
        .with_for_update(skip_locked=True)
        .cte("queued")
    )
    cancelled = tx.execute(
        update(message)
        .where(message.c.id == queued.c.id)
        .values(state="cancelled", error=why, settled_at=now)
    )
    return cancelled.rowcount
