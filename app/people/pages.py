"""A person's own choices, behind signed links: which messages, where, in what language; or none."""

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access.guard import signed_link
from app.house import House
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.people import address_store, calm_store, device_store, history_store, store
from app.people.calm import ENDLESS
from app.people.calm_form import HoursForm
from app.people.calm_store import calm_of, keep_quiet
from app.people.changing import changing
from app.people.choice_store import choose, choose_rhythms, choose_widely, grid_of, rhythms_of
from app.people.choices import Category, ChannelName, Rhythm
from app.people.history import acts_of
from app.people.hours import Window
from app.people.levels import ANY, Level
from app.people.links import Purpose, links_of
from app.people.person import Profile
from app.people.saying import Door, by_person
from app.people.undo import undo, window_of
from app.words.say import LOCALES
from orders_core.errors import NotFound
from orders_core.ids import PersonId
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

SOURCE = "preference_page"
MOST_ACTS, MOST_LINES = 12, 100  # of the history that the page shows
WIDE = frozenset(
    f"{about}.{on}.{answer}"
    for about in (*Category, ANY)
    for on in (*ChannelName, ANY)
    for answer in ("on", "off")
    if ANY in {about, on}
)
ROWS = (Category.ORDERS, Category.DELIVERY, Category.SUPPORT, Category.OFFERS)


class Pause(StrEnum):
    """For how many days nothing rings, as the page offers it."""

    NONE = "0"
    DAY = "1"
    WEEK = "7"
    MONTH = "30"
    ENDLESS = "endless"  #: until the person turns the bells on again

    def until(self, now: datetime) -> datetime | None:
        """Return until when nothing rings; None where all rings again."""
        if self is Pause.NONE:
            return None
        return ENDLESS if self is Pause.ENDLESS else now + timedelta(days=int(self))


def _whose(house: House, token: str) -> PersonId:
    return links_of(house.settings).person(token, Purpose.PREFERENCES)


Owner = Annotated[PersonId, signed_link("preferences", _whose)]


@dataclass(frozen=True)
class Mine:
    """A person on their own page: who they are, and what changing something there needs."""

    house: House
    tx: Tx
    now: datetime
    owner: PersonId
    token: str

    def changing(self, *, undoes: UUID | None = None) -> AbstractContextManager[None]:
        """Let what is changed inside be one act of theirs on this page."""
        saying = by_person(Door.PAGE, self.now, undoes=undoes)
        return changing(self.house, self.tx, self.owner, saying)

    def back(self, done: str = "saved") -> RedirectResponse:
        """Return to the page, which says what was done."""
        return RedirectResponse(f"/p/{self.token}?done={done}", status_code=303)


def _mine(tx: Transaction, now: Now, house: TheHouse, owner: Owner, token: str) -> Mine:
    return Mine(house, tx, now, owner, token)


Own = Annotated[Mine, Depends(_mine)]


@router.get("/p/{token}")
def preferences(request: Request, mine: Own, done: str = "") -> HTMLResponse:
    """Show which messages reach the person where, each as a box to tick; and what we keep."""
    tx, owner, settings = mine.tx, mine.owner, mine.house.settings
    person, grid, calm = store.find(tx, owner), grid_of(tx, owner), calm_of(tx, owner)
    said = acts_of(history_store.page(tx, owner, after=None, at_most=MOST_LINES))
    return render(
        request,
        "people/preferences.html",
        locale=chosen_locale(request) or person.locale,
        person=person,
        token=mine.token,
        inbox=links_of(settings).inbox(owner),
        grid=grid,
        has_offers=any(grid[Category.OFFERS, channel].wanted for channel in ChannelName),
        lock=Level.LOCK,
        categories=ROWS,
        columns=list(ChannelName),
        rhythms=rhythms_of(tx, owner),
        often=list(Rhythm),
        calm=calm,
        hours=calm.quiet or Window(settings.quiet_from, settings.quiet_until),
        cap=settings.marketing_cap,
        asked=address_store.asked(tx, owner),
        devices=device_store.devices_of(tx, owner),
        acts=said[:MOST_ACTS],
        done=done,
        read_hours=window_of,
    )


