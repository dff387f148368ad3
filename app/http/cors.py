"""Which pages of other sites may call the doors that are made for them, and no other doors.

Those doors know no cookie: what they answer depends on the token in a header alone, which is why
no answer ever allows credentials. A page whose origin is not on the list is refused outright.
"""

from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problems import Problem, answer

EMBEDDED = "/v1/embed/"
KEPT_SECONDS = 600  # how long a browser remembers what it may ask
MAY_ASK = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": str(KEPT_SECONDS),
}
MAY_READ = "retry-after, x-request-id"
ORIGIN = "Origin"


class Embedding:
    """Lets pages of the `origins` read what the doors under `/v1/embed/` answer.

    A request that names no origin comes from no page of another site and passes.
    """

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self.app, self.origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, answer a preflight, or refuse a page of nobody's."""
        if scope["type"] != "http" or not scope["path"].startswith(EMBEDDED):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and not self._may_ask(origin, headers.get("host", "")):
            await answer(_foreign())(scope, receive, send)
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                _open(MutableHeaders(scope=message), origin)
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            asked = Response(status_code=HTTPStatus.NO_CONTENT, headers=MAY_ASK)
            await asked(scope, receive, opened)
            return
        await self.app(scope, receive, opened)

    def _may_ask(self, origin: str, host: str) -> bool:
        """Say whether a page of this origin may: one of those listed, or one of the host asked."""
        return origin in self.origins or origin.partition("://")[2] == host.lower() != ""


def to_any_site(response: Response) -> Response:
    """Let every site load an answer that is the same for everybody, such as a script."""
    response.headers["access-control-allow-origin"] = "*"
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response


def _open(headers: MutableHeaders, origin: str | None) -> None:
    headers.add_vary_header(ORIGIN)
    headers.setdefault("cache-control", "no-store")
    if origin is not None:
        headers["access-control-allow-origin"] = origin
        headers["access-control-expose-headers"] = MAY_READ


def _foreign() -> Problem:
    return Problem(
        status=403,
        code="foreign_origin",
        detail="pages of this origin show no inbox; list it in ORDERBELL_EMBED_ORIGINS",
        headers={"Vary": ORIGIN},
    )
