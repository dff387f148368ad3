"""Runs of the forecast: asked for by a row, made by whoever holds it, stored with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from app.forecast.tables import forecast_run
from orders_core.ids import new_id
from orders_core.tx import Tx

HOURLY = "hourly"
HELD_MINUTES = 5  # learning takes seconds to a minute
KEPT = timedelta(days=2)  # what is not shown any more
NEWEST = forecast_run.c.id.desc()

WAITING = """
SELECT id, why FROM forecast_run
WHERE state = 'asked' AND (held_until IS NULL OR held_until < clock_timestamp())
ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
CLAIM = f"""
UPDATE forecast_run SET token = %(token)s,
       held_until = clock_timestamp() + interval '{HELD_MINUTES} minutes'
WHERE id = (
  SELECT id FROM forecast_run
  WHERE state = 'asked' AND (held_until IS NULL OR held_until < clock_timestamp())
  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, why, asked_by, asked_at
"""  # noqa: S608 - our own number
STORE_SLOTS = """
INSERT INTO forecast_slot (run_id, slot, was_over, usual, multiplier, level, added, expected,
                           quantiles, people_needed)
SELECT %(run)s, said.slot, said.slot < %(this_slot)s, usual, multiplier, level, added, expected,
       ARRAY[q1, q2, q3, q4, q5], people_needed
FROM unnest(
  %(slot)s::timestamptz[], %(usual)s::float8[], %(multiplier)s::float8[], %(level)s::float8[],
  %(added)s::float8[], %(expected)s::float8[], %(q1)s::float8[], %(q2)s::float8[],
  %(q3)s::float8[], %(q4)s::float8[], %(q5)s::float8[], %(people_needed)s::int[])
  AS said (slot, usual, multiplier, level, added, expected, q1, q2, q3, q4, q5, people_needed)
"""
STORE_GROUPS = """
INSERT INTO forecast_group (run_id, slot, about, usual, expected, quantiles)
SELECT %(run)s, said.slot, about, usual, expected, ARRAY[q1, q2, q3, q4, q5]
FROM unnest(
  %(slot)s::timestamptz[], %(about)s::text[], %(usual)s::float8[], %(expected)s::float8[],
  %(q1)s::float8[], %(q2)s::float8[], %(q3)s::float8[], %(q4)s::float8[], %(q5)s::float8[])
  AS said (slot, about, usual, expected, q1, q2, q3, q4, q5)
"""
# What stands before a half hour on the page: foreseen in time, and the newest of those.
FORGET = """
DELETE FROM forecast_slot AS old USING forecast_run
WHERE forecast_run.id = old.run_id AND made_at < %(before)s AND EXISTS (
  SELECT FROM forecast_slot AS other
  WHERE other.slot = old.slot
    AND (other.was_over < old.was_over
         OR other.was_over = old.was_over AND other.run_id > old.run_id))
"""
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that somebody asked for; who holds the token makes it."""

    id: UUID
    why: str
    asked_by: str
    asked_at: datetime
    token: UUID


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a run made, as columns of equally long lists; `groups` may have none."""

    slots: Columns
    groups: Columns
    facts: Mapping[str, Any]
    this_slot: datetime  #: half hours before it were over


def ask(tx: Tx, *, why: str, by: str, now: datetime) -> UUID:
    """Ask for a run; one that waits untouched is as good, and its id is returned.

    It then does the more that was asked for: an hourly one only puts the day right. A run that a
    worker holds already is not waited for: it may have read what is old by now.
    """
    waiting = tx.exec_driver_sql(WAITING).one_or_none()
    if waiting is not None:
        if waiting.why == HOURLY != why:
            tx.execute(update(forecast_run).where(forecast_run.c.id == waiting.id).values(why=why))
        return UUID(str(waiting.id))
    run_id = new_id()
    tx.execute(insert(forecast_run).values(id=run_id, why=why, asked_by=by, asked_at=now))
    return run_id


def claim(tx: Tx) -> Run | None:
    """Take the run that was asked for first, for some minutes; None if none is free."""
    token = new_id()
    row = tx.exec_driver_sql(CLAIM, {"token": token}).mappings().one_or_none()
    return Run(**row, token=token) if row else None


def store(tx: Tx, run: Run, made: Made, *, now: datetime) -> bool:
    """Store what a run made; False, and nothing is, if another took it meanwhile."""
    kept = tx.execute(
        update(forecast_run)
        .where(
            forecast_run.c.id == run.id,
            forecast_run.c.state == "asked",
            forecast_run.c.token == run.token,
        )
        .values(state="stored", made_at=now, facts=made.facts)
    )
    if not kept.rowcount:
        return False
    tx.exec_driver_sql(STORE_SLOTS, {"run": run.id, "this_slot": made.this_slot, **made.slots})
    tx.exec_driver_sql(STORE_GROUPS, {"run": run.id, **made.groups})
    return True


def fail(tx: Tx, run: Run, *, error: str, now: datetime) -> None:
    """Close a run that could not be made, unless another took it meanwhile."""
    tx.execute(
        update(forecast_run)
        .where(
            forecast_run.c.id == run.id,
            forecast_run.c.state == "asked",
            forecast_run.c.token == run.token,
        )
        .values(state="failed", made_at=now, error=error)
    )


def latest(tx: Tx) -> Row[Any] | None:
    """Return the newest run that is stored."""
    return tx.execute(
        select(forecast_run).where(forecast_run.c.state == "stored").order_by(NEWEST).limit(1)
    ).one_or_none()


def learnt_at(tx: Tx, origin: datetime) -> Row[Any] | None:
    """Return the newest stored run that learnt from everything before a midnight."""
    return tx.execute(
        select(forecast_run)
        .where(
            forecast_run.c.state == "stored",
            forecast_run.c.facts["learnt_until"].astext == origin.isoformat(),
        )
        .order_by(NEWEST)
        .limit(1)
    ).one_or_none()


def find(tx: Tx, run_id: UUID) -> Row[Any] | None:
    """Return one run."""
    return tx.execute(select(forecast_run).where(forecast_run.c.id == run_id)).one_or_none()


def waiting(tx: Tx) -> int:
    """Say how many runs were asked for and are not made."""
    found = tx.execute(
        select(func.count()).select_from(forecast_run).where(forecast_run.c.state == "asked")
    )
    return int(found.scalar_one())


def forget(tx: Tx, *, now: datetime) -> int:
    """Drop what no page shows any more, two days after it was made; return how many half hours.

    What each half hour was last foreseen as in time stays, for it is what it is judged by.
    """
    return tx.exec_driver_sql(FORGET, {"before": now - KEPT}).rowcount
