"""The supervisor's plugs: a socket in its home over which the tour ends a process for a while.

A thread listens and hands each wish to the supervisor's own loop, which alone touches processes.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from app.tower.plug import LINE_BYTES, LONGEST_SECONDS, PULLED, Plug, address

ANSWER_SECONDS = 3.0
WAITING = 4

Unplug = Callable[[Plug, int], bool]


@dataclass
class Wish:
    """A plug that somebody wants pulled, and the answer once there is one."""

    plug: Plug
    seconds: int
    is_answered: threading.Event = field(default_factory=threading.Event)
    was_pulled: bool = False


class Plugs:
    """What was asked over the socket and not yet done."""

    def __init__(self) -> None:
        self._wishes: Queue[Wish] = Queue()

    def pull(self, unplug: Unplug) -> None:
        """Do what was asked for since the last time; call it in the loop that owns the children."""
        with contextlib.suppress(Empty):
            while True:
                wish = self._wishes.get_nowait()
                wish.was_pulled = unplug(wish.plug, wish.seconds)
                wish.is_answered.set()

    def answer(self, line: str) -> str:
        """Take one line off the socket, wait until it was done, and say so."""
        try:
            wish = read(line)
        except ValueError as fault:
            return f"refused {fault}"
        self._wishes.put(wish)
        if not wish.is_answered.wait(ANSWER_SECONDS):
            return "refused the supervisor is busy"
        return f"{PULLED} {wish.plug} {wish.seconds}" if wish.was_pulled else "refused not ours"


def read(line: str) -> Wish:
    """Read `worker-fast 10`.

    Raises:
        ValueError: If the name is none of the four, or the seconds are not 1 to 30.
    """
    name, _, seconds = line.strip().partition(" ")
    if name not in set(Plug):
        raise ValueError("no such plug")
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= LONGEST_SECONDS):
        raise ValueError(f"1 to {LONGEST_SECONDS} seconds")
    return Wish(Plug(name), int(seconds))


@contextmanager
def plugs(home: Path) -> Iterator[Plugs]:
    """Listen in the home while the block runs; its owner alone may connect."""
    opened = Plugs()
    place = address(home)
    Path(place).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        before = os.umask(0o177)
        try:
            listening.bind(place)
        finally:
            os.umask(before)
        listening.listen(WAITING)
        thread = threading.Thread(target=_listen, args=(listening, opened), daemon=True)
        thread.start()
        try:
            yield opened
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)  # wakes the thread
            thread.join(timeout=1)
            Path(place).unlink(missing_ok=True)


def _listen(listening: socket.socket, opened: Plugs) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with line, contextlib.suppress(OSError):
            line.settimeout(ANSWER_SECONDS)
            asked = line.recv(LINE_BYTES).decode(errors="replace")
            line.sendall(f"{opened.answer(asked)}\n".encode())


@dataclass
class Down:
    """Until when Valkey is to stay down; 0 while it is not."""

    until: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether it may come back."""
        return time.monotonic() >= self.until
