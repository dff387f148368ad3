"""The order page: one order as its shopper reads it, behind a signed link, scripts or not."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from app.access.guard import signed_link
from app.db.transaction import begin
from app.house import House
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import settings_of
from app.http.problems import Problem
from app.hub.opened_store import Opened, read_everywhere
from app.inbox.live import Live
from app.people.links import OPENED, OPENED_ON, Grant, Purpose, links_of
from app.story import own_pages
from app.story.calendar import MEDIA_TYPE, Entry, calendar
from app.story.look_pages import PRIVATE, Answered, Numbered, Talk, View, page_of, view_of
from app.story.own_pages import Owner
from app.story.proof import Result, Tried
from app.story.read import person_of
from app.words.say import say
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)
router.include_router(own_pages.router)

ASK_AGAIN_MILLISECONDS = 3000
AGAIN = {"Retry-After": "30"}


def _either(house: House, token: str) -> Grant:
    return links_of(house.settings).open_order(token)


Reader = Annotated[Grant, signed_link("order", _either)]


@router.get("/o/{token}")
def order_page(
    request: Request, tx: Transaction, now: Now, grant: Reader, sent: str = ""
) -> HTMLResponse:
    """Show the order: to its owner, or to whoever it was passed on to."""
    tried = Tried(Result.SENT) if sent == "code" and grant.purpose is Purpose.ORDER else None
    said = request.query_params
    talk = Talk(done=said.get("done", ""), then=said.get("then", ""))
    return page_of(request, view_of(request, tx, grant, now=now), talk=talk, tried=tried)


def show_page(  # noqa: PLR0913 - what the desk hands over, each a thing of its own
    request: Request,
    tx: Tx,
    grant: Grant,
    *,
    now: datetime,
    asked: str | None = None,
    answered: Answered | None = None,
    case: Numbered | None = None,
) -> HTMLResponse:
    """Return the order page with what was asked on it, and its answer or the case it became.

    Args:
        asked: The question; without an answer and a case it stands in the box again.
        answered: The answer, if the facts hold one.
        case: The case that a person will answer, if they do not.
    """
    return page_of(request, view_of(request, tx, grant, now=now), talk=Talk(asked, answered, case))


@router.post("/o/{token}/opened", status_code=204)
def opened(
    tx: Transaction,
    now: Now,
    grant: Reader,
    verdict: Annotated[UUID, PublicId("ver"), Form(alias=OPENED)],
    channel: Annotated[str, Form(alias=OPENED_ON, max_length=10)] = "",
) -> None:
    """Take news whose link led here as read in the inbox too; a browser says so, no scanner."""
    news = Opened(verdict, channel)
    read_everywhere(tx, news, person_id=None, order_id=grant.order_id, now=now)


@router.get("/o/{token}/live")
def live_parts(request: Request, tx: Transaction, now: Now, grant: Reader) -> HTMLResponse:
    """Return the parts that news may change, for a page that is open."""
    return page_of(request, view_of(request, tx, grant, now=now), page="story/live.html")


@router.get("/o/{token}/stream")
async def stream(request: Request, house: TheHouse, grant: Owner) -> EventSourceResponse:
    """Send a hint whenever the person was told something, for then the order may have moved."""
    live = cast(Live, request.app.state.live)
    if live.is_full:
        raise Problem(status=503, code="busy", detail="too many pages are open", headers=AGAIN)
    person_id = await run_in_threadpool(_person, house, grant.order_id)
    return EventSourceResponse(_hints(live, person_id), ping=60, headers=PRIVATE)


@router.get("/o/{token}/calendar.ics")
def calendar_file(request: Request, tx: Transaction, now: Now, grant: Reader) -> Response:
    """Return the expected days as a calendar file."""
    view = view_of(request, tx, grant, now=now)
    entries = _entries(request, view)
    if not entries:
        raise NotFound("expected day", "calendar.ics")
    name = f"order-{view.story.order.number}.ics"
    headers = PRIVATE | {"content-disposition": f'attachment; filename="{name}"'}
    language = "zh-CN" if view.locale == "zh" else "en"
    text = calendar(entries, now=now, language=language)
    return Response(text, media_type=MEDIA_TYPE, headers=headers)


def _entries(request: Request, view: View) -> list[Entry]:
    settings = settings_of(request)
    shop = settings.shop_name_zh if view.locale == "zh" else settings.shop_name_en
    order = view.story.order
    summary = say(view.locale, "story.calendar.summary", number=order.number, shop=shop)
    return [
        Entry(
            uid=f"{show('par', parcel.id)}@orderbell",
            day=parcel.day,
            summary=summary,
            description=say(
                view.locale,
                "story.calendar.parcel",
                carrier=parcel.carrier,
                number=parcel.number,
            ),
            url=f"{settings.public_url.rstrip('/')}/o/{request.path_params['token']}",
        )
        for parcel in view.story.parcels
        if parcel.day
    ]


def _person(house: House, order_id: OrderId) -> PersonId:
    with begin(house.engine) as tx:
        return person_of(tx, order_id)


async def _hints(live: Live, person_id: PersonId) -> AsyncIterator[ServerSentEvent]:
    async for is_news in live.hints(person_id):
        if is_news:
            yield ServerSentEvent(event="news", data="1", retry=ASK_AGAIN_MILLISECONDS)
        else:
            yield ServerSentEvent(comment="still here")
