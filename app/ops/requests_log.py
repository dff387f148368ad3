"""Keeps requests off the hot path: noted in memory, written by a thread of its own.

Under load it keeps some and says how many it did not: a log may never slow what it logs.
"""

import threading
import time
from collections import deque
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.http.witness import FIRST_REFUSAL, Exchange
from app.ops import requests_store
from app.ops.requests import kept, problem_in
from orders_core.clock import Clock
from orders_core.ids import new_id

ROOM = 500
SUCCESSES_A_SECOND, REFUSALS_A_SECOND = 20.0, 50.0
WRITE_SECONDS = 0.5
TRIM_SECONDS = 600.0

log = structlog.get_logger()


class Allowance:
    """So many a second, and a second's worth at once."""

    def __init__(self, a_second: float) -> None:
        self._a_second = self._left = a_second
        self._at = time.monotonic()

    def take(self) -> bool:
        """Take one, if one is left."""
        now = time.monotonic()
        self._left = min(self._a_second, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class RequestLog:
    """Keeps what the witness saw, for the time of a `with` block. One per process.

    `masks` hides what names a person before anything is written.
    """

    def __init__(self, engine: Engine, clock: Clock, *, masks: bool) -> None:
        self._engine, self._clock, self._masks = engine, clock, masks
        self._waiting: deque[tuple[Exchange, int]] = deque()
        self._successes = Allowance(SUCCESSES_A_SECOND)
        self._refusals = Allowance(REFUSALS_A_SECOND)
        self._skipped = 0
        self._counting = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="requests", daemon=True)

    def __enter__(self) -> "RequestLog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=WRITE_SECONDS * 4)

    def would_keep(self, status: int) -> bool:
        """Say whether there is room for one more exchange that ended so; count it if not."""
        of = self._refusals if status >= FIRST_REFUSAL else self._successes
        if len(self._waiting) < ROOM and of.take():
            return True
        self._skip(1)
        return False

    def keep(self, exchange: Exchange) -> None:
        """Note an exchange; it is written within half a second."""
        with self._counting:
            skipped, self._skipped = self._skipped, 0
        self._waiting.append((exchange, skipped))

    def write(self) -> int:
        """Write what waits; what the database does not take is counted as skipped."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not batch:
            return 0
        try:
            with begin(self._engine) as tx:
                requests_store.add(tx, [self._row(*one) for one in batch])
        except (SQLAlchemyError, EngineUnreachable) as fault:
            self._skip(len(batch) + sum(skipped for _, skipped in batch))
            log.warning("requests_not_kept", requests=len(batch), error=type(fault).__name__)
            return 0
        return len(batch)

    def _skip(self, requests: int) -> None:
        with self._counting:
            self._skipped += requests

    def _row(self, exchange: Exchange, skipped: int) -> dict[str, Any]:
        said = kept(exchange, masks=self._masks)
        problem = problem_in(exchange.answer)
        return {
            "id": new_id(),
            "request_id": exchange.request_id,
            "at": self._clock.now(),
            "method": exchange.method,
            "path": exchange.path,
            "query": said.query,
            "headers": dict(exchange.headers),
            "body": said.body,
            "body_bytes": exchange.body_bytes,
            "is_whole": said.is_whole,
            "caller": exchange.caller,
            "replayed_by": exchange.replayed_by,
            "status": exchange.status,
            "took_ms": exchange.took_ms,
            "code": str(problem["code"]) if problem else None,
            "problem": problem,
            "skipped_before": skipped,
        }

    def _run(self) -> None:
        trimmed_at = float("-inf")
        while not self._stopped.wait(WRITE_SECONDS):
            self.write()
            if time.monotonic() - trimmed_at > TRIM_SECONDS:
                self._trim()
                trimmed_at = time.monotonic()
        self.write()

    def _trim(self) -> None:
        try:
            with begin(self._engine) as tx:
                requests_store.trim(tx)
        except (SQLAlchemyError, EngineUnreachable) as fault:
            log.warning("requests_not_trimmed", error=type(fault).__name__)
