"""The HTTP of answers to messages, as the shop's gateway hears them: 退订, STOP."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict

from app.http.body import Body, Line
from app.people.api import Writing
from app.people.changing import changing
from app.people.choices import Category, ChannelName
from app.people.person import PersonError, check_email, check_phone
from app.people.saying import Door, by_person
from app.people.stop_words import means_stop
from app.people.store import reached_at
from app.people.unsubscribe import REPLY, unsubscribe
from orders_core.ids import show

router = APIRouter(prefix="/v1", tags=["people"])

MOST_CHARACTERS = 1000


class AnswerBody(Body):
    """What somebody answered, and from which number or mailbox."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"channel": "sms", "sender": "+8613800138000", "text": "退订"}]
        }
    )

    channel: Literal["sms", "email"]
    sender: Annotated[str, Line(320)]
    text: Annotated[str, Line(MOST_CHARACTERS)]


@router.post("/replies")
def hear(said: AnswerBody, hand: Writing) -> Any:
    """Hear an answer to a message: a stop word ends offers on that channel, for whoever is there.

    What is queued of them is cancelled before the answer comes. Said twice it is heard twice and
    changes nothing more. Anything else is `nothing` here: ask it by `POST /v1/cases`.
    """
    if not means_stop(said.text):
        return {"understood": "nothing", "people": []}
    channel = ChannelName(said.channel)
    people = reached_at(hand.tx, channel, _address(said, hand))
    for person_id in people:
        with changing(hand.house, hand.tx, person_id, by_person(Door.REPLY, hand.now)):
            unsubscribe(hand.tx, person_id, Category.OFFERS, on=channel, source=REPLY, now=hand.now)
    return {"understood": "stop", "people": [show("per", one) for one in people]}


def _address(said: AnswerBody, hand: Writing) -> str:
    """Return the sender as addresses are kept; what is none is nobody's."""
    try:
        if said.channel == "email":
            return check_email(said.sender)
        return check_phone(said.sender, region=hand.house.settings.default_region)
    except PersonError:
        return said.sender
