"""Whoever sits at a demo's own machine needs no password there; nobody else comes in that way.

Three things are asked for. The request comes straight from loopback: one that a proxy passed on
says so in a header, and then it came from somewhere else. It names this machine: a name of somebody
else's that was made to lead to loopback (DNS rebinding) is none of ours. And forms bring back the
token that this browser was given.
"""

import secrets
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import Response

from app.access.guard import Guard
from app.http.csrf import check_token, token_for
from app.http.deps import house_of, secret_of
from app.http.problems import Problem
from app.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
COOKIE = "ob_here"  # ties a form without a login to the browser that was given it


class HereGuard(Guard):
    """Opens to whoever sits at a demo's own machine; checks the form token of unsafe requests."""

    def __init__(self) -> None:
        super().__init__("the demo's own machine")

    async def __call__(self, request: Request) -> None:
        """Let the request through.

        Raises:
            Problem: 403 `not_a_demo` or `csrf`.
        """
        house = house_of(request)
        if not sits_here(request, house.settings):
            raise Problem(
                status=403, code="not_a_demo", detail="only a demo opens without a password"
            )
        binding = request.cookies.get(COOKIE, "")
        await check_token(request, secret_of(house), f"here:{binding}")
        if binding:
            request.state.csrf = token_for(secret_of(house), f"here:{binding}")


def at_own_machine() -> object:
    """Return the dependency that lets in whoever sits at a demo's own machine."""
    return Depends(HereGuard())


def sits_here(request: Request, settings: Settings) -> bool:
    """Say whether a request comes from the machine that a demo runs on."""
    is_direct = not any(name in request.headers for name in PASSED_ON)
    is_near = request.client is not None and request.client.host in LOOPBACK
    ours = NAMES | {urlsplit(settings.public_url).hostname}
    return settings.mode == "demo" and is_direct and is_near and request.url.hostname in ours


def give_token(request: Request) -> str:
    """Put the form token of this browser where pages find it, and return what ties it there."""
    binding = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
    request.state.csrf = token_for(secret_of(house_of(request)), f"here:{binding}")
    return binding


def keep_token(response: Response, binding: str, settings: Settings) -> None:
    """Let the browser keep what ties its form tokens to it."""
    response.set_cookie(
        COOKIE,
        binding,
        httponly=True,
        samesite="strict",
        secure=settings.public_url.startswith("https://"),
    )
