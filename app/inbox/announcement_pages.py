"""The marketer's page of announcements: what is said to whom, until when; a form; its preview."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import audit
from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import render
from app.inbox import announcement_store as store
from app.inbox.announcement import PREFIX, Audience
from app.inbox.announcement_form import PUBLISH, Meant, Typed, Writing, understood
from app.people.choices import Category
from app.words.say import LOCALES, say
from orders_core.ids import new_id, show
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

PATH = "/campaigns/announcements"
A_PAGE, REFUSED = 20, 422
DONE = ("made", "ended")

Reader = Annotated[Caller, may(Permission.CAMPAIGNS_READ)]
Writer = Annotated[Caller, may(Permission.NOTICES_WRITE)]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]
After = Annotated[UUID | None, PublicId(PREFIX), Query()]
Said = Annotated[Typed, Form()]


@dataclass(frozen=True)
class Desk:
    """What the page is made with."""

    request: Request
    tx: Tx
    now: datetime
    zone: str


def _desk(request: Request, tx: Transaction, house: TheHouse, now: Now) -> Desk:
    return Desk(request, tx, now, house.settings.shop_zone)


AtDesk = Annotated[Desk, Depends(_desk, scope="function")]


@router.get(PATH)
def announcements(desk: AtDesk, reader: Reader, after: After = None, done: str = "") -> Response:
    """List what was announced, newest first, above an empty form."""
    said = done if done in DONE else ""
    return _page(desk, reader, Typed(id=show(PREFIX, new_id())), after=after, done=said)


@router.post(PATH)
def announce(desk: AtDesk, writer: Writer, said: Said) -> Response:
    """Show how it looks, or make it; a form that comes twice makes it once."""
    meant = understood(said, Writing(writer.name, desk.now, desk.zone))
    if said.do != PUBLISH:
        return _page(desk, writer, said, meant=meant)
    if meant.faults:
        return _page(desk, writer, said, meant=meant, faults=dict(meant.faults))
    if store.add(desk.tx, meant.made):
        audit.record(desk.tx, writer.name, "announcement.make", show(PREFIX, meant.made.id), "")
    return RedirectResponse(f"{PATH}?done=made", status_code=303)


@router.post(f"{PATH}/preview")
def preview(desk: AtDesk, writer: Writer, said: Said) -> HTMLResponse:
    """Return how it looks to its readers, as far as it is written."""
    meant = understood(said, Writing(writer.name, desk.now, desk.zone))
    return render(desk.request, "inbox/_announced.html", seen=meant.made, got_it=_got_it())


@router.post(PATH + "/{announcement_id}/end")
def end(desk: AtDesk, writer: Writer, announcement_id: Ref) -> Response:
    """Withdraw it: from now on nobody sees it."""
    ended = store.end(desk.tx, announcement_id, now=desk.now)
    audit.record(desk.tx, writer.name, "announcement.end", show(PREFIX, ended.id), "")
    return RedirectResponse(f"{PATH}?done=ended", status_code=303)


def _page(
    desk: Desk,
    caller: Caller,
    typed: Typed,
    *,
    meant: Meant | None = None,
    faults: dict[str, str] | None = None,
    **more: Any,
) -> HTMLResponse:
    rows = store.page(desk.tx, after=more.pop("after", None), at_most=A_PAGE + 1)
    return render(
        desk.request,
        "inbox/announcements.html",
        status=REFUSED if faults else 200,
        rows=rows[:A_PAGE],
        older=show(PREFIX, rows[A_PAGE - 1].id) if len(rows) > A_PAGE else None,
        may_write=Permission.NOTICES_WRITE in caller.scopes,
        typed=typed,
        seen=meant.made if meant else None,
        got_it=_got_it(),
        faults=faults or {},
        audiences=list(Audience),
        categories=list(Category),
        states=list(OrderStatus),
        at_work=desk.now,
        **{"done": ""} | more,
    )


def _got_it() -> dict[str, str]:
    """Return what waves an announcement off, in each reader's language."""
    return {locale: say(locale, "inbox.dismiss") for locale in LOCALES}
