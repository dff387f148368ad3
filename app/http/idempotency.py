"""`Idempotency-Key`: asking twice does once, and answers the same.

The key belongs to its caller and operation. The first answer is kept in the transaction that did
the work, refusals of fact (409) included; refusals of form (422) are raised, so never kept.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from app.http import database
from app.http.problems import CONTENT_TYPE, Problem
from orders_core.idempotency import store
from orders_core.tx import Tx

MOST_CHARACTERS = 255
FIRST_ERROR = 400
Work = Callable[[], tuple[int, Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Once:
    """One request's key, if it came with one, and the fingerprint of what it asks."""

    operation: str
    key: str | None
    fingerprint: bytes

    def run(self, tx: Tx, caller: str, work: Work) -> Response:
        """Do the work, or answer what was answered when this key came first.

        `work` returns the status and the JSON body; `caller` names whose key it is.

        Raises:
            Problem: 422 `idempotency_mismatch` if the key came with another request; 409
                `in_progress` if the first request still runs after a second.
        """
        if self.key is None:
            return _answer(*work())
        scope = f"{caller} {self.operation}"
        if before := self._claim(tx, scope, self.key):
            return self._again(before)
        status, body = work()
        store.keep(tx, scope, self.key, status=status, answer=body)
        return _answer(status, body)

    def _claim(self, tx: Tx, scope: str, key: str) -> store.Answered | None:
        try:
            return store.claim(tx, scope, key, self.fingerprint)
        except database.ERRORS as fault:
            if database.is_lock_timeout(fault):
                raise _in_progress() from None
            raise

    def _again(self, before: store.Answered) -> Response:
        if before.fingerprint != self.fingerprint:
            raise Problem(
                status=422,
                code="idempotency_mismatch",
                detail="this Idempotency-Key came with another request before",
            )
        if before.status is None:
            raise _in_progress()
        return _answer(before.status, before.answer, is_replay=True)


def read_key(text: str | None) -> str | None:
    """Return the key as given, or None where none was.

    Raises:
        Problem: 422 `bad_idempotency_key` if it is empty, over 255 characters or not plain ASCII.
    """
    if text is None:
        return None
    if 1 <= len(text) <= MOST_CHARACTERS and text.isascii() and text.isprintable():
        return text
    raise Problem(
        status=422,
        code="bad_idempotency_key",
        detail=f"an Idempotency-Key has 1 to {MOST_CHARACTERS} printable ASCII characters",
    )


async def _once(request: Request) -> Once:
    key = read_key(request.headers.get("idempotency-key"))
    body = await request.body() if key is not None else b""
    return Once(
        operation=f"{request.method} {request.url.path}",
        key=key,
        fingerprint=fingerprint(body),
    )


KeyedOnce = Annotated[Once, Depends(_once)]


def fingerprint(body: bytes) -> bytes:
    """Return what two bodies share if they say the same: order of keys and blanks do not count."""
    with suppress(orjson.JSONDecodeError):  # no JSON: the bytes themselves count
        body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    return sha256(body).digest()


def _in_progress() -> Problem:
    return Problem(
        status=409,
        code="in_progress",
        detail="the first request with this Idempotency-Key is still running",
        headers={"Retry-After": "1"},
    )


def _answer(status: int, body: Mapping[str, Any], *, is_replay: bool = False) -> Response:
    response = Response(
        orjson.dumps(body) if body is not None else b"",
        status_code=status,
        media_type=CONTENT_TYPE if status >= FIRST_ERROR else "application/json",
    )
    if is_replay:
        response.headers["idempotency-replayed"] = "true"
    return response
