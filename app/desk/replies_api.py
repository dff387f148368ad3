"""The HTTP of replies: whatever a person writes back to a message of ours."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from app.access.guard import scope
from app.access.keys import Caller
from app.desk.bodies import case_body
from app.desk.write_back import Letter, WrittenBack, write_back
from app.desk.written_back import address_of, message_named
from app.house import House
from app.http.body import Body, Line, Prose, PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.idempotency import KeyedOnce
from app.messages import history_store
from app.messages.history_store import Message
from app.messages.reply_to import reply_to_of
from app.people.choices import ChannelName
from app.people.person import PersonError, check_email, check_phone
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/replies", tags=["desk"])

MOST_HEADERS, LONGEST, LONGEST_HEADER = 200, 20_000, 2_000
Header = Annotated[str, Field(max_length=LONGEST_HEADER)]


class WrittenBackBody(Body):
    """A reply, and the message it answers.

    `message` names it by our id; `to`, the recipients as the letter lists them, by the signed
    `Reply-To` that we gave it; `in_reply_to` by the header of that name, as an e-mail has it; else
    it is the latest that went to `sender` by `channel`. `id` is the provider's own: handed over
    twice, a reply is taken once.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "mail-7731",
                    "to": "r1-agki63t4ab5lzdppaerukz4jvm-h2mgx5h3t6d4bq4e@reply.shop.example",
                    "in_reply_to": "<01948f6e-7c00-7abc-8def-0123456789ab@shop.example>",
                    "sender": "ana@example.com",
                    "subject": "Re: 您的包裹已发出",
                    "text": "杯子收到时碎了，怎么办？",
                    "headers": {"Auto-Submitted": "no"},
                }
            ]
        }
    )

    text: Annotated[str, Prose(LONGEST, 0)]
    message: Annotated[UUID, PublicId("msg")] | None = None
    to: Annotated[str, Line(LONGEST_HEADER)] | None = None
    in_reply_to: Annotated[str, Line(LONGEST_HEADER)] | None = None
    sender: Annotated[str, Line(320)] | None = None
    channel: Literal["email", "sms"] = "email"
    subject: Annotated[str, Line(LONGEST_HEADER, 0)] = ""
    headers: Annotated[dict[str, Header], Field(max_length=MOST_HEADERS)] = Field(
        default_factory=dict
    )
    id: Annotated[str, Line(200)] | None = None


@router.post("", status_code=202)
def take_reply(
    body: WrittenBackBody,
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Annotated[Caller, scope("cases:write")],
) -> Any:
    """Hand over what a person wrote back: a case with the order and the message beside it.

    `退订`, `TD` or `STOP` and nothing else ends offers on that channel for whoever is reached at
    the sender, message or not. What a machine answered, a bounce, and what came from another
    address than the message went to, is ignored and says why. What came to an address that we
    signed answers that message, whoever sends it.
    """
    proven = None if body.message else _proven(tx, house, body.to or "")
    message = proven or _named(tx, body)
    channel = ChannelName(message.channel if message else body.channel)
    sender = _kept(address_of(body.sender or ""), channel, house.settings.default_region)
    if message is None and sender:
        message = history_store.latest_to(tx, channel=channel, address=sender)
    letter = Letter(
        text=body.text,
        channel=channel,
        sender=sender,
        subject=body.subject,
        headers=body.headers,
        key=f"{caller.name}:{body.id}" if body.id else None,
        is_proven=proven is not None,
    )

    def work() -> tuple[int, Mapping[str, Any]]:
        return 202, _shown(message, write_back(tx, house, letter, message, now=now))

    keyed = once if once.key or not body.id else replace(once, key=body.id)
    return keyed.run(tx, caller.name, work)


def _kept(sender: str, channel: ChannelName, region: str) -> str:
    """Return a sender as addresses are kept; what is no address is left as it came."""
    try:
        if channel is ChannelName.SMS:
            return check_phone(sender, region=region)
        return check_email(sender)
    except PersonError:
        return sender


def _proven(tx: Tx, house: House, to: str) -> Message | None:
    """Find the message that a recipient of ours stands for; None where we signed none of them.

    What is forged, altered or too old is an address like any other.
    """
    replies = reply_to_of(house.settings)
    named = replies.named(to, at=time.time()) if replies else None
    return history_store.find(tx, named) if named else None


def _named(tx: Tx, body: WrittenBackBody) -> Message | None:
    """Find the message that is named; None where none is.

    Raises:
        NotFound: If there is none of that name.
    """
    named = body.message or (message_named(body.in_reply_to) if body.in_reply_to else None)
    if named is None:
        return None
    found = history_store.find(tx, named)
    if found is None:
        raise NotFound("message", show("msg", named))
    return found


def _shown(message: Message | None, done: WrittenBack) -> dict[str, Any]:
    has_left = done.left is not None
    outcome = "case" if done.case else "unsubscribed" if has_left else "ignored"
    return {
        "outcome": outcome,
        "message": show("msg", message.id) if message else None,
        "because": done.unheard,
        "case": case_body(done.case) if done.case else None,
        "is_new": done.is_new,
        "people": [show("per", one) for one in done.left or ()],
    }
