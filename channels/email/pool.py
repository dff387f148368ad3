"""Connections to the mail server that are kept open between letters, for any number of threads."""

import threading
import time
import weakref

from channels.email.line import Line
from channels.email.server import MailServer

KEPT = 4
IDLE_SECONDS = 30  # well under the minutes a server waits: a line that went stale costs a letter
LETTERS_A_LINE = 200  # many servers hang up after some hundreds


class Pool:
    """Lends each open line to one thread at a time; the most recently used one goes first."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        self._is_closed = False
        # A pool that is simply forgotten hangs up too; the list is shared, so it is never replaced.
        weakref.finalize(self, _hang_up, self._idle)

    def take(self) -> tuple[Line, bool]:
        """Return a line and whether it was used before.

        Raises:
            TryLater: If a new line is needed and cannot be opened.
        """
        oldest_use = time.monotonic() - IDLE_SECONDS
        with self._lock:
            too_old = [line for line in self._idle if line.used_at < oldest_use]
            self._idle[:] = [line for line in self._idle if line.used_at >= oldest_use]
            line = self._idle.pop() if self._idle else None
        _hang_up(too_old)
        return (line, True) if line is not None else (self.fresh(), False)

    def fresh(self) -> Line:
        """Open a new line.

        Raises:
            TryLater: If the server cannot be reached.
        """
        return Line(self._server)

    def give_back(self, line: Line) -> None:
        """Keep the line for the next letter, unless it was lost, is worn out or one too many."""
        with self._lock:
            is_kept = (
                line.is_open
                and line.letters < LETTERS_A_LINE
                and len(self._idle) < KEPT
                and not self._is_closed
            )
            if is_kept:
                self._idle.append(line)
        if not is_kept:
            line.close()

    def close(self) -> None:
        """Hang up every idle line; lines that are out are hung up when they come back."""
        with self._lock:
            self._is_closed = True
            _hang_up(self._idle)


def _hang_up(lines: list[Line]) -> None:
    while lines:
        lines.pop().close()
