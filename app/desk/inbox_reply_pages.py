"""A shopper writes back to one message of their own inbox, behind the inbox's signed link."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.desk.case import MOST_REPLY
from app.desk.write_back import Letter, write_back
from app.house import House
from app.http.body import Prose, PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import chosen_locale, render
from app.http.problems import Problem
from app.hub.pages import Owner
from app.messages import history_store
from app.messages.as_sent import as_sent, veiled
from app.messages.history_store import Message
from app.people import store as people
from app.people.choices import ChannelName
from app.people.links import links_of
from app.story.look_pages import PRIVATE
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

MessageRef = Annotated[UUID, PublicId("msg"), Path()]
Done = Literal["", "case", "left", "empty"]
Words = Annotated[str, Form(), Prose(MOST_REPLY)]


@dataclass(frozen=True)
class Answered:
    """A message of the person's own, and where it stands."""

    tx: Tx
    house: House
    owner: PersonId
    message: Message


def _answered(tx: Transaction, house: TheHouse, owner: Owner, message: MessageRef) -> Answered:
    """Find the message; of others' messages nothing is said."""
    got = history_store.find(tx, message)
    if got is None or got.person_id != owner:
        raise Problem(status=404, code="not_found", detail="no such message in this inbox")
    return Answered(tx, house, owner, got)


Own = Annotated[Answered, Depends(_answered)]


@router.get("/i/{token}/reply/{message}")
def form(request: Request, own: Own, done: Done = "") -> HTMLResponse:
    """Show a message of the person's own, and a box to answer it in."""
    got, links = own.message, links_of(own.house.settings)
    person, words = people.find(own.tx, own.owner), as_sent(own.tx, got)
    response = render(
        request,
        "desk/inbox_reply.html",
        locale=chosen_locale(request) or person.locale,
        zone=person.zone,
        got=got,
        words=veiled(words, got.variables) if words else None,
        inbox=links.inbox(own.owner),
        talk=f"{links.order(OrderId(got.order_id))}/talk" if got.order_id else None,
        done=done,
    )
    response.headers.update(PRIVATE)
    return response


@router.post("/i/{token}/reply/{message}")
def answer(request: Request, own: Own, now: Now, text: Words) -> RedirectResponse:
    """Hand what is written back to the desk, as a reply to the letter would be."""
    letter = Letter(text=text, channel=ChannelName(own.message.channel), headers={})
    written = write_back(own.tx, own.house, letter, own.message, now=now)
    done = "case" if written.case else "empty" if written.unheard else "left"
    return RedirectResponse(f"{request.url.path}?done={done}", status_code=303, headers=PRIVATE)
