"""Due slots are rows: a job runs once for each slot, however many schedulers tick.

`UNIQUE (job, due_at)` is the truth; the leader's lock only saves the others the trouble.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import Engine, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db.tables import slot
from app.db.transaction import begin
from orders_core.tx import Tx

log = structlog.get_logger()

ABANDONED_AFTER = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Missed(StrEnum):
    """What becomes of slots that passed while nobody ticked."""

    SKIP = "skip"  #: only the newest is run
    CATCH_UP = "catch_up"  #: each is run, oldest first, up to MOST_CAUGHT_UP


MOST_CAUGHT_UP = 48


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something done once a period, `offset` after the period begins (UTC)."""

    name: str
    every: timedelta
    work: Callable[[Tx, datetime], str]
    offset: timedelta = timedelta(0)
    missed: Missed = Missed.SKIP


def due_slots(job: Job, *, last: datetime | None, now: datetime) -> list[datetime]:
    """Say which slots of a job have come due after `last` and up to `now`, oldest first.

    A job that never ran owes only its newest slot.
    """
    newest = EPOCH + ((now - EPOCH - job.offset) // job.every) * job.every + job.offset
    if last is None or job.missed is Missed.SKIP:
        return [newest] if last is None or newest > last else []
    missed = min((newest - last) // job.every, MOST_CAUGHT_UP)
    return [newest - job.every * back for back in range(missed - 1, -1, -1)]


def run_due(engine: Engine, job: Job, *, now: datetime) -> int:
    """Run every due slot of the job that nobody has claimed; return how many were run."""
    ran = sum(_run(engine, job, due_at) for due_at in abandoned(engine, job))
    with begin(engine) as tx:
        last = tx.scalar(select(func.max(slot.c.due_at)).where(slot.c.job == job.name))
    for due_at in due_slots(job, last=last, now=now):
        with begin(engine) as tx:
            if not claim(tx, job.name, due_at):
                continue
        ran += _run(engine, job, due_at)
    return ran


def abandoned(engine: Engine, job: Job) -> list[datetime]:
    """Take over slots of the job that were claimed minutes ago and never settled."""
    with begin(engine) as tx:
        taken = tx.scalars(
            update(slot)
            .where(
                slot.c.job == job.name,
                slot.c.state == "claimed",
                slot.c.claimed_at < func.clock_timestamp() - ABANDONED_AFTER,
            )
            .values(claimed_at=func.clock_timestamp())
            .returning(slot.c.due_at)
        )
        return sorted(taken)


def claim(tx: Tx, job: str, due_at: datetime) -> bool:
    """Take a slot for this process; False if it was taken before."""
    taking = (
        insert(slot).values(job=job, due_at=due_at).on_conflict_do_nothing().returning(slot.c.job)
    )
    return tx.scalar(taking) is not None


def _run(engine: Engine, job: Job, due_at: datetime) -> bool:
    try:
        with begin(engine) as tx:
            note = job.work(tx, due_at)
            _settle(tx, job, due_at, state="done", note=note)
    except Exception as fault:
        log.exception("job_failed", job=job.name)
        with begin(engine) as tx:
            _settle(tx, job, due_at, state="failed", note=type(fault).__name__)
        return False
    return True


def _settle(tx: Tx, job: Job, due_at: datetime, *, state: str, note: str) -> None:
    tx.execute(
        update(slot)
        .where(slot.c.job == job.name, slot.c.due_at == due_at)
        .values(state=state, note=note)
    )
