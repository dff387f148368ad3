"""No other site may act with a visitor's cookies.

Two walls: an unsafe request must come from our own origin, which browsers attest in
`Sec-Fetch-Site` and `Origin`; and a form must bring back the token its page was given. Exempt are
doors that no cookie opens: the API (keys only), providers' callbacks and one-click unsubscribe.
"""

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.problems import Problem, answer

FIELD, HEADER = "csrf", "x-csrf-token"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
COOKIELESS = ("/v1/", "/callbacks/", "/u/")


class SameOrigin:
    """Refuses unsafe requests that come from another origin than ours."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self.app = app
        self.origin = _origin(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or answer 403."""
        if scope["type"] == "http" and scope["method"] in UNSAFE and not self._is_ours(scope):
            refused = Problem(
                status=403,
                code="cross_origin",
                detail="this request comes from another site",
            )
            await answer(refused)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if scope["path"].startswith(COOKIELESS):
            return True
        headers = dict(scope["headers"])
        attested = headers.get(b"sec-fetch-site", b"").decode("latin-1")
        if attested:
            return attested in {"same-origin", "none"}
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        host = headers.get(b"host", b"").decode("latin-1").lower()
        return bool(origin) and (origin == self.origin or urlsplit(origin).netloc == host)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def token_for(secret: bytes, binding: str) -> str:
    """Make the form token of one visitor; `binding` is what only that visitor holds."""
    return hmac.new(secret, b"csrf:" + binding.encode(), sha256).hexdigest()


async def check_token(request: Request, secret: bytes, binding: str) -> None:
    """Check that an unsafe request brings the token its page was given; others pass.

    Raises:
        Problem: 403 `csrf` if it is missing or another visitor's.
    """
    if request.method not in UNSAFE:
        return
    given = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    if not hmac.compare_digest(given.encode(), token_for(secret, binding).encode()):
        raise Problem(
            status=403,
            code="csrf",
            detail="this page is too old; load it again and repeat",
        )
