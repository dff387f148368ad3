"""Tells open inboxes that there is news: one Valkey subscriber a web process, hints only.

A hint carries a person's id and nothing else; the browser then asks for what is new. Hints may be
lost: a stream that hears nothing ticks now and then, so nothing is stale for long.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger("app.inbox")

CHANNEL = "orderbell:inbox"
LISTEN_SECONDS = 0.2
AGAIN_SECONDS = 1.0
TICK_SECONDS = 10.0  # without Valkey
REST_SECONDS = 25.0  # with it: often enough that no proxy cuts a silent stream
MOST_STREAMS = 2000


def publish(redis: Redis, person_id: UUID) -> None:
    """Hint that a person's inbox has news. Never fails: without the hint the page ticks."""
    with contextlib.suppress(RedisError, OSError):
        redis.publish(CHANNEL, person_id.hex)


@dataclass(eq=False)
class _Ear:
    loop: asyncio.AbstractEventLoop
    heard: asyncio.Event


class Live:
    """The process's one subscriber; a context manager that starts and stops its thread.

    `redis_url` None means there is no Valkey: every stream ticks.
    """

    def __init__(
        self,
        redis_url: str | None,
        *,
        tick_seconds: float = TICK_SECONDS,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._url = redis_url
        self._tick_seconds, self._rest_seconds = tick_seconds, rest_seconds
        self._ears: dict[str, set[_Ear]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.is_connected = False

    def __enter__(self) -> "Live":
        if self._url:
            self._thread = threading.Thread(target=self._run, name="inbox-live", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._wake(None)
        if self._thread:
            self._thread.join(timeout=AGAIN_SECONDS + LISTEN_SECONDS)

    @property
    def is_full(self) -> bool:
        """Whether this process holds as many streams as it can; then no more should be begun."""
        with self._lock:
            return sum(map(len, self._ears.values())) >= MOST_STREAMS

    async def hints(self, person_id: UUID) -> AsyncIterator[bool]:
        """Yield True when the person's inbox may have news, False when only time has passed.

        The first is True at once: whatever came while nobody listened is news too.
        """
        ear = _Ear(asyncio.get_running_loop(), asyncio.Event())
        self._listen(person_id.hex, ear)
        try:
            yield True
            while not self._stop.is_set():
                yield await self._next(ear)
        finally:
            self._leave(person_id.hex, ear)

    async def _next(self, ear: _Ear) -> bool:
        patience = self._rest_seconds if self.is_connected else self._tick_seconds
        try:
            await asyncio.wait_for(ear.heard.wait(), timeout=patience)
        except TimeoutError:
            return not self.is_connected
        ear.heard.clear()
        return True

    def _listen(self, whose: str, ear: _Ear) -> None:
        with self._lock:
            self._ears.setdefault(whose, set()).add(ear)

    def _leave(self, whose: str, ear: _Ear) -> None:
        with self._lock:
            ears = self._ears.get(whose, set())
            ears.discard(ear)
            if not ears:
                self._ears.pop(whose, None)

    def _wake(self, whose: str | None) -> None:
        """Wake the streams of one person; of everybody for None."""
        with self._lock:
            chosen = self._ears.values() if whose is None else [self._ears.get(whose, set())]
            ears = [ear for group in chosen for ear in group]
        for ear in ears:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                ear.loop.call_soon_threadsafe(ear.heard.set)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._subscribe()
            except (RedisError, OSError) as fault:
                if self.is_connected:
                    log.warning("live_lost", fault=type(fault).__name__)
                self.is_connected = False
                self._stop.wait(AGAIN_SECONDS)

    def _subscribe(self) -> None:
        # redis-py gives up a read after 5 s by default; silence is normal here.
        with (
            Redis.from_url(
                self._url or "",
                socket_timeout=None,
                socket_connect_timeout=2,
                decode_responses=True,
            ) as redis,
            redis.pubsub(ignore_subscribe_messages=True) as channel,
        ):
            channel.subscribe(CHANNEL)
            redis.ping()
            self.is_connected = True
            self._wake(None)  # what was said while we were away
            while not self._stop.is_set():
                message = channel.get_message(timeout=LISTEN_SECONDS)
                if message and message["type"] == "message":
                    self._wake(str(message["data"]))
