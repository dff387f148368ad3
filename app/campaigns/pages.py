"""Campaigns as a marketer sees them: the list, and one from its countdown to its last person."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.campaigns import best_time, change, edit_pages, list_store, people_pages, preview, store
from app.campaigns import view as views
from app.campaigns.campaign import PREFIX
from app.campaigns.change import Act
from app.campaigns.edit_pages import AtDesk
from app.http.body import Line, PublicId
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render
from app.http.table import csv_answer
from app.words.say import knows, say
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)
router.include_router(edit_pages.router)
router.include_router(people_pages.router)

Reader = Annotated[Caller, may(Permission.CAMPAIGNS_READ)]
Writer = Annotated[Caller, may(Permission.CAMPAIGNS_WRITE)]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]
Why = Annotated[str, Form(), Line(300, 0)]
A_PAGE = 30
MOST_LINES = 5000
# A mail may carry styles of its own; it may run nothing, load nothing, send nothing.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; sandbox;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@router.get("/campaigns")
def page(
    request: Request,
    tx: Transaction,
    caller: Reader,
    before: Annotated[UUID | None, PublicId(PREFIX), Query()] = None,
) -> HTMLResponse:
    """List campaigns, newest first."""
    found = list_store.lines(tx, after=before, at_most=A_PAGE + 1)
    return render(
        request,
        "campaigns/list.html",
        lines=found[:A_PAGE],
        older=found[A_PAGE - 1].campaign.ref if len(found) > A_PAGE else None,
        may_write=Permission.CAMPAIGNS_WRITE in caller.scopes,
    )


@router.get("/campaigns.csv")
def table(request: Request, tx: Transaction, _: Reader) -> Response:
    """Return the list as a table."""
    locale = locale_of(request)
    names = ("campaign", "name", "state", "asked", "decided", "reached", "next_due", "changed_at")
    rows = [
        (
            line.campaign.ref,
            line.campaign.draft.name,
            say(locale, f"campaigns.state.{line.campaign.state}"),
            line.asked,
            line.decided,
            line.reached,
            line.next_due.isoformat() if line.next_due else "",
            line.campaign.changed_at.isoformat(),
        )
        for line in list_store.lines(tx, after=None, at_most=MOST_LINES)
    ]
    return csv_answer("campaigns", names, rows)


@router.get("/campaigns/{campaign_id}")
def one(desk: AtDesk, caller: Reader, campaign_id: Ref, done: str = "") -> HTMLResponse:
    """Show where a campaign stands, what it says, and what it does to the desk."""
    found, settings = store.find(desk.tx, campaign_id), desk.house.settings
    key, locale = f"campaigns.done.{done}", locale_of(desk.request)
    drawing = views.load_chart(desk.tx, found, settings=settings, now=desk.now, locale=locale)
    return render(
        desk.request,
        "campaigns/one.html",
        **views.board(desk.tx, found),
        sights=views.sights(desk.tx, found.draft, settings=settings, now=desk.now),
        drawing=drawing,
        times=best_time.measured(desk.tx, found, now=desk.now),
        may_write=Permission.CAMPAIGNS_WRITE in caller.scopes,
        said=say(locale, key) if knows(key) else "",
    )


@router.get("/campaigns/{campaign_id}/board")
def board(
    request: Request, tx: Transaction, _: Reader, campaign_id: Ref, seen: str = ""
) -> HTMLResponse:
    """Return the part that moves; a page that has seen another state is asked to load anew."""
    found = store.find(tx, campaign_id)
    answer = render(request, "campaigns/_board.html", **views.board(tx, found))
    if seen != found.state:
        answer.headers["hx-refresh"] = "true"
    return answer


@router.get("/campaigns/{campaign_id}/mail/{locale}")
def mail(desk: AtDesk, _: Reader, campaign_id: Ref, locale: Literal["zh", "en"]) -> HTMLResponse:
    """Return the mail as it leaves, for its frame, under a policy that lets nothing run."""
    draft = store.find(desk.tx, campaign_id).draft
    reader = views.reader(desk.tx, draft, locale, now=desk.now)
    seen = preview.see(draft.said_in(locale), locale, reader=reader, settings=desk.house.settings)
    return HTMLResponse(
        seen.mail.html or "",
        headers={
            "content-security-policy": MAIL_CSP,
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
        },
    )


@router.post("/campaigns/{campaign_id}/abort")
def abort(
    tx: Transaction, now: Now, writer: Writer, campaign_id: Ref, why: Why = ""
) -> RedirectResponse:
    """Make it a draft again; nobody was told."""
    change.abort(tx, campaign_id, Act(writer.name, now, why))
    return _back(tx, campaign_id, "aborted")


@router.post("/campaigns/{campaign_id}/pause")
def pause(
    tx: Transaction, now: Now, writer: Writer, campaign_id: Ref, why: Why = ""
) -> RedirectResponse:
    """Decide about nobody further."""
    change.pause(tx, campaign_id, Act(writer.name, now, why))
    return _back(tx, campaign_id, "paused")


@router.post("/campaigns/{campaign_id}/resume")
def resume(
    tx: Transaction, now: Now, writer: Writer, campaign_id: Ref, why: Why = ""
) -> RedirectResponse:
    """Go on where it stopped."""
    change.resume(tx, campaign_id, Act(writer.name, now, why))
    return _back(tx, campaign_id, "resumed")


@router.post("/campaigns/{campaign_id}/cancel")
def cancel(
    tx: Transaction, now: Now, writer: Writer, campaign_id: Ref, why: Why = ""
) -> RedirectResponse:
    """End it, and withdraw what is queued."""
    change.cancel(tx, campaign_id, Act(writer.name, now, why))
    return _back(tx, campaign_id, "cancelled")


def _back(tx: Tx, campaign_id: UUID, done: str) -> RedirectResponse:
    ref = store.find(tx, campaign_id).ref
    return RedirectResponse(f"/campaigns/{ref}?done={done}", status_code=303)
