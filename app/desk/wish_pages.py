"""A wish that no page grants by itself becomes a case at the desk."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app.desk.about import OF_WISH
from app.desk.intent import Why
from app.desk.open import Question, open_case
from app.desk.reading import MOST_CHARACTERS, language_of
from app.forecast.contacts import heard
from app.http.body import Prose
from app.http.deps import house_of
from app.hub.policy import read_policy
from app.people import store as people
from app.story.act_pages import Visitor, shown
from app.story.acts import PAGES, Action, Allowed
from app.words.say import knows, say

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Form(), Prose(MOST_CHARACTERS)]


@router.get("/o/{token}/wish/{action}")
def form(at: Visitor, action: Action) -> Response:
    """Say why a person has to look at it, and let the shopper write what they want."""
    view = at.look()
    offer = view.offers.get(action)
    if offer is None or offer.allowed is Allowed.NO:
        return at.back()
    if offer.allowed is Allowed.YES:
        return at.to(f"/{PAGES[action]}")
    key = f"service.because.{offer.reason}"
    because = say(view.locale, key if knows(key) else "service.because.unruled")
    return shown(at, view, "desk/wish.html", action=action, because=because)


@router.post("/o/{token}/wish/{action}")
def wish(at: Visitor, action: Action, text: Words) -> RedirectResponse:
    """Open a case with the wish in it, or go on in the one about the order."""
    view, house = at.look(), house_of(at.request)
    person = people.find(at.tx, view.facts.order.person_id)
    question = Question(
        person=person,
        text=say(view.locale, "service.wish.says", what=say(view.locale, _act(action)), text=text),
        because=Why.WANTS_PERSON,
        order_id=at.order_id,
        language=language_of(text) or view.locale,
    )
    heard(at.tx, at=at.now, how="order_page", about=OF_WISH[action], person_id=person.id)
    open_case(at.tx, question, policy=read_policy(at.tx, house.settings), now=at.now)
    return at.to("/talk#end")


def _act(action: Action) -> str:
    return f"service.act.{action}"
