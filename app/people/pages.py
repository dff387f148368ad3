"""A person's own choices, behind signed links: which messages, where, in what language; or none."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access.guard import signed_link
from app.house import House
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.people import calm_store, store
from app.people.calm_form import HoursForm
from app.people.calm_store import calm_of, keep_quiet
from app.people.choice_store import choices_of, choose, choose_rhythms, rhythms_of
from app.people.choices import Category, ChannelName, Rhythm
from app.people.hours import Window
from app.people.links import Grant, Purpose, links_of
from app.people.person import Profile
from app.people.unsubscribe import unsubscribe
from app.settings import Settings
from app.words.say import LOCALES
from orders_core.ids import PersonId

router = APIRouter(include_in_schema=False)

SOURCE = "preference_page"
ROWS = (Category.ORDERS, Category.DELIVERY, Category.SUPPORT, Category.OFFERS)


class Pause(StrEnum):
    """For how many days nothing rings, as the page offers it."""

    NONE = "0"
    DAY = "1"
    WEEK = "7"
    MONTH = "30"


def _whose(house: House, token: str) -> PersonId:
    return links_of(house.settings).person(token, Purpose.PREFERENCES)


def _unsubscribing(house: House, token: str) -> Grant:
    return links_of(house.settings).open(token, Purpose.UNSUBSCRIBE)


Owner = Annotated[PersonId, signed_link("preferences", _whose)]
Leaver = Annotated[Grant, signed_link("unsubscribe", _unsubscribing, needs_form_token=False)]


@router.get("/p/{token}")
def preferences(
    request: Request, tx: Transaction, house: TheHouse, owner: Owner, done: str = ""
) -> HTMLResponse:
    """Show which messages reach the person where, each as a box to tick; and what we keep."""
    person, grid = store.find(tx, owner), choices_of(tx, owner)
    settings = house.settings
    return render(
        request,
        "people/preferences.html",
        locale=chosen_locale(request) or person.locale,
        person=person,
        token=request.path_params["token"],
        inbox=links_of(settings).inbox(owner),
        grid=grid,
        has_offers=any(grid[Category.OFFERS, channel] for channel in ChannelName),
        categories=ROWS,
        columns=list(ChannelName),
        rhythms=rhythms_of(tx, owner),
        often=list(Rhythm),
        calm=calm_of(tx, owner),
        hours=_hours(tx, owner, settings),
        cap=settings.marketing_cap,
        saved=done == "saved",
    )


def _hours(tx: Transaction, owner: PersonId, settings: Settings) -> Window:
    """Return the hours that hold for a person: their own, else the shop's."""
    return calm_of(tx, owner).quiet or Window(settings.quiet_from, settings.quiet_until)


@router.post("/p/{token}")
def save(
    tx: Transaction,
    now: Now,
    owner: Owner,
    token: str,
    cell: Annotated[list[str] | None, Form()] = None,
    language: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Keep what the person chose: a box that is not ticked is off."""
    ticked = set(cell or ())
    before = choices_of(tx, owner)
    wanted = {(about, on): f"{about}.{on}" in ticked for about, on in before}
    changed = {one: is_on for one, is_on in wanted.items() if before[one] != is_on}
    choose(tx, owner, changed, source=SOURCE, now=now)
    person = store.find(tx, owner)
    if language in LOCALES and language != person.locale:
        profile = Profile(reference=person.reference or "", locale=language)
        store.change(tx, {owner: profile}, now=now)
    return RedirectResponse(f"/p/{token}?done=saved", status_code=303)


@router.post("/p/{token}/rhythm")
def set_rhythm(
    tx: Transaction,
    now: Now,
    owner: Owner,
    token: str,
    rhythm: Annotated[list[str] | None, Form()] = None,
) -> RedirectResponse:
    """Keep how often each channel rings for news that can wait."""
    choose_rhythms(tx, owner, _rhythms(rhythm or []), source=SOURCE, now=now)
    return RedirectResponse(f"/p/{token}?done=saved", status_code=303)


def _rhythms(said: list[str]) -> dict[ChannelName, Rhythm]:
    """Read `channel.rhythm`; what no page of ours offers, or offers as no choice, is left out."""
    offered = {f"{on}.{how}": (on, how) for on in ChannelName for how in Rhythm}
    return dict(offered[one] for one in said if one in offered)


@router.post("/p/{token}/pause")
def pause(tx: Transaction, now: Now, owner: Owner, token: str) -> RedirectResponse:
    """Switch every offer off, on every channel."""
    every = {(Category.OFFERS, channel): False for channel in ChannelName}
    choose(tx, owner, every, source=SOURCE, now=now)
    return RedirectResponse(f"/p/{token}?done=saved", status_code=303)


@router.post("/p/{token}/quiet")
def keep_hours(
    tx: Transaction,
    now: Now,
    owner: Owner,
    token: str,
    said: Annotated[HoursForm, Form()],
) -> RedirectResponse:
    """Keep the person's own quiet hours, or take the shop's again."""
    keep_quiet(tx, owner, said.window, source=SOURCE, now=now)
    return RedirectResponse(f"/p/{token}?done=saved", status_code=303)


@router.post("/p/{token}/calm")
def calm_down(
    tx: Transaction, now: Now, owner: Owner, token: str, days: Annotated[Pause, Form()]
) -> RedirectResponse:
    """Let nothing ring for some days; for none, let it ring again."""
    until = now + timedelta(days=int(days)) if days is not Pause.NONE else None
    calm_store.pause(tx, owner, until, source=SOURCE, now=now)
    return RedirectResponse(f"/p/{token}?done=saved", status_code=303)


@router.get("/u/{token}")
def confirm(request: Request, tx: Transaction, grant: Leaver) -> HTMLResponse:
    """Ask before anything changes: mail scanners open every link."""
    person = store.find(tx, grant.person_id)
    return render(
        request,
        "people/unsubscribe.html",
        locale=chosen_locale(request) or person.locale,
        category=grant.category or Category.OFFERS,
        token=request.path_params["token"],
        done=False,
    )


@router.post("/u/{token}")
def leave(request: Request, tx: Transaction, now: Now, grant: Leaver) -> HTMLResponse:
    """End a category by e-mail: from our page, or from a mail program by one click (RFC 8058)."""
    category = grant.category or Category.OFFERS
    unsubscribe(tx, grant.person_id, category, now=now)
    person = store.find(tx, grant.person_id)
    return render(
        request,
        "people/unsubscribe.html",
        locale=chosen_locale(request) or person.locale,
        category=category,
        token=request.path_params["token"],
        done=True,
    )
