"""The one page that a campaign is written on: who, what, when, check. Works without scripts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.campaigns import change, form, reach, segment_store, store
from app.campaigns import view as views
from app.campaigns.campaign import PREFIX, Campaign, CampaignUnready, State
from app.campaigns.change import Act
from app.campaigns.form import Meant, Typed
from app.campaigns.plan import plan
from app.campaigns.segment import EVERYONE
from app.house import House
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import locale_of, render
from app.words.say import knows, say
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Writer = Annotated[Caller, may(Permission.CAMPAIGNS_WRITE)]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]
Said = Annotated[Typed, Form()]
REFUSED = 422


@dataclass(frozen=True)
class Desk:
    """What every page here is made with."""

    request: Request
    tx: Tx
    house: House
    now: datetime


def _desk(request: Request, tx: Transaction, house: TheHouse, now: Now) -> Desk:
    return Desk(request, tx, house, now)


AtDesk = Annotated[Desk, Depends(_desk, scope="function")]


@router.get("/campaigns/new")
def new(desk: AtDesk, _: Writer) -> HTMLResponse:
    """Show an empty campaign."""
    said = Typed()
    return _page(desk, form.read(said), said, faults={})


@router.post("/campaigns")
def write(desk: AtDesk, writer: Writer, said: Said) -> Response:
    """Write a new campaign down as a draft, and do what the button says."""
    meant = form.read(said)
    if meant.faults:
        return _page(desk, meant, said, faults=meant.faults)
    campaign_id = change.write(desk.tx, meant.draft, Act(writer.name, desk.now))
    return _go_on(desk, campaign_id, said, writer)


@router.post("/campaigns/preview")
def preview(desk: AtDesk, _: Writer, said: Said) -> HTMLResponse:
    """Return how it looks to its readers, as far as it is written."""
    return render(desk.request, "campaigns/_preview.html", **_seen(desk, form.read(said)))


@router.get("/campaigns/{campaign_id}/edit")
def edit(desk: AtDesk, _: Writer, campaign_id: Ref, done: str = "") -> Response:
    """Show a draft to go on with."""
    found = store.find(desk.tx, campaign_id)
    if found.state is not State.DRAFT:
        return RedirectResponse(f"/campaigns/{found.ref}", status_code=303)
    meant = Meant(found.draft, {})
    return _page(desk, meant, form.typed(found.draft), faults={}, found=found, done=done)


@router.post("/campaigns/{campaign_id}")
def rewrite(desk: AtDesk, writer: Writer, campaign_id: Ref, said: Said) -> Response:
    """Write a draft anew, and do what the button says."""
    meant = form.read(said)
    if meant.faults:
        found = store.find(desk.tx, campaign_id)
        return _page(desk, meant, said, faults=meant.faults, found=found)
    change.rewrite(desk.tx, campaign_id, meant.draft, Act(writer.name, desk.now))
    return _go_on(desk, campaign_id, said, writer)


@router.get("/campaigns/{campaign_id}/check")
def check(desk: AtDesk, _: Writer, campaign_id: Ref) -> HTMLResponse:
    """Return what is known before it goes: its reach, as far as it is counted."""
    found = store.find(desk.tx, campaign_id)
    return render(desk.request, "campaigns/_check.html", **_checked(desk, found))


def _go_on(desk: Desk, campaign_id: UUID, said: Typed, writer: Caller) -> Response:
    """Do what the button says with a draft that was written down."""
    ref, act = show(PREFIX, campaign_id), Act(writer.name, desk.now)
    match said.do:
        case "schedule":
            try:
                change.schedule(desk.tx, campaign_id, act, settings=desk.house.settings)
            except CampaignUnready as unready:
                return _unready(desk, campaign_id, said, unready)
            return RedirectResponse(f"/campaigns/{ref}", status_code=303)
        case "weigh":
            reach.ask(desk.tx, campaign_id, settings=desk.house.settings, now=desk.now)
            return RedirectResponse(f"/campaigns/{ref}/edit#check", status_code=303)
        case "discard":
            change.cancel(desk.tx, campaign_id, act)
            return RedirectResponse(f"/campaigns/{ref}?done=discarded", status_code=303)
    return RedirectResponse(f"/campaigns/{ref}/edit?done=saved", status_code=303)


def _unready(desk: Desk, campaign_id: UUID, said: Typed, unready: CampaignUnready) -> HTMLResponse:
    """Show what keeps a draft from being scheduled; it was written down all the same."""
    found = store.find(desk.tx, campaign_id)
    faults = dict.fromkeys(unready.faults, "")
    return _page(desk, Meant(found.draft, {}), said, faults=faults, found=found)


def _page(
    desk: Desk,
    meant: Meant,
    said: Typed,
    *,
    faults: Any,
    found: Campaign | None = None,
    done: str = "",
) -> HTMLResponse:
    key = f"campaigns.done.{done}"
    locale = locale_of(desk.request)
    return render(
        desk.request,
        "campaigns/edit.html",
        status=REFUSED if faults else 200,
        **_seen(desk, meant),
        **(_checked(desk, found) if found else {"campaign": None}),
        typed=said,
        faults=faults,
        zones=segment_store.zones(desk.tx, EVERYONE),
        countdown_seconds=desk.house.settings.campaign_countdown_seconds,
        said=say(locale, key) if knows(key) else "",
    )


def _seen(desk: Desk, meant: Meant) -> dict[str, Any]:
    """Return how a draft looks and how many it is for."""
    settings = desk.house.settings
    made = plan(desk.tx, meant.draft, shop_zone=settings.shop_zone, now=desk.now)
    return {
        "sights": views.sights(desk.tx, meant.draft, settings=settings, now=desk.now),
        "audience": made.asked,
    }


def _checked(desk: Desk, found: Campaign) -> dict[str, Any]:
    settings = desk.house.settings
    return {
        **views.check(desk.tx, found, settings=settings, now=desk.now),
        "drawing": views.load_chart(
            desk.tx,
            found,
            settings=settings,
            now=desk.now,
            locale=locale_of(desk.request),
        ),
    }
