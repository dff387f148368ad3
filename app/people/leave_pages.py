"""The way out, behind a signed link: unsubscribe, hear less often, or take it back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from app.access.guard import signed_link
from app.house import House
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.people import store
from app.people.changing import changing
from app.people.choice_store import choose_rhythms
from app.people.choices import Category, ChannelName, Rhythm
from app.people.links import Grant, Purpose, links_of
from app.people.saying import Door, by_person
from app.people.undo import undo
from app.people.unsubscribe import LEAVE_PAGE, ONE_CLICK, unsubscribe
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

RFC_8058 = "One-Click"
#: An unsubscribe link takes back only what was said by one.
BY_LINK = frozenset({Door.LEAVE_PAGE, Door.ONE_CLICK})
RARER = (Rhythm.WEEKLY, Rhythm.DAILY)


def _unsubscribing(house: House, token: str) -> Grant:
    return links_of(house.settings).open(token, Purpose.UNSUBSCRIBE)


Leaver = Annotated[Grant, signed_link("unsubscribe", _unsubscribing, needs_form_token=False)]
OnPage = Annotated[Grant, signed_link("unsubscribe page", _unsubscribing)]


@router.get("/u/{token}")
def confirm(request: Request, tx: Transaction, grant: Leaver) -> HTMLResponse:
    """Ask before anything changes: mail scanners open every link."""
    return _page(request, tx, grant)


@router.post("/u/{token}")
def leave(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    grant: Leaver,
    said: Annotated[str, Form(alias="List-Unsubscribe")] = "",
) -> HTMLResponse:
    """End a category by e-mail: from our page, or from a mail program by one click (RFC 8058).

    What is queued of it is cancelled before the answer comes.
    """
    is_one_click = said == RFC_8058
    saying = by_person(Door.ONE_CLICK if is_one_click else Door.LEAVE_PAGE, now)
    with changing(house, tx, grant.person_id, saying):
        source = ONE_CLICK if is_one_click else LEAVE_PAGE
        unsubscribe(tx, grant.person_id, _category(grant), source=source, now=now)
    return _page(request, tx, grant, done="left", act=saying.act)


@router.post("/u/{token}/less")
def hear_less(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    grant: OnPage,
    rhythm: Annotated[Rhythm, Form()],
) -> HTMLResponse:
    """Gather what can wait into one e-mail a day or a week, instead of ending it."""
    saying = by_person(Door.LEAVE_PAGE, now)
    with changing(house, tx, grant.person_id, saying):
        store.require(tx, grant.person_id)
        rarer = {ChannelName.EMAIL: rhythm}
        choose_rhythms(tx, grant.person_id, rarer, source=LEAVE_PAGE, now=now)
    return _page(request, tx, grant, done=f"less.{rhythm}", act=saying.act)


@router.post("/u/{token}/undo")
def take_back(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    grant: OnPage,
    act: Annotated[UUID, Form()],
) -> HTMLResponse:
    """Take back what was just said by this link."""
    with changing(house, tx, grant.person_id, by_person(Door.LEAVE_PAGE, now, undoes=act)):
        undo(tx, grant.person_id, act, source=LEAVE_PAGE, now=now, only_at=BY_LINK)
    return _page(request, tx, grant, done="undone")


def _category(grant: Grant) -> Category:
    return grant.category or Category.OFFERS


def _page(
    request: Request, tx: Tx, grant: Grant, *, done: str = "", act: UUID | None = None
) -> HTMLResponse:
    person = store.find(tx, grant.person_id)
    facts: dict[str, Any] = {"category": _category(grant), "done": done, "act": act}
    return render(
        request,
        "people/unsubscribe.html",
        locale=chosen_locale(request) or person.locale,
        token=request.path_params["token"],
        rarer=RARER,
        **facts,
    )
