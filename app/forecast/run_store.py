"""Runs of the forecast: asked for by a row, made by whoever takes it, stored with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from app.forecast.tables import forecast_hour, forecast_run
from orders_core.ids import new_id
from orders_core.tx import Tx

KEPT = timedelta(days=2)  # hourly runs; nightly ones are kept
NEWEST = forecast_run.c.id.desc()

# Hours that are over keep what was foreseen of them, where anything was.
STORE_HOURS = """
INSERT INTO forecast_hour (run_id, hour, weeks_used, baseline, multiplier, level, added, expected,
                           low, high, people_needed)
SELECT %(run)s, said.* FROM unnest(
  %(hour)s::timestamptz[], %(weeks_used)s::smallint[], %(baseline)s::float8[],
  %(multiplier)s::float8[], %(level)s::float8[], %(added)s::float8[], %(expected)s::float8[],
  %(low)s::int[], %(high)s::int[], %(people_needed)s::int[]) AS said (hour)
WHERE said.hour >= %(this_hour)s
   OR NOT EXISTS (SELECT FROM forecast_hour AS known WHERE known.hour = said.hour)
"""
COLUMNS = (
    *("hour", "weeks_used", "baseline", "multiplier", "level", "added", "expected"),
    *("low", "high", "people_needed"),
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that somebody asked for."""

    id: UUID
    why: str
    asked_by: str
    asked_at: datetime


def ask(tx: Tx, *, why: str, by: str, now: datetime) -> UUID:
    """Ask for a run; one that waits untouched is as good, and its id is returned.

    A run that a worker holds already is not waited for: it may have read what is old by now.
    """
    waiting = tx.scalar(
        select(forecast_run.c.id)
        .where(forecast_run.c.state == "asked")
        .order_by(forecast_run.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if waiting is not None:
        return UUID(str(waiting))
    run_id = new_id()
    tx.execute(insert(forecast_run).values(id=run_id, why=why, asked_by=by, asked_at=now))
    return run_id


def claim(tx: Tx) -> Run | None:
    """Take the run that was asked for first, for this transaction; None if none is free."""
    row = tx.execute(
        select(forecast_run)
        .where(forecast_run.c.state == "asked")
        .order_by(forecast_run.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    return Run(id=row.id, why=row.why, asked_by=row.asked_by, asked_at=row.asked_at)


def store(
    tx: Tx,
    run_id: UUID,
    hours: Sequence[Mapping[str, Any]],
    *,
    facts: Mapping[str, Any],
    this_hour: datetime,
    now: datetime,
) -> None:
    """Store what a run made; of the hours before `this_hour` only those nobody planned yet."""
    listed = {name: [hour[name] for hour in hours] for name in COLUMNS}
    tx.exec_driver_sql(STORE_HOURS, {"run": run_id, "this_hour": this_hour, **listed})
    tx.execute(
        update(forecast_run)
        .where(forecast_run.c.id == run_id)
        .values(state="stored", made_at=now, facts=facts)
    )


def fail(tx: Tx, run_id: UUID, *, error: str, now: datetime) -> None:
    """Close a run that could not be made."""
    tx.execute(
        update(forecast_run)
        .where(forecast_run.c.id == run_id, forecast_run.c.state == "asked")
        .values(state="failed", made_at=now, error=error)
    )


def latest(tx: Tx) -> Row[Any] | None:
    """Return the newest run that is stored."""
    return tx.execute(
        select(forecast_run).where(forecast_run.c.state == "stored").order_by(NEWEST).limit(1)
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
    """Drop the hours of old runs that a newer one of the same hour stands before; return how many.

    What each hour was last foreseen as stays, for it is what the hour is judged by.
    """
    newer = forecast_hour.alias("newer")
    old = select(forecast_run.c.id).where(
        forecast_run.c.state == "stored",
        forecast_run.c.why != "nightly",
        forecast_run.c.made_at < now - KEPT,
    )
    gone = tx.execute(
        delete(forecast_hour).where(
            forecast_hour.c.run_id.in_(old),
            select(newer.c.hour)
            .where(newer.c.hour == forecast_hour.c.hour, newer.c.run_id > forecast_hour.c.run_id)
            .exists(),
        )
    )
    return gone.rowcount
