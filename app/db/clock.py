"""The shop's shared business clock: one row that every process reads, demo and test may push it."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from app.db.tables import business_clock
from app.db.transaction import begin
from orders_core.clock import Clock, SystemClock, Timeline
from orders_core.tx import Tx

CACHE_SECONDS = 0.1


class BusinessClock:
    """Business time as the database keeps it, asked at most ten times a second."""

    def __init__(self, engine: Engine, *, cache_seconds: float = CACHE_SECONDS) -> None:
        self._engine = engine
        self._cache_seconds = cache_seconds
        self._lock = threading.Lock()
        self._timeline: Timeline | None = None
        self._machine_then: datetime | None = None
        self._read_at = 0.0

    def now(self) -> datetime:
        """Return the business time, aware and in UTC; another process's jump shows within 0.1 s."""
        with self._lock:
            elapsed = time.monotonic() - self._read_at
            if (
                self._timeline is None
                or self._machine_then is None
                or elapsed > self._cache_seconds
            ):
                return self._ask()
            return self._timeline.at(self._machine_then + timedelta(seconds=elapsed))

    def look_again(self) -> None:
        """Forget what was read: the next `now` asks the database, however soon it comes."""
        with self._lock:
            self._timeline = None

    def _ask(self) -> datetime:
        with begin(self._engine) as tx:
            timeline, machine_now = read(tx)
        self._read_at = time.monotonic()
        self._timeline, self._machine_then = timeline, machine_now
        return timeline.at(machine_now)


def open_clock(engine: Engine, *, mode: str) -> Clock:
    """Return the clock this mode lives by: in production business time is machine time."""
    return SystemClock() if mode == "production" else BusinessClock(engine)


def read(tx: Tx) -> tuple[Timeline, datetime]:
    """Return the shared timeline and the database's machine time of this moment."""
    return _read(tx, is_locked=False)


def is_set(tx: Tx) -> bool:
    """Say whether anybody has ever set the shared clock; until then it shows machine time."""
    return tx.execute(select(business_clock.c.id)).one_or_none() is not None


def jump(tx: Tx, *, forward: timedelta) -> datetime:
    """Set the shared clock `forward` later and return what it now shows.

    Raises:
        ValueError: If the jump would go back.
    """
    return _change(tx, lambda timeline, machine: timeline.jumped(machine, forward=forward))


def set_rate(tx: Tx, *, rate: float) -> datetime:
    """Let the shared clock run `rate` business seconds a machine second from now on.

    Raises:
        ValueError: If the rate is 0 or less.
    """
    return _change(tx, lambda timeline, machine: timeline.paced(machine, rate=rate))


def write(tx: Tx, timeline: Timeline) -> None:
    """Put `timeline` in the place of the shared one."""
    values = {
        "id": 1,
        "business_anchor": timeline.business_anchor,
        "machine_anchor": timeline.machine_anchor,
        "rate": timeline.rate,
    }
    tx.execute(
        insert(business_clock)
        .values(**values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )


def _change(tx: Tx, change: Callable[[Timeline, datetime], Timeline]) -> datetime:
    timeline, machine_now = _read(tx, is_locked=True)
    changed = change(timeline, machine_now)
    write(tx, changed)
    return changed.at(machine_now)


def _read(tx: Tx, *, is_locked: bool) -> tuple[Timeline, datetime]:
    columns = business_clock.c
    query = select(
        columns.business_anchor, columns.machine_anchor, columns.rate, func.clock_timestamp()
    )
    row = tx.execute(query.with_for_update() if is_locked else query).one_or_none()
    if row is None:  # nobody has touched the clock: it shows machine time
        machine_now = tx.execute(select(func.clock_timestamp())).scalar_one()
        timeline = Timeline(business_anchor=machine_now, machine_anchor=machine_now, rate=1.0)
        return timeline, machine_now
    timeline = Timeline(business_anchor=row[0], machine_anchor=row[1], rate=row[2])
    return timeline, row[3]
