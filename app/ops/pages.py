"""The operator's page: are the books right, do the lanes move, who is alive, what is stuck?"""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import audit
from app.access import store as access_store
from app.access.guard import may, open_to_all
from app.access.keys import Caller
from app.access.roles import Permission
from app.db import heartbeat
from app.http.body import Line, PublicId
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render
from app.http.table import csv_answer
from app.hub import switch
from app.ops import (
    books_pages,
    docs_pages,
    lanes_store,
    look_pages,
    outbox_pages,
    requests_pages,
    try_pages,
)
from app.words.say import knows, say
from orders_core.errors import NotFound
from orders_core.ids import EventId, show
from orders_core.outbox import store as events
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)
router.include_router(look_pages.router)
router.include_router(outbox_pages.router)
router.include_router(docs_pages.router)
router.include_router(books_pages.router)
router.include_router(requests_pages.router)
router.include_router(try_pages.router)

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Actor = Annotated[Caller, may(Permission.OPS_ACT)]
Why = Annotated[str, Form(), Line(300, 3)]
AUDIT_LINES, MOST_AUDIT_LINES = 12, 5000
AUDIT_COLUMNS = ("at", "actor", "action", "target", "why")


@router.get("/")
def front(_: Annotated[None, open_to_all("it only leads on")]) -> RedirectResponse:
    """Lead to the first page there is."""
    return RedirectResponse("/ops", status_code=303)


@router.get("/ops")
def home(
    request: Request, tx: Transaction, now: Now, reader: Reader, done: str = ""
) -> HTMLResponse:
    """Show the whole house on one page."""
    key = f"done.{done}"
    return render(
        request,
        "ops/home.html",
        **_board(tx, now),
        said=say(locale_of(request), key) if knows(key) else "",
        parked=events.parked(tx),
        switch=switch.last(tx),
        audit=access_store.latest_audit(tx, at_most=AUDIT_LINES, without=["session.start"]),
        may_act=Permission.OPS_ACT in reader.scopes,
    )


@router.get("/ops/board")
def board(request: Request, tx: Transaction, now: Now, _: Reader) -> HTMLResponse:
    """Return the part of the page that moves."""
    return render(request, "ops/_board.html", **_board(tx, now))


def _board(tx: Tx, now: Any) -> dict[str, Any]:
    return {
        "lanes": lanes_store.lanes(tx, now=now),
        "processes": heartbeat.alive(tx),
        "open_events": {"pending": 0, "parked": 0, **events.counts(tx)},
    }


@router.get("/ops/audit.csv")
def audit_table(tx: Transaction, _: Reader) -> Response:
    """Return what staff did as a table: the newest 5,000 lines, logins included."""
    lines = access_store.latest_audit(tx, at_most=MOST_AUDIT_LINES)
    rows = ((one.at.isoformat(), one.actor, one.action, one.target, one.why) for one in lines)
    return csv_answer("audit", AUDIT_COLUMNS, rows)


@router.post("/ops/parked/{event_id}")
def decide_parked(
    tx: Transaction,
    actor: Actor,
    event_id: Annotated[UUID, PublicId("evt"), Path()],
    do: Annotated[Literal["retry", "discard"], Form()],
    why: Why,
) -> RedirectResponse:
    """Give a parked event another try, or close it unhandled."""
    act = events.retry if do == "retry" else events.discard
    if not act(tx, EventId(event_id), by=actor.name, why=why):
        raise NotFound("parked event", show("evt", event_id))
    audit.record(tx, actor.name, f"event.{do}", show("evt", event_id), why)
    return RedirectResponse(f"/ops?done={do}", status_code=303)


@router.post("/ops/marketing/stop")
def stop_marketing(tx: Transaction, now: Now, actor: Actor, why: Why) -> RedirectResponse:
    """Stop all marketing, now."""
    cancelled = switch.stop(tx, by=actor.name, why=why, now=now)
    audit.record(tx, actor.name, "marketing.stop", "all", why, {"cancelled": cancelled})
    return RedirectResponse("/ops?done=stop", status_code=303)


@router.post("/ops/marketing/resume")
def resume_marketing(tx: Transaction, now: Now, actor: Actor, why: Why) -> RedirectResponse:
    """Allow marketing again."""
    switch.resume(tx, by=actor.name, why=why, now=now)
    audit.record(tx, actor.name, "marketing.resume", "all", why)
    return RedirectResponse("/ops?done=resume", status_code=303)
