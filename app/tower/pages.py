"""The bell tower: four doors, two screens, a clock and six steps. On a demo's own machine only."""

from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import staff
from app.access.guard import open_to_all
from app.access.own_machine import at_own_machine, give_token, keep_token, sits_here
from app.access.pages import let_in
from app.access.roles import Role
from app.db import clock as clock_store
from app.db.transaction import begin
from app.house import House
from app.http.body import PublicId
from app.http.deps import TheHouse, Transaction
from app.http.pages import locale_of, render
from app.messages import capture_store
from app.ops.outbox_pages import MAIL_CSP
from app.people.links import links_of
from app.tower import jumping, view
from app.tower.ask import StepTooEarly, ask_for
from app.tower.seeding import Count
from app.tower.stage import Step
from app.tower.telling import words_of
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show

router = APIRouter(include_in_schema=False)

Here = Annotated[None, at_own_machine()]
OutRef = Annotated[UUID, PublicId("out"), Path()]
Chosen = Annotated[Step | None, Query()]
FRESH = {"cache-control": "no-store"}
DOORS = {Role.AGENT: "/desk", Role.LEAD: "/desk/forecast", Role.MARKETER: "/campaigns"}
FOUR = ("shopper", "agent", "marketer", "operator")
RATES = {"life": 1.0, "fast": 60.0}


@router.get("/")
def tower(
    request: Request,
    house: TheHouse,
    _: Annotated[None, open_to_all("it shows a demo to its own machine, and leads others on")],
    step: Chosen = None,
    no: str = "",
) -> Response:
    """Show the tower to whoever sits at the demo's machine; everybody else is led to the login."""
    if not sits_here(request, house.settings):
        return RedirectResponse("/ops", status_code=303)
    binding = give_token(request)
    response = _page(request, house, "tower/tower.html", step, no=no)
    keep_token(response, binding, house.settings)
    return response


@router.get("/tower/live")
def live(request: Request, house: TheHouse, _: Here, step: Chosen = None) -> HTMLResponse:
    """Return the part of the page that moves."""
    return _page(request, house, "tower/_live.html", step)


@router.get("/tower/mail/{out_id}")
def mail(tx: Transaction, _: Here, out_id: OutRef) -> HTMLResponse:
    """Return a mail's HTML for its frame, under a policy that lets nothing run."""
    found = capture_store.find(tx, out_id)
    if found is None:
        raise NotFound("message", show("out", out_id))
    return HTMLResponse(found.html or "", headers={"content-security-policy": MAIL_CSP, **FRESH})


@router.post("/tower/steps/{step}")
def play(request: Request, tx: Transaction, _: Here, step: Step) -> RedirectResponse:
    """Ask for a step to be played, by somebody who reads this page's language."""
    given = {"locale": locale_of(request)} if step is Step.BUY else {}
    try:
        ask_for(tx, step, given)
    except StepTooEarly as early:
        return _back(step, early.why)
    return _back(step)


@router.post("/tower/clock")
def turn(
    house: TheHouse,
    _: Here,
    to: Annotated[Literal["life", "fast", "morning", "days"], Form()],
) -> RedirectResponse:
    """Let the shop's clock run at another rate, or jump; a jump goes on behind the answer."""
    if to in RATES:
        with begin(house.engine) as tx:
            clock_store.set_rate(tx, rate=RATES[to])
    else:
        zone = house.settings.shop_zone
        target = jumping.target_of(jumping.Goal(to), house.clock.now(), zone=zone)
        jumping.start(house, target)
    return RedirectResponse("/#clock", status_code=303)


@router.post("/tower/doors/shopper")
def shopper_door(request: Request, tx: Transaction, house: TheHouse, _: Here) -> RedirectResponse:
    """Open the inbox of whoever the story is about."""
    whose = view.whose_now(tx, locale_of(request))
    if whose is None:
        return RedirectResponse("/?no=shopper", status_code=303)
    address = links_of(house.settings).inbox(PersonId(whose.id))
    return RedirectResponse(address, status_code=303)


@router.post("/tower/doors/{who}")
def staff_door(request: Request, house: TheHouse, _: Here, who: Role) -> RedirectResponse:
    """Log in as the demo's member of staff of a role, without a password."""
    with begin(house.engine) as tx:
        member = staff.demo_member(tx, who)
    return let_in(request, house, member, DOORS.get(who, "/ops"))


def _page(
    request: Request, house: House, page: str, step: Step | None, *, no: str = ""
) -> HTMLResponse:
    with begin(house.engine) as tx:
        facts = view.see(
            tx,
            _count(request),
            now=house.clock.now(),
            locale=locale_of(request),
            asked=step,
        )
    words = words_of(facts, locale_of(request), shop_zone=house.settings.shop_zone)
    return render(request, page, **facts, **words, no=no, doors=FOUR)


def _count(request: Request) -> Count:
    state: Any = request.app.state
    known = cast(Count | None, getattr(state, "seeding", None))
    if known is None:
        known = state.seeding = Count()
    return known


def _back(step: Step, why: str = "") -> RedirectResponse:
    said = f"&no={why}" if why else ""
    return RedirectResponse(f"/?step={step}{said}#strip", status_code=303)
