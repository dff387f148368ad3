"""Send a kept request again, inside the process, in the name of the key that sent it first."""

from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message

from app.access.keys import Caller
from app.http.witness import AS_CALLER, BY_WHOM

MOST_SHOWN_BYTES = 16_000
KEY = "idempotency-key"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How a replay was answered; `is_stored` where the first answer was given again."""

    status: int
    body: str
    request_id: str
    is_stored: bool


async def replay(
    app: ASGIApp, row: Any, *, caller: Caller, by: str, new_key: str | None = None
) -> Answered:
    """Send a kept request again as `caller`, under its own Idempotency-Key or a new one."""
    headers = dict(row.headers) | ({KEY: new_key} if new_key else {})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": row.method,
        "scheme": "http",
        "path": row.path,
        "raw_path": row.path.encode(),
        "root_path": "",
        "query_string": row.query.encode("latin-1", "replace"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
        AS_CALLER: caller,
        BY_WHOM: by,
    }
    heard = _Ear((row.body or "").encode())
    await app(scope, heard.receive, heard.send)
    return heard.answered()


class _Ear:
    """Gives the body once, and hears the answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._start: Message = {}
        self._answer = b""

    async def receive(self) -> Message:
        body, self._body = self._body, b""
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._answer += message.get("body", b"")[: MOST_SHOWN_BYTES - len(self._answer)]

    def answered(self) -> Answered:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in self._headers}
        return Answered(
            status=self._start.get("status", 500),
            body=self._answer.decode("utf-8", "replace"),
            request_id=headers.get("x-request-id", ""),
            is_stored=headers.get("idempotency-replayed") == "true",
        )

    @property
    def _headers(self) -> Any:
        return self._start.get("headers", ())
