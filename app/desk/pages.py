"""The desk: what waits for a person, in the order it is to be answered in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.desk import (
    ask_pages,
    board,
    case_pages,
    inbox_reply_pages,
    list_store,
    own_pages,
    reading_pages,
    wish_pages,
)
from app.desk.board import Line
from app.desk.sla import standing
from app.desk.view import View, view_of
from app.http.body import PublicId
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render
from app.http.table import csv_answer
from app.words.say import knows, say
from orders_core.ids import show

router = APIRouter(include_in_schema=False)
router.include_router(case_pages.router)
router.include_router(ask_pages.router)
router.include_router(own_pages.router)
router.include_router(reading_pages.router)
router.include_router(wish_pages.router)
router.include_router(inbox_reply_pages.router)

Reader = Annotated[Caller, may(Permission.CASES_READ)]
MOST_ROWS = 5000
COLUMNS = (
    *("number", "id", "state", "priority", "because", "signals", "language", "order", "person"),
    *("question", "opened_at", "asked_at", "first_response_due_at", "first_responded_at"),
    *("resolved_at", "assigned_to", "overdue_seconds"),
)


def looked_at(request: Request) -> View:
    """Return which cases the address asks for."""
    return view_of(request.query_params)


Look = Annotated[View, Depends(looked_at)]


@router.get("/desk")
def home(
    request: Request, tx: Transaction, now: Now, reader: Reader, view: Look, done: str = ""
) -> HTMLResponse:
    """Show who waits for an answer, the most urgent first."""
    key = f"desk.done.{done}"
    return render(
        request,
        "desk/list.html",
        said=say(locale_of(request), key) if knows(key) else "",
        last=board.last(tx, request.query_params.get("last", "")),
        **board.queue_facts(tx, view, reader, now=now),
    )


@router.get("/desk/queue")
def queue(
    request: Request,
    tx: Transaction,
    now: Now,
    reader: Reader,
    view: Look,
    current: Annotated[UUID | None, PublicId("cas"), Query()] = None,
) -> HTMLResponse:
    """Return the list alone, for a page that looks again; `current` is open beside it."""
    facts = board.queue_facts(tx, view, reader, now=now, current=current)
    return render(request, "desk/_queue.html", **facts)


@router.get("/desk/cases.csv")
def export(tx: Transaction, now: Now, reader: Reader, view: Look) -> Response:
    """Hand out the list as a table for other programs, 5,000 cases at most."""
    rows = list_store.queue(tx, view.wanted(me=reader.name), at_most=MOST_ROWS)
    return csv_answer(
        "cases", COLUMNS, (_cells(line, now) for line in board.lines(tx, rows, now=now))
    )


def _cells(line: Line, now: datetime) -> list[str]:
    case = line.case
    clock = standing(case, now=now)
    values = {
        **{name: getattr(case, name, None) for name in COLUMNS},
        "id": case.ref,
        "because": case.reason,
        "signals": " ".join(case.signals),
        "order": line.order_number,
        "person": line.name or (show("per", case.person_id) if case.person_id else ""),
        "overdue_seconds": round(clock.seconds) if clock.pace == "overdue" else None,
    }
    return [_shown(values[name]) for name in COLUMNS]


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")
