"""Free what dead processes hold, long before their leases end.

A process is dead when its heart has been silent for eight seconds, twice in a row as this process
saw it: after an outage of the database everybody is silent for a moment. A process that only slept
is fenced by the token when it wakes.
"""

import time

import structlog
from sqlalchemy import Engine

from app.db.heartbeat import living
from app.db.transaction import begin
from app.messages import store as messages
from orders_core.outbox import store as outbox

SILENT_SECONDS = 6.0
SURE_AFTER_SECONDS = 3.0

log = structlog.get_logger()


class Rescue:
    """Watches who holds what, and frees what nobody will finish."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._suspected_since: dict[str, float] = {}

    def forget(self) -> None:
        """Suspect nobody any more: the database was away, and silence meant nothing."""
        self._suspected_since.clear()

    def look(self) -> int:
        """Look once; return how many events and messages were freed."""
        with begin(self._engine) as tx:
            holders = outbox.claimers(tx) | messages.claimers(tx)
            silent = holders - living(tx, silent_seconds=SILENT_SECONDS)
            dead = self._surely_dead(silent)
            if not dead:
                return 0
            freed = outbox.release(tx, dead) + messages.release(tx, dead)
        log.warning("rescued", dead=sorted(dead), freed=freed)
        return freed

    def _surely_dead(self, silent: set[str]) -> set[str]:
        now = time.monotonic()
        self._suspected_since = {name: self._suspected_since.get(name, now) for name in silent}
        return {
            name
            for name, since in self._suspected_since.items()
            if now - since >= SURE_AFTER_SECONDS
        }
