"""A person's own inbox, behind a signed link: what came, live, and what to do with it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.access.guard import signed_link
from app.house import House
from app.http.body import Prose, PublicId
from app.http.deps import Now, Transaction, house_of
from app.http.pages import chosen_locale, render
from app.http.problems import Problem
from app.inbox import announcement_store, shelf_store, store
from app.inbox.announcement import PREFIX
from app.inbox.bundle import Bundle
from app.inbox.item import Folder, Item, Mark
from app.inbox.later import tomorrow_at_nine
from app.inbox.live import Live
from app.people import store as people
from app.people.links import OPENED, OPENED_ON, Links, Purpose, links_of
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

A_PAGE = 20  # bundles
ASK_AGAIN_MILLISECONDS = 3000
AGAIN = {"Retry-After": "30"}


def _whose(house: House, token: str) -> PersonId:
    return links_of(house.settings).person(token, Purpose.INBOX)


Owner = Annotated[PersonId, signed_link("inbox", _whose)]
ItemRef = Annotated[UUID, PublicId("msg"), Path()]
AnnouncementRef = Annotated[UUID, PublicId(PREFIX), Path()]
UpTo = Annotated[UUID, PublicId("msg"), Form()]
After = Annotated[UUID | None, PublicId("msg"), Query()]
Wanted = Annotated[Folder, Query(alias="folder")]
Here = Annotated[Folder, Form(alias="folder")]
Asked = Annotated[str, Prose(200, 0), Query()]


@router.get("/i/{token}")
def inbox(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    *,
    after: After = None,
    folder: Wanted = Folder.INBOX,
) -> HTMLResponse:
    """Show the inbox, what the shop tells everyone, or what was put away."""
    facts = _facts(request, tx, owner, now=now, folder=folder, after=after)
    _see(tx, owner, facts["bundles"], now=now)
    facts["preferences"] = links_of(house_of(request).settings).preferences(owner)
    facts["announced"] = announcement_store.shown_to(tx, people.find(tx, owner), now=now)
    return render(request, "inbox/page.html", **facts)


@router.post("/i/{token}/announcements/{announcement_id}/dismiss")
def dismiss(
    request: Request, tx: Transaction, now: Now, owner: Owner, announcement_id: AnnouncementRef
) -> Response:
    """Show an announcement no more."""
    announcement_store.dismiss(tx, people.find(tx, owner), announcement_id, now=now)
    return RedirectResponse(f"/i/{request.path_params['token']}", status_code=303)


@router.get("/i/{token}/items")
def items(
    request: Request, tx: Transaction, now: Now, owner: Owner, folder: Wanted = Folder.INBOX
) -> HTMLResponse:
    """Return the list alone, for a page that heard of news."""
    facts = _facts(request, tx, owner, now=now, folder=folder)
    _see(tx, owner, facts["bundles"], now=now)
    return render(request, "inbox/_items.html", **facts)


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
def read(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    item_id: ItemRef,
    *,
    folder: Here = Folder.INBOX,
) -> Response:
    """Mark a line read, with the earlier lines of its bundle."""
    store.mark_bundle(tx, owner, item_id, Mark.READ, now=now)
    return _after(request, tx, owner, folder, now=now)


@router.post("/i/{token}/items/{item_id}/archive")
def archive(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    item_id: ItemRef,
    *,
    folder: Here = Folder.INBOX,
) -> Response:
    """Put a line away, with the earlier lines of its bundle."""
    store.mark_bundle(tx, owner, item_id, Mark.ARCHIVED, now=now)
    return _after(request, tx, owner, folder, now=now)


@router.post("/i/{token}/items/{item_id}/back")
def take_back(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    item_id: ItemRef,
    *,
    folder: Here = Folder.AWAY,
) -> Response:
    """Bring back what was put away or put off."""
    store.take_back(tx, owner, item_id)
    return _after(request, tx, owner, folder, now=now)


@router.post("/i/{token}/items/{item_id}/later")
def later(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    item_id: ItemRef,
    *,
    folder: Here = Folder.INBOX,
) -> Response:
    """Put a bundle off until tomorrow morning at nine, on its person's own clock."""
    store.snooze(tx, owner, item_id, until=tomorrow_at_nine(now, people.find(tx, owner).zone))
    return _after(request, tx, owner, folder, now=now)


@router.get("/i/{token}/search")
def search(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    *,
    q: Asked = "",
    after: After = None,
) -> HTMLResponse:
    """Show what holds every word of a text, wherever it lies."""
    found = shelf_store.search(tx, owner, q, after=after, at_most=A_PAGE + 1)
    facts = _around(request, tx, owner, now=now)
    facts["bundles"] = [Bundle((item,)) for item in found[:A_PAGE]]
    facts["older"] = found[A_PAGE - 1].id if len(found) > A_PAGE else None
    return render(request, "inbox/search.html", asked=q, **facts)


@router.post("/i/{token}/read-all")
def read_all(
    request: Request,
    tx: Transaction,
    now: Now,
    owner: Owner,
    up_to: UpTo,
    *,
    folder: Here = Folder.INBOX,
) -> Response:
    """Mark everything of a folder read that the page showed or that is older."""
    store.mark_all(tx, owner, folder, up_to=up_to, as_=Mark.READ, now=now)
    return _after(request, tx, owner, folder, now=now)


def _after(request: Request, tx: Tx, owner: PersonId, folder: Folder, *, now: datetime) -> Response:
    """Answer an action: the new list to a script, the page again to a plain form."""
    if request.headers.get("hx-request"):
        facts = _facts(request, tx, owner, now=now, folder=folder)
        return render(request, "inbox/_items.html", **facts)
    asked = "" if folder is Folder.INBOX else f"?folder={folder}"
    return RedirectResponse(f"/i/{request.path_params['token']}{asked}", status_code=303)


def _facts(
    request: Request,
    tx: Tx,
    owner: PersonId,
    *,
    now: datetime,
    folder: Folder,
    after: UUID | None = None,
) -> dict[str, Any]:
    ahead = [] if after else shelf_store.lifted(tx, owner, folder, now=now)
    found = shelf_store.bundles(tx, owner, folder, now=now, after=after, at_most=A_PAGE + 1)
    return _around(request, tx, owner, now=now) | {
        "bundles": [*ahead, *found[:A_PAGE]],
        "older": found[A_PAGE - 1].newest.id if len(found) > A_PAGE else None,
        "folder": folder,
    }


def _around(request: Request, tx: Tx, owner: PersonId, *, now: datetime) -> dict[str, Any]:
    """Return what stands around a list."""
    person = people.find(tx, owner)
    return {
        "locale": chosen_locale(request) or person.locale,
        "token": request.path_params["token"],
        "unread": shelf_store.unread(tx, owner, now=now),
        "zone": person.zone,
        "name": person.name,
        "now": now,
        "opened": request.query_params.get(OPENED),
        "opened_on": request.query_params.get(OPENED_ON, ""),
        "order_url": partial(_order_url, links_of(house_of(request).settings)),
    }


def _order_url(links: Links, line: Item) -> str | None:
    """Return the page of the order a line is about; who is given it may only look."""
    if line.order_id is None:
        return None
    order_id = OrderId(line.order_id)
    return links.shared_order(order_id) if line.is_gift else links.order(order_id)


def _see(tx: Tx, owner: PersonId, shown: Sequence[Bundle], *, now: datetime) -> None:
    """Note what was on a screen now; the page still shows it as fresh."""
    fresh = [line.id for bundle in shown for line in bundle.lines if line.seen_at is None]
    store.mark(tx, owner, fresh, Mark.SEEN, now=now)
