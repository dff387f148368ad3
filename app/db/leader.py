"""One leader among the schedulers: an advisory lock on a session of its own.

The lock ends with the session, so a leader that dies is replaced within a second. It saves work; it
guards nothing: what must happen once is claimed in a row.
"""

import threading

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOCK = 7_302_117  # any number that nothing else of ours locks

log = structlog.get_logger()


class Leader:
    """A candidate that may lead. Thread-safe: one thread stands, another asks."""

    def __init__(self, engine: Engine, *, lock: int = LOCK) -> None:
        self._engine, self._lock = engine, lock
        self._guard = threading.Lock()
        self._session: Connection | None = None

    def leads(self) -> bool:
        """Say whether this process thinks it leads; asks nobody."""
        return self._session is not None

    def stand(self) -> bool:
        """Become the leader if there is none; return whether this process leads now."""
        with self._guard:
            if self._session is not None:
                return self._alive(self._session)
            try:
                self._session = self._try()
            except SQLAlchemyError:
                return False
            if self._session is not None:
                log.info("leading")
            return self._session is not None

    def still_leads(self) -> bool:
        """Ask the database whether the session that holds the lock still lives."""
        with self._guard:
            return self._session is not None and self._alive(self._session)

    def step_down(self) -> None:
        """Give the lock back."""
        with self._guard:
            if self._session is not None:
                self._session.invalidate()  # closes the session itself: the lock goes with it
                self._session = None

    def _try(self) -> Connection | None:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": self._lock}):
            return session
        session.close()
        return None

    def _alive(self, session: Connection) -> bool:
        try:
            session.scalar(text("SELECT 1"))
        except SQLAlchemyError:
            self._session = None
            log.warning("lost_the_lead")
            return False
        return True
