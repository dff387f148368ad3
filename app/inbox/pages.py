"""A person's own inbox, behind a signed link: what came, live, and what to do with it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.access.guard import signed_link
from app.house import House
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.http.problems import Problem
from app.inbox import store
from app.inbox.live import Live
from app.inbox.store import Mark
from app.people import store as people
from app.people.links import Purpose, links_of
from orders_core.ids import PersonId
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

A_PAGE = 30
ASK_AGAIN_MILLISECONDS = 3000
AGAIN = {"Retry-After": "30"}


def _whose(house: House, token: str) -> PersonId:
    return links_of(house.settings).person(token, Purpose.INBOX)


Owner = Annotated[PersonId, signed_link("inbox", _whose)]
ItemRef = Annotated[UUID, PublicId("msg"), Path()]
Folder = Literal["inbox", "away"]
After = Annotated[UUID | None, PublicId("msg"), Query()]


@router.get("/i/{token}")
def inbox(
    request: Request,
    tx: Transaction,
    house: TheHouse,
    owner: Owner,
    after: After = None,
    folder: Folder = "inbox",
) -> HTMLResponse:
    """Show the inbox, or what was put away."""
    return render(
        request,
        "inbox/page.html",
        preferences=links_of(house.settings).preferences(owner),
        **_facts(request, tx, owner, folder=folder, after=after),
    )


@router.get("/i/{token}/items")
def items(
    request: Request, tx: Transaction, owner: Owner, folder: Folder = "inbox"
) -> HTMLResponse:
    """Return the list alone, for a page that heard of news."""
    return render(request, "inbox/_items.html", **_facts(request, tx, owner, folder=folder))


@router.get("/i/{token}/stream")
async def stream(request: Request, owner: Owner) -> EventSourceResponse:
    """Send a hint whenever the inbox may have news."""
    live = cast(Live, request.app.state.live)
    if live.is_full:
        raise Problem(status=503, code="busy", detail="too many inboxes are open", headers=AGAIN)
    return EventSourceResponse(_hints(live, owner), ping=60, headers={"cache-control": "no-store"})


async def _hints(live: Live, owner: PersonId) -> AsyncIterator[ServerSentEvent]:
    async for is_news in live.hints(owner):
        if is_news:
            yield ServerSentEvent(event="news", data="1", retry=ASK_AGAIN_MILLISECONDS)
        else:
            yield ServerSentEvent(comment="still here")


@router.post("/i/{token}/items/{item_id}/read")
def read(request: Request, tx: Transaction, now: Now, owner: Owner, item_id: ItemRef) -> Response:
    """Mark one item read."""
    store.mark(tx, owner, [item_id], Mark.READ, now=now)
    return _after(request, tx, owner)


@router.post("/i/{token}/items/{item_id}/archive")
def archive(
    request: Request, tx: Transaction, now: Now, owner: Owner, item_id: ItemRef
) -> Response:
    """Put one item away."""
    store.mark(tx, owner, [item_id], Mark.ARCHIVED, now=now)
    return _after(request, tx, owner)


@router.post("/i/{token}/read-all")
def read_all(request: Request, tx: Transaction, now: Now, owner: Owner) -> Response:
    """Mark everything on the first page read."""
    shown = [item.id for item in store.page(tx, owner, at_most=A_PAGE)]
    store.mark(tx, owner, shown, Mark.READ, now=now)
    return _after(request, tx, owner)


def _after(request: Request, tx: Tx, owner: PersonId) -> Response:
    """Answer an action: the new list to a script, the page again to a plain form."""
    if request.headers.get("hx-request"):
        return render(request, "inbox/_items.html", **_facts(request, tx, owner))
    return RedirectResponse(f"/i/{request.path_params['token']}", status_code=303)


def _facts(
    request: Request,
    tx: Tx,
    owner: PersonId,
    *,
    folder: Folder = "inbox",
    after: UUID | None = None,
) -> dict[str, Any]:
    person = people.find(tx, owner)
    rows = store.page(tx, owner, after=after, at_most=A_PAGE + 1, archived=folder == "away")
    return {
        "locale": chosen_locale(request) or person.locale,
        "token": request.path_params["token"],
        "items": rows[:A_PAGE],
        "older": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        "unread": store.unread_count(tx, owner),
        "folder": folder,
        "zone": person.zone,
        "name": person.name,
    }
