"""What may come in at all: size, content type, the plain sanity of JSON.

A pure ASGI layer, so that no door can forget it. JSON bodies are held whole (1 MB at most), so a
second look for doubled keys, depth and foul text costs microseconds; files stream through, counted.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.faults import pointer, wrong_content_type
from app.http.problems import Fault, Problem, answer

MOST_BYTES = 1_000_000
DEEPEST = 64
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
API = "/v1/"
SIGNED = "/v1/carriers/"  # a carrier's push comes as the carrier writes it: some sign a form
FORM = "application/x-www-form-urlencoded"
FILES = frozenset({"text/csv", "application/x-ndjson", "image/svg+xml", "image/png"})
FOUL = re.compile("[\x00\ud800-\udfff]")
OUTSIDE_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class TooLarge(HTTPException):
    """The body is larger than its door takes."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"the body is over {most} bytes")


class CleanReading:
    """Refuses bodies that are too large, of a foreign content type, or not clean JSON.

    `larger` allows more bytes under some path prefixes, for files.
    """

    def __init__(self, app: ASGIApp, *, larger: Mapping[str, int] | None = None) -> None:
        self.app, self.larger = app, dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or answer what is wrong with its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            _check_address(scope)
            if scope["method"] in UNSAFE:
                receive = await self._checked(scope, receive)
        except Problem as refused:
            await answer(refused)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        headers = dict(scope["headers"])
        kind = _content_type(headers)
        most = self._most(scope["path"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > most:
            raise _too_large(most)
        if kind in FILES:
            return _counted(receive, most)
        body = await _whole(receive, most)
        if not body:
            return _replay(body, receive)
        if _is_json(kind):
            check_json(body)
        elif scope["path"].startswith(API) and not _is_signed_form(kind, scope["path"]):
            raise wrong_content_type()
        elif b"\x00" in body or b"%00" in body:
            raise _bad_text("")
        return _replay(body, receive)

    def _most(self, path: str) -> int:
        for prefix, most in self.larger.items():
            if path.startswith(prefix):
                return most
        return MOST_BYTES


def check_json(body: bytes) -> None:
    """Check that a body is JSON as we read it.

    Raises:
        Problem: 400 `bad_json`, `duplicate_key`, `json_too_deep`; 422 `bad_text`, `not_finite`,
            `not_integer`.
    """
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise Problem(status=400, code="json_too_deep", detail=f"nests deeper than {DEEPEST}")
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise _bad_text("") from None
    except json.JSONDecodeError as error:
        raise Problem(
            status=400,
            code="bad_json",
            detail=f"not JSON: line {error.lineno}, column {error.colno}",
        ) from None
    except ValueError:
        raise Problem(status=422, code="not_integer", detail="a number is too long") from None
    if b"\\u" in body:
        _check_text(value, ())


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        detail = (
            "a key is given twice" if FOUL.search(double) else f"{double[:60]!r} is given twice"
        )
        raise Problem(status=400, code="duplicate_key", detail=detail)
    return members


def _refuse_constant(name: str) -> float:
    raise Problem(status=422, code="not_finite", detail=f"{name} is not a number of JSON")


def _depth(body: bytes) -> int:
    """Count how deep arrays and objects nest, strings left out; stops counting past the limit."""
    depth = deepest = 0
    for found in OUTSIDE_STRINGS.finditer(body):
        mark = found.group()[:1]
        if mark in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif mark in b"]}":
            depth -= 1
    return deepest


def _check_text(value: object, at: tuple[object, ...]) -> None:
    if isinstance(value, str):
        if FOUL.search(value):
            raise _bad_text(pointer(at))
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_text(key, at)
            _check_text(member, (*at, key))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            _check_text(member, (*at, position))


def _bad_text(where: str) -> Problem:
    fault = Fault(code="bad_text", detail="holds characters that are not text", pointer=where)
    return Problem(
        status=422,
        code="bad_text",
        detail="the text holds NUL, a lone surrogate or bytes that are not UTF-8",
        errors=[fault],
    )


def _check_address(scope: Scope) -> None:
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        raise Problem(status=422, code="bad_text", detail="the address holds NUL")


def _content_type(headers: Mapping[bytes, bytes]) -> str:
    return headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()


def _is_signed_form(kind: str, path: str) -> bool:
    return kind == FORM and path.startswith(SIGNED)


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _too_large(most: int) -> Problem:
    return Problem(status=413, code="too_large", detail=f"the body is over {most} bytes")


async def _whole(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then whatever still comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _counted(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge(most)
        return message

    return counted
