"""The id that one request carries through logs, answers and the audit trail."""

from contextvars import ContextVar
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from orders_core.ids import new_id

HEADER = "x-request-id"
MOST_CHARACTERS = 64

_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the id of the request being served, or an empty string outside one."""
    return _current.get()


class RequestId:
    """Gives each request an id: the caller's, where it is a plain one, else a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with its id set, and name the id in the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _given(scope) or _made(new_id())
        token = _current.set(name)
        in_log = bind_contextvars(request_id=name)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            reset_contextvars(**in_log)
            _current.reset(token)


def _made(value: UUID) -> str:
    return f"req_{value.hex}"


def _given(scope: Scope) -> str | None:
    for key, value in scope["headers"]:
        if key == HEADER.encode():
            text: str = value.decode("latin-1")
            plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
            return text if plain and len(text) <= MOST_CHARACTERS else None
    return None
