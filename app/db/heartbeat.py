"""Who is alive: each process writes a row every two seconds; the operator's page reads them."""

import os
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.db.tables import heartbeat
from app.db.transaction import begin
from app.errors import EngineUnreachable
from orders_core.tx import Tx

BEAT_SECONDS = 2.0
FORGOTTEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Alive:
    """A process that said it was there; times are machine time."""

    process: str
    role: str
    pid: int
    is_leader: bool
    started_at: datetime
    seen_at: datetime
    silent_seconds: float


def process_name(role: str) -> str:
    """Name this process as its heartbeat and its claims do."""
    return f"{role}@{platform.node()}:{os.getpid()}"


def living(tx: Tx, *, silent_seconds: float) -> set[str]:
    """Name the processes that were heard of within so many seconds of machine time."""
    since = func.clock_timestamp() - timedelta(seconds=silent_seconds)
    return set(tx.scalars(select(heartbeat.c.process).where(heartbeat.c.seen_at > since)))


def beat(tx: Tx, process: str, role: str, *, is_leader: bool) -> None:
    """Say that this process is alive, and drop those that have been silent for five minutes."""
    now = func.clock_timestamp()
    tx.execute(
        insert(heartbeat)
        .values(
            process=process,
            role=role,
            pid=os.getpid(),
            is_leader=is_leader,
            started_at=now,
            seen_at=now,
        )
        .on_conflict_do_update(
            index_elements=["process"], set_={"is_leader": is_leader, "seen_at": now}
        )
    )
    tx.execute(delete(heartbeat).where(heartbeat.c.seen_at < now - FORGOTTEN_AFTER))


def leave(tx: Tx, process: str) -> None:
    """Say goodbye: the process stops on purpose."""
    tx.execute(delete(heartbeat).where(heartbeat.c.process == process))


def alive(tx: Tx) -> list[Alive]:
    """List the processes by role, with how long each has been silent."""
    silent = func.extract("epoch", func.clock_timestamp() - heartbeat.c.seen_at)
    rows = tx.execute(
        select(heartbeat, silent.label("silent_seconds")).order_by(
            heartbeat.c.role, heartbeat.c.started_at
        )
    )
    return [Alive(**{**row._mapping, "silent_seconds": float(row.silent_seconds)}) for row in rows]


class Heart:
    """Beats in its own thread while the `with` block runs; a database away is no reason to stop."""

    def __init__(
        self, engine: Engine, role: str, *, is_leader: Callable[[], bool] = lambda: False
    ) -> None:
        self._engine, self._role, self._is_leader = engine, role, is_leader
        self._name = process_name(role)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def __enter__(self) -> "Heart":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join(timeout=BEAT_SECONDS)
        self._quietly(lambda tx: leave(tx, self._name))

    def _run(self) -> None:
        while True:
            self._quietly(self._beat)
            if self._stopped.wait(BEAT_SECONDS):
                return

    def _beat(self, tx: Tx) -> None:
        beat(tx, self._name, self._role, is_leader=self._is_leader())

    def _quietly(self, work: Callable[[Tx], None]) -> None:
        try:
            with begin(self._engine) as tx:
                work(tx)
        except (SQLAlchemyError, EngineUnreachable):
            return