@router.post("/p/{token}")
def save(
    mine: Own,
    cell: Annotated[list[str] | None, Form()] = None,
    language: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Keep what the person chose: a box that is not ticked is off."""
    tx, owner, ticked = mine.tx, mine.owner, set(cell or ())
    with mine.changing():
        changed = {
            (about, on): not found.wanted
            for (about, on), found in grid_of(tx, owner).items()
            if (f"{about}.{on}" in ticked) != found.wanted and found.level is not Level.LOCK
        }
        choose(tx, owner, changed, source=SOURCE, now=mine.now)
        person = store.find(tx, owner)
        if language in LOCALES and language != person.locale:
            profile = Profile(reference=person.reference or "", locale=language)
            store.change(tx, {owner: profile}, now=mine.now)
    return mine.back()


@router.post("/p/{token}/all")
def choose_all(mine: Own, cell: Annotated[str, Form()] = "") -> RedirectResponse:
    """Switch a whole row, a whole column or everything on or off, in place of what was said there.

    `cell` is `category.channel.on`, either of the first two `*`; anything else changes nothing.
    """
    if cell in WIDE:
        about, on, answer = cell.split(".")
        wanted = answer == "on"
        with mine.changing():
            choose_widely(
                mine.tx, mine.owner, (about, on), wanted=wanted, source=SOURCE, now=mine.now
            )
    return mine.back()


@router.post("/p/{token}/rhythm")
def set_rhythm(mine: Own, rhythm: Annotated[list[str] | None, Form()] = None) -> RedirectResponse:
    """Keep how often each channel rings for news that can wait."""
    with mine.changing():
        choose_rhythms(mine.tx, mine.owner, _rhythms(rhythm or []), source=SOURCE, now=mine.now)
    return mine.back()


def _rhythms(said: list[str]) -> dict[ChannelName, Rhythm]:
    """Read `channel.rhythm`; what no page of ours offers, or offers as no choice, is left out."""
    offered = {f"{on}.{how}": (on, how) for on in ChannelName for how in Rhythm}
    return dict(offered[one] for one in said if one in offered)


@router.post("/p/{token}/pause")
def pause(mine: Own) -> RedirectResponse:
    """Switch every offer off, on every channel."""
    every = {(Category.OFFERS, channel): False for channel in ChannelName}
    with mine.changing():
        choose(mine.tx, mine.owner, every, source=SOURCE, now=mine.now)
    return mine.back()


@router.post("/p/{token}/quiet")
def keep_hours(mine: Own, said: Annotated[HoursForm, Form()]) -> RedirectResponse:
    """Keep the person's own quiet hours, or take the shop's again."""
    with mine.changing():
        keep_quiet(mine.tx, mine.owner, said.window, source=SOURCE, now=mine.now)
    return mine.back()


@router.post("/p/{token}/calm")
def calm_down(mine: Own, days: Annotated[Pause, Form()]) -> RedirectResponse:
    """Let nothing ring for some days, or until they say otherwise; for none, let it ring again."""
    with mine.changing():
        until = days.until(mine.now)
        calm_store.pause(mine.tx, mine.owner, until, source=SOURCE, now=mine.now)
    return mine.back()


@router.post("/p/{token}/undo")
def take_back(mine: Own, act: Annotated[UUID, Form()]) -> RedirectResponse:
    """Take back what the person said, where they changed nothing of it since."""
    with mine.changing(undoes=act):
        was_left = undo(mine.tx, mine.owner, act, source=SOURCE, now=mine.now)
    return mine.back("undone" if was_left else "changed_since")


@router.post("/p/{token}/devices/{device_id}")
def remove_device(mine: Own, device_id: UUID) -> RedirectResponse:
    """Let no push message reach a device any more; one that is gone is gone."""
    with mine.changing(), suppress(NotFound):
        device_store.remove_device(mine.tx, mine.owner, device_id)
    return mine.back()
