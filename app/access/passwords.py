"""Passwords: argon2id, so that guessing costs memory, and a gate, so that logging in cannot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
SHORTEST, LONGEST = 10, 1000
AT_ONCE = 2  # fifty logins at once need two times 19 MiB
IN_LINE = 10  # more would hold every thread of the web process

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_decoy = _hasher.hash("nobody has this password")


class TooManyLogins(Exception):
    """More people are logging in right now than the house checks at a time."""

    def __init__(self) -> None:
        super().__init__("too many people are logging in right now; try again in a moment")


class Gate:
    """Lets `at_once` through, keeps a short line behind them and turns the rest away."""

    def __init__(self, *, at_once: int, in_line: int) -> None:
        self._inside = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + in_line)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for a turn.

        Raises:
            TooManyLogins: If the line is full.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyLogins
        try:
            with self._inside:
                yield
        finally:
            self._places.release()


_gate = Gate(at_once=AT_ONCE, in_line=IN_LINE)


def hash_password(password: str) -> str:
    """Return what to store instead of the password.

    Raises:
        ValueError: If it has fewer than 10 or more than 1,000 characters.
        TooManyLogins: If the line is full.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _gate.passed():
        return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Say whether the password fits the hash; None, an unknown account, takes as long to refuse.

    Raises:
        TooManyLogins: If the line is full.
    """
    if len(password) > LONGEST:
        return False
    with _gate.passed():
        try:
            fits = _hasher.verify(password_hash or _decoy, password)
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None
