"""Jumps of the demo's clock: one at a time, its progress in a row that every web process reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update

from app.tower.tables import clock_jump
from orders_core.ids import new_id
from orders_core.tx import Tx

SILENT_SECONDS = 60.0  # one that says nothing for longer has died with its process
LOCK = 7_313_604  # of our own, so that two clicks start one jump


@dataclass(frozen=True, kw_only=True)
class Jump:
    """One jump: where from, where to, how far it has come, and what was done on the way."""

    id: UUID
    state: str  #: under_way, arrived, stopped
    from_at: datetime
    target_at: datetime
    reached_at: datetime
    events: int
    messages: int
    took_seconds: float
    since_seconds: float  #: machine seconds since it was last heard of

    @property
    def is_under_way(self) -> bool:
        """Whether it is going on."""
        return self.state == "under_way"

    @property
    def share(self) -> float:
        """How much of the way is behind it, 0 to 1."""
        whole = (self.target_at - self.from_at).total_seconds()
        done = (self.reached_at - self.from_at).total_seconds()
        return min(max(done / whole, 0.0), 1.0) if whole > 0 else 1.0


def begin_jump(tx: Tx, *, now: datetime, target: datetime) -> UUID | None:
    """Write that a jump begins and return its id; None if another one is under way."""
    tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    _bury_silent(tx)
    busy = select(clock_jump.c.id).where(clock_jump.c.state == "under_way").limit(1)
    if tx.execute(busy).one_or_none() is not None:
        return None
    jump_id = new_id()
    tx.execute(insert(clock_jump).values(id=jump_id, from_at=now, target_at=target, reached_at=now))
    return jump_id


def progress(tx: Tx, jump_id: UUID, *, reached: datetime, events: int, messages: int) -> None:
    """Write how far a jump has come and what was done since the last time."""
    tx.execute(
        update(clock_jump)
        .where(clock_jump.c.id == jump_id)
        .values(
            reached_at=reached,
            events=clock_jump.c.events + events,
            messages=clock_jump.c.messages + messages,
            heard_at=func.clock_timestamp(),
        )
    )


def end_jump(tx: Tx, jump_id: UUID, *, has_arrived: bool) -> None:
    """Write that a jump is over."""
    state = "arrived" if has_arrived else "stopped"
    tx.execute(
        update(clock_jump)
        .where(clock_jump.c.id == jump_id)
        .values(state=state, heard_at=func.clock_timestamp())
    )


def last(tx: Tx) -> Jump | None:
    """Return the newest jump."""
    took = func.extract("epoch", clock_jump.c.heard_at - clock_jump.c.asked_at)
    since = func.extract("epoch", func.clock_timestamp() - clock_jump.c.heard_at)
    query = select(clock_jump, took.label("took_seconds"), since.label("since_seconds"))
    row = tx.execute(query.order_by(clock_jump.c.id.desc()).limit(1)).one_or_none()
    return _jump(row) if row else None


def _bury_silent(tx: Tx) -> None:
    silent = func.extract("epoch", func.clock_timestamp() - clock_jump.c.heard_at)
    tx.execute(
        update(clock_jump)
        .where(clock_jump.c.state == "under_way", silent > SILENT_SECONDS)
        .values(state="stopped")
    )


def _jump(row: Row[Any]) -> Jump:
    facts = {**row._mapping}
    del facts["asked_at"], facts["heard_at"]
    seconds = {name: float(facts[name]) for name in ("took_seconds", "since_seconds")}
    return Jump(**{**facts, **seconds})
