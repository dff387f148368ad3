"""The self-clocking batcher: one flusher thread a process, no timer, no mode.

A request that comes alone goes at once. While it is under way others gather, and the next flush
takes them together: batches grow with load and shrink with it. Whoever waits does so on a future of
the event loop; a flush completes all its futures with one call into the loop.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

MOST_AT_ONCE = 128
ROOM = 4096


class Full(Exception):
    """More is waiting than may wait: try again shortly."""


class Closed(Exception):
    """The process is stopping and takes nothing new."""


@dataclass(slots=True)
class Waiting(Generic[Request, Answer]):
    """A request and the future its caller awaits."""

    request: Request
    future: "asyncio.Future[Answer]"


class Batcher(Generic[Request, Answer]):
    """Gathers requests of one event loop and flushes them together in a thread."""

    def __init__(
        self,
        flush: Callable[[Sequence[Request]], Sequence[Answer]],
        *,
        loop: asyncio.AbstractEventLoop,
        most_at_once: int = MOST_AT_ONCE,
        room: int = ROOM,
    ) -> None:
        self._flush = flush
        self._loop = loop
        self._most_at_once = most_at_once
        self._room = room
        self._waiting: deque[Waiting[Request, Answer]] = deque()
        self._something = threading.Event()
        self._is_closing = False
        self._wake_is_planned = False
        self._thread = threading.Thread(target=self._run, name="order-batcher", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> "asyncio.Future[Answer]":
        """Hand a request over; call it on the event loop.

        A caller that stops waiting does not withdraw its request.

        Raises:
            Full: If as many requests wait as there is room for.
            Closed: If the process is stopping.
        """
        if self._is_closing:
            raise Closed
        if len(self._waiting) >= self._room:
            raise Full
        future: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting.append(Waiting(request, future))
        if not self._wake_is_planned:
            # The loop runs what is ready before this call: requests that came together go together.
            self._wake_is_planned = True
            self._loop.call_soon(self._wake)
        return future

    def close(self, *, timeout_seconds: float = 8) -> bool:
        """Flush what waits, then stop; True if nothing was left behind. Not for the loop: waits."""
        self._is_closing = True
        self._something.set()
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _wake(self) -> None:
        self._wake_is_planned = False
        self._something.set()

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            while self._waiting:
                count = min(len(self._waiting), self._most_at_once)
                self._flush_batch([self._waiting.popleft() for _ in range(count)])
            if self._is_closing and not self._waiting:
                return

    def _flush_batch(self, batch: Sequence[Waiting[Request, Answer]]) -> None:
        complete: Callable[[], None]
        try:
            complete = partial(_answer, batch, self._flush([w.request for w in batch]))
        except Exception as fault:  # noqa: BLE001 - each caller gets it, the thread lives on
            complete = partial(_fail, batch, fault)
        try:
            self._loop.call_soon_threadsafe(complete)
        except RuntimeError:  # the loop is gone: the orders stand, nobody is left to be told
            return


def _answer(batch: Sequence[Waiting[Request, Answer]], answers: Sequence[Answer]) -> None:
    for waiting, answer in zip(batch, answers, strict=True):
        if not waiting.future.done():
            waiting.future.set_result(answer)


def _fail(batch: Sequence[Waiting[Request, Answer]], fault: Exception) -> None:
    for waiting in batch:
        if not waiting.future.done():
            waiting.future.set_exception(fault)
