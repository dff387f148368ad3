"""Sees every request of the API pass by, and tells whoever keeps a log. It changes nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.reading import API

MOST_BODY_BYTES = 16_000
MOST_ANSWER_BYTES = 8_000
FIRST_REFUSAL, SERVER_FAULT = 400, 500
KEPT_HEADERS = frozenset({"content-type", "accept-language", "idempotency-key"})
SHOPPERS = "/v1/embed/"  # an open page asks there all day, and no developer wrote what it asks
EVENT_HEADER = "ce-"  # a CloudEvent in binary mode carries its attributes so
#: Where a replay of ours names, in the scope, whose request it repeats and who repeats it. No
#: server fills these in from the network.
AS_CALLER, BY_WHOM = "orderbell.as", "orderbell.by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and how it was answered. `answer` is the body of a refusal, else empty.

    `body` is its beginning, 16 kB at most; `body_bytes` says how long the whole was.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    body_bytes: int
    caller: str | None
    replayed_by: str | None
    status: int
    took_ms: float
    request_id: str
    answer: bytes


class Keeper(Protocol):
    """Keeps what the witness saw."""

    def would_keep(self, status: int) -> bool:
        """Say whether there is room for one more exchange that ended so."""

    def keep(self, exchange: Exchange) -> None:
        """Keep it; returns at once and never raises."""


class Witness:
    """Tells the keeper of each request under `/v1/`, once it was answered."""

    def __init__(self, app: ASGIApp, *, keeper: Keeper) -> None:
        self.app, self.keeper = app, keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, looking on."""
        if scope["type"] != "http" or not _is_told(scope["path"]):
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        sight = _Sight(receive, send)
        started = time.perf_counter()
        try:
            await self.app(scope, sight.receive, sight.send)
        finally:
            status = sight.status or SERVER_FAULT
            if self.keeper.would_keep(status):
                self.keeper.keep(_exchange(scope, sight, status, time.perf_counter() - started))


def _is_told(path: str) -> bool:
    return path.startswith(API) and not path.startswith(SHOPPERS)


class _Sight:
    """What comes in and goes out of one request, as far as it is worth keeping."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.body = b""
        self.body_bytes = 0
        self.status = 0
        self.request_id = ""
        self.answer = b""

    async def receive(self) -> Message:
        message = await self._receive()
        part = message.get("body", b"")
        if part:
            self.body += part[: MOST_BODY_BYTES - len(self.body)]
            self.body_bytes += len(part)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message["headers"]:
                if name == b"x-request-id":
                    self.request_id = value.decode("latin-1")
        elif self.status >= FIRST_REFUSAL:
            part = message.get("body", b"")
            self.answer += part[: MOST_ANSWER_BYTES - len(self.answer)]
        await self._send(message)


def _exchange(scope: Scope, sight: _Sight, status: int, seconds: float) -> Exchange:
    caller: Any = scope["state"].get("caller")
    return Exchange(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=_kept(scope),
        body=sight.body,
        body_bytes=sight.body_bytes,
        caller=caller.name if caller else None,
        replayed_by=scope.get(BY_WHOM),
        status=status,
        took_ms=round(seconds * 1000, 2),
        request_id=sight.request_id,
        answer=sight.answer,
    )


def _kept(scope: Scope) -> dict[str, str]:
    named = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return {
        name: value
        for name, value in named
        if name in KEPT_HEADERS or name.startswith(EVENT_HEADER)
    }
