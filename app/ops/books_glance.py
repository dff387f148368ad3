"""The books at a glance: checked now and then, shown at once with the age of the check.

A check reads much, and a wall screen asks every few seconds. So one request checks again when the
last check is a minute old, or twenty times as old as it took; the others show what is known.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.ops import books
from orders_core.tx import Tx

FRESH_SECONDS = 60.0
REST = 20


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What the last check found."""

    promises: int
    broken: int
    age_seconds: float


class BooksGlance:
    """The last check of one web process."""

    def __init__(self, *, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._lock = threading.Lock()
        self._known: tuple[int, int] | None = None
        self._checked_at = self._took = 0.0

    def look(self, tx: Tx) -> Glance | None:
        """Return what is known, checked again if it is old; None while the first check runs."""
        if self._is_old() and self._lock.acquire(blocking=False):
            try:
                self._check(tx)
            finally:
                self._lock.release()
        if self._known is None:
            return None
        promises, broken = self._known
        age = self._tick() - self._checked_at
        return Glance(promises=promises, broken=broken, age_seconds=age)

    def _is_old(self) -> bool:
        rest = max(FRESH_SECONDS, REST * self._took)
        return self._known is None or self._tick() - self._checked_at > rest

    def _check(self, tx: Tx) -> None:
        began = self._tick()
        findings = books.check(tx)
        self._checked_at = self._tick()
        self._took = self._checked_at - began
        self._known = (len(findings), sum(not finding.holds for finding in findings))
