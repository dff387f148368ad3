"""The ask box of an order's own page: an answer at once, or a case."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from app.desk.hear import Heard, hear
from app.desk.reading import MOST_CHARACTERS
from app.desk.said import Answer
from app.http.body import Prose
from app.http.deps import TheHouse, Transaction
from app.hub.policy import read_policy
from app.people import store as people
from app.story.own_pages import Owner
from app.story.pages import show_page
from app.story.read import person_of

router = APIRouter(include_in_schema=False)


Asked = Annotated[str, Form(), Prose(MOST_CHARACTERS, 0)]


@router.post("/o/{token}/ask")
def ask_here(
    request: Request, tx: Transaction, house: TheHouse, grant: Owner, text: Asked = ""
) -> HTMLResponse:
    """Answer from this order's facts alone, or open a case; the page shows which."""
    now = house.clock.now()
    question = Heard(
        person=people.find(tx, person_of(tx, grant.order_id)),
        text=text,
        how="order_page",
        only=grant.order_id,
    )
    policy = read_policy(tx, house.settings)
    told = hear(tx, question, policy=policy, now=now, reads=house.reads)
    answered = told.answered if isinstance(told.answered, Answer) else None
    return show_page(request, tx, grant, now=now, asked=text, answered=answered, case=told.case)
