"""Sessions of staff: an opaque id in a cookie, its hash in the database, ended by the server."""

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from starlette.responses import Response

from app.access import store
from orders_core.tx import Tx

IDLE = timedelta(hours=2)
LASTS = timedelta(hours=12)
TOKEN_BYTES = 32


def cookie_name(public_url: str) -> str:
    """Return the cookie's name; over https it is bound to the host."""
    return "__Host-ob_session" if public_url.startswith("https://") else "ob_session"


def start(tx: Tx, staff_id: UUID) -> str:
    """Start a session and return its id, which is new at every login."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    store.write_session(tx, _hash(token), staff_id, lasts=LASTS)
    return token


def whose(tx: Tx, token: str) -> store.StaffRow | None:
    """Return the member of staff a session belongs to, unless it ended or lay idle for 2 hours."""
    found = store.live_session(tx, _hash(token), idle=IDLE)
    if found is None:
        return None
    member, is_stale = found
    if is_stale:
        store.touch_session(tx, _hash(token))
    return member


def end(tx: Tx, token: str) -> None:
    """End one session."""
    store.end_session(tx, _hash(token))


def end_all(tx: Tx, email: str) -> int:
    """End every session of one member of staff, on a new password or role; return how many."""
    return store.end_sessions_of(tx, email)


def sweep(tx: Tx) -> int:
    """Forget sessions that ended or lay idle; return how many."""
    return store.drop_dead_sessions(tx, idle=IDLE)


def put_cookie(response: Response, token: str, *, public_url: str) -> None:
    """Give the browser its session id: out of reach of scripts and of other sites' requests."""
    response.set_cookie(
        cookie_name(public_url),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=public_url.startswith("https://"),
    )


def drop_cookie(response: Response, *, public_url: str) -> None:
    """Take the session id away from the browser."""
    response.delete_cookie(
        cookie_name(public_url),
        path="/",
        httponly=True,
        samesite="lax",
        secure=public_url.startswith("https://"),
    )


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
