"""A shopper's own conversation about an order, behind the order's signed link."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.desk import case_store, own
from app.desk.about import about
from app.desk.case import MOST_REPLY
from app.desk.intent import Why
from app.desk.open import Question, open_case
from app.desk.reading import language_of
from app.forecast.contacts import heard
from app.http.body import Prose
from app.http.deps import TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.hub.policy import read_policy
from app.people import store as people
from app.people.links import Grant
from app.story.look_pages import PRIVATE
from app.story.own_pages import Owner
from app.story.read import person_of
from orders_core.orders import store as orders
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Form(), Prose(MOST_REPLY)]


@router.get("/o/{token}/talk")
def talk(request: Request, tx: Transaction, grant: Owner) -> Response:
    """Show what was said about the order, and a box to go on in."""
    return _shown(request, tx, grant, "desk/own.html")


@router.get("/o/{token}/talk/live")
def live_talk(request: Request, tx: Transaction, grant: Owner) -> Response:
    """Return the conversation alone, for a page that looks again."""
    return _shown(request, tx, grant, "desk/_own_talk.html")


@router.post("/o/{token}/talk")
def go_on(
    request: Request, tx: Transaction, house: TheHouse, grant: Owner, text: Words
) -> RedirectResponse:
    """Say something to whoever answers: no fact answers it first, for a person is in the talk."""
    now = house.clock.now()
    person = people.find(tx, person_of(tx, grant.order_id))
    question = Question(
        person=person,
        text=text,
        because=Why.WANTS_PERSON,
        order_id=grant.order_id,
        language=language_of(text),
    )
    opened = open_case(tx, question, policy=read_policy(tx, house.settings), now=now)
    if not opened.is_repeated:
        wants = about(text, locale=person.locale)
        heard(tx, at=now, how="order_page", about=wants, person_id=person.id)
    return RedirectResponse(f"{_path(request)}/talk#end", status_code=303, headers=PRIVATE)


def _shown(request: Request, tx: Tx, grant: Grant, page: str) -> HTMLResponse:
    response = render(request, page, **_facts(request, tx, grant))
    response.headers.update(PRIVATE)
    return response


def _facts(request: Request, tx: Tx, grant: Grant) -> dict[str, Any]:
    order = orders.many(tx, [grant.order_id])[grant.order_id]
    person = people.find(tx, order.person_id)
    path = _path(request)
    return {
        "locale": chosen_locale(request) or person.locale,
        "zone": person.zone,
        "number": order.number,
        "said": own.said_about(tx, grant.order_id),
        "is_open": case_store.is_unresolved(tx, grant.order_id),
        "path": path,
        "here": f"{path}/talk",
        "here_with": lambda **wish: f"{path}/talk?{urlencode(wish)}",
    }


def _path(request: Request) -> str:
    return f"/o/{request.path_params['token']}"
