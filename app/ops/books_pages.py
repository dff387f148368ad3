"""The books on one page: what the last check found, how old it is, and a button to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.deps import Now, Transaction
from app.http.pages import render
from app.ops import books
from orders_core.books.promise import Invariant
from orders_core.books.run_store import Breach, Kept
from orders_core.ids import show

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Actor = Annotated[Caller, may(Permission.OPS_ACT)]

#: What an id is shown as at the API, where it is shown there at all.
PREFIXES = {"order": "ord", "event": "evt", "news": "evt", "message": "msg"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one promise stands, and the first of what breaks it as ids of the API."""

    promise: Invariant
    breach: Breach | None

    @property
    def first(self) -> Sequence[str]:
        """The first ids of what breaks it."""
        if self.breach is None:
            return ()
        prefix = PREFIXES.get(self.promise.about)
        return [show(prefix, UUID(key)) if prefix else key for key in self.breach.first]

    @property
    def has_pages(self) -> bool:
        """Whether each of the ids has a page of its own."""
        return self.promise.about == "order"


def standings(last: Kept | None) -> Sequence[Standing]:
    """Return every promise with what breaks it, the broken ones first."""
    broken = last.broken if last else {}
    found = [Standing(one, broken.get(one.name)) for one in books.promises()]
    return sorted(found, key=lambda standing: standing.breach is None)


@router.get("/ops/books")
def page(request: Request, tx: Transaction, reader: Reader) -> HTMLResponse:
    """Show how each promise stood when it was last checked."""
    last = books.latest(tx)
    return render(
        request,
        "ops/books.html",
        last=last,
        standings=standings(last),
        may_act=Permission.OPS_ACT in reader.scopes,
    )


@router.post("/ops/books")
def check(
    tx: Transaction, now: Now, _: Actor, do: Annotated[Literal["step", "whole"], Form()]
) -> RedirectResponse:
    """Check what changed since the last run, or everything."""
    run = books.run_whole if do == "whole" else books.run_step
    run(tx, now=now)
    return RedirectResponse("/ops/books", status_code=303)
