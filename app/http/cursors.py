"""Keyset cursors: where the next page begins, opaque and signed."""

import base64
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from app.http.body import Whole
from app.http.problems import Problem

MOST = 200
MARK_BYTES = 16
Limit = Annotated[int, Whole(1, MOST), Query(description=f"How many to return; max {MOST}.")]
After = Annotated[
    str | None,
    Query(max_length=100, description="The `next` of the page before this one."),
]


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and where the next begins (None at the end)."""

    rows: Sequence[Any]
    next: str | None

    def shown(self, show: Callable[[Any], Any]) -> dict[str, Any]:
        """Return the page as the API shows it, each row through `show`."""
        return {
            "data": [show(row) for row in self.rows],
            "has_more": self.next is not None,
            "next": self.next,
        }


def write(secret: bytes, last: UUID, *, of: str) -> str:
    """Make the cursor that continues after `last` in the list named `of`."""
    sealed = last.bytes + _mark(secret, last.bytes, of)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def read(secret: bytes, cursor: str | None, *, of: str) -> UUID | None:
    """Return the id a cursor continues after; None for the first page.

    Raises:
        Problem: 400 `bad_cursor` if it was not made by us for this list.
    """
    if cursor is None:
        return None
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        sealed = b""
    last, mark = sealed[:MARK_BYTES], sealed[MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(secret, last, of)):
        raise Problem(status=400, code="bad_cursor", detail="`after` is no cursor of this list")
    return UUID(bytes=last)


def page(secret: bytes, rows: Sequence[Any], *, limit: int, of: str) -> Page:
    """Cut a page out of `limit + 1` rows that each have an `id`: the extra row says more follow."""
    if len(rows) <= limit:
        return Page(rows, None)
    kept = rows[:limit]
    return Page(kept, write(secret, kept[-1].id, of=of))


def _mark(secret: bytes, last: bytes, of: str) -> bytes:
    return hmac.new(secret, b"cursor:" + of.encode() + b":" + last, sha256).digest()[:MARK_BYTES]
