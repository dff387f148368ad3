"""What only its owner can do on an order's page: prove themselves, mute it, or be told more."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from app.access.guard import signed_link
from app.house import House
from app.http.deps import Now, TheHouse, Transaction, house_of, secret_of
from app.hub.meet import meet
from app.hub.policy import read_policy
from app.people import mute_store
from app.people.changing import changing
from app.people.links import Grant, Purpose, links_of
from app.people.saying import Door, by_person
from app.story.acts import PAGES
from app.story.look_pages import PRIVATE, Talk, page_of, view_of
from app.story.more import more_for
from app.story.proof import Claim, Result, prove, send_code
from app.story.read import person_of
from app.story.seal import COOKIE, GOOD_SECONDS, seal

router = APIRouter(include_in_schema=False)

MOST_TYPED = 40


def _own(house: House, token: str) -> Grant:
    return links_of(house.settings).open(token, Purpose.ORDER)


Owner = Annotated[Grant, signed_link("own order", _own)]
Typed = Annotated[str, Form(max_length=MOST_TYPED)]


class Proof(BaseModel):
    """What was typed to prove oneself; `then` is the page one was going to."""

    model_config = ConfigDict(extra="ignore", str_max_length=MOST_TYPED)

    tail: str = ""
    code: str = ""
    then: str = ""

    @property
    def claim(self) -> Claim:
        """What is to be compared."""
        return Claim(self.tail, self.code)


@router.post("/o/{token}/prove")
def prove_own(
    request: Request, tx: Transaction, now: Now, grant: Owner, typed: Annotated[Proof, Form()]
) -> Response:
    """Show name and addresses for an hour to whoever proves that they are the person."""
    house, order_id = house_of(request), grant.order_id
    view = view_of(request, tx, grant, now=now)
    tried = prove(tx, order_id, view.facts.person, typed.claim, secret=secret_of(house))
    if tried.result is not Result.PROVEN:
        return page_of(request, view, talk=Talk(then=typed.then), tried=tried)
    path = f"/o/{request.path_params['token']}"
    on = f"/{typed.then}" if typed.then in PAGES.values() else "#who"
    response = RedirectResponse(f"{path}{on}", status_code=303, headers=PRIVATE)
    response.set_cookie(
        COOKIE,
        seal(order_id, secret=secret_of(house)),
        max_age=GOOD_SECONDS,
        path=path,
        httponly=True,
        samesite="lax",
        secure=house.settings.public_url.startswith("https://"),
    )
    return response


@router.post("/o/{token}/code")
def send_own_code(
    request: Request, tx: Transaction, now: Now, grant: Owner, then: Typed = ""
) -> Response:
    """Send the person a code to prove themselves by."""
    house, view = house_of(request), view_of(request, tx, grant, now=now)
    tried = send_code(
        tx,
        grant.order_id,
        view.facts.person,
        secret=secret_of(house),
        policy=read_policy(tx, house.settings),
        now=now,
    )
    if tried.result is not Result.SENT:
        return page_of(request, view, talk=Talk(then=then), tried=tried)
    return _back(request, f"?{urlencode({'sent': 'code', 'then': then})}#who")


@router.post("/o/{token}/mute")
def mute(
    request: Request, tx: Transaction, now: Now, house: TheHouse, grant: Owner
) -> RedirectResponse:
    """Ring no more bells about this order; what is queued of it is cancelled."""
    person_id = person_of(tx, grant.order_id)
    with changing(house, tx, person_id, by_person(Door.ORDER_PAGE, now)):
        mute_store.mute(tx, grant.order_id, person_id, now=now)
    return _back(request, "#tools")


@router.post("/o/{token}/unmute")
def unmute(
    request: Request, tx: Transaction, now: Now, house: TheHouse, grant: Owner
) -> RedirectResponse:
    """Let the bells of this order ring again."""
    person_id = person_of(tx, grant.order_id)
    with changing(house, tx, person_id, by_person(Door.ORDER_PAGE, now)):
        mute_store.unmute(tx, grant.order_id)
    return _back(request, "#tools")


@router.post("/o/{token}/more")
def tell_more(
    request: Request, tx: Transaction, now: Now, house: TheHouse, grant: Owner, on: Typed = ""
) -> RedirectResponse:
    """Ring for every step of this order on one bell that the person chose, if they may choose it.

    What the page did not offer is not taken: it shows again what may be chosen by now.
    """
    person_id = person_of(tx, grant.order_id)
    with changing(house, tx, person_id, by_person(Door.ORDER_PAGE, now)):
        if on in more_for(tx, meet(tx, [person_id])[person_id]):
            mute_store.tell_more(tx, grant.order_id, person_id, channel=on, now=now)
    return _back(request, "#tools")


@router.post("/o/{token}/usual")
def tell_as_usual(
    request: Request, tx: Transaction, now: Now, house: TheHouse, grant: Owner
) -> RedirectResponse:
    """Let this order ring as others do; what is queued beyond that is cancelled."""
    person_id = person_of(tx, grant.order_id)
    with changing(house, tx, person_id, by_person(Door.ORDER_PAGE, now)):
        mute_store.tell_as_usual(tx, grant.order_id)
    return _back(request, "#tools")


def _back(request: Request, to: str) -> RedirectResponse:
    path = f"/o/{request.path_params['token']}{to}"
    return RedirectResponse(path, status_code=303, headers=PRIVATE)
