"""The headers every answer carries, and the last net under every request."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
SECURE_ONLY = {"strict-transport-security": "max-age=31536000"}


class Headers:
    """Adds the security headers to every answer, those to unforeseen errors included.

    A route may set its own value of any of them, as the page that shows a mail does.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_https: bool,
        on_failure: Callable[[Request, Exception], Response],
    ) -> None:
        self.app, self.on_failure = app, on_failure
        self.wanted = {**ALWAYS, **(SECURE_ONLY if is_https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def dressed(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self.wanted.items():
                    headers.setdefault(name, value)
                if "server" in headers:
                    del headers["server"]
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        except Exception as error:
            if has_begun:
                raise
            response = self.on_failure(Request(scope), error)
            await response(scope, receive, dressed)
