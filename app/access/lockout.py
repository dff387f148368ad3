"""Slows guessing down: each failure doubles the wait of its account, its address and the pair.

Nothing is locked for good, and what strangers do to an account from elsewhere delays its owner by
half a minute at most. Held in the process: a guesser gets as many times the tries as there are web
processes, which the doubling leaves hopeless all the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

FIRST_WAIT_SECONDS = 2.0
FORGOTTEN_AFTER_SECONDS = 3600.0
MOST_ENTRIES = 20_000
MOST_DOUBLINGS = 20


@dataclass(frozen=True)
class Counted:
    """Something failures are counted against: how many are free, and the longest wait after."""

    key: str
    free_tries: int
    longest_wait_seconds: float


def counted(account: str, address: str) -> Sequence[Counted]:
    """Return what one login is counted against."""
    return (
        Counted(f"pair {address} {account}", 5, 900.0),
        Counted(f"address {address}", 20, 900.0),
        Counted(f"account {account}", 50, 30.0),
    )


@dataclass
class _Misses:
    count: int
    last_at: float


class Lockout:
    """Counts failed logins; `at` is the machine's monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._misses: OrderedDict[str, _Misses] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, login: Sequence[Counted], *, at: float) -> float:
        """Return how long this login must still wait; 0 if it may be tried now."""
        with self._lock:
            return max((self._wait(one, at) for one in login), default=0.0)

    def missed(self, login: Sequence[Counted], *, at: float) -> None:
        """Count a failure."""
        with self._lock:
            for one in login:
                entry = self._misses.pop(one.key, None)
                if entry is None or at - entry.last_at > FORGOTTEN_AFTER_SECONDS:
                    entry = _Misses(0, at)
                self._misses[one.key] = _Misses(entry.count + 1, at)
            while len(self._misses) > MOST_ENTRIES:
                self._misses.popitem(last=False)

    def succeeded(self, login: Sequence[Counted]) -> None:
        """Forget the failures of who got in."""
        with self._lock:
            for one in login:
                self._misses.pop(one.key, None)

    def _wait(self, one: Counted, at: float) -> float:
        entry = self._misses.get(one.key)
        if entry is None or entry.count < one.free_tries:
            return 0.0
        doublings = min(entry.count - one.free_tries, MOST_DOUBLINGS)
        wait = min(FIRST_WAIT_SECONDS * float(2**doublings), one.longest_wait_seconds)
        return max(0.0, entry.last_at + wait - at)
