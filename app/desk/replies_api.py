"""The HTTP of replies: whatever a person writes back to a message of ours."""

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
from app.http.body import Body, Line, Prose, PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.idempotency import KeyedOnce
from app.messages import history_store
from app.messages.history_store import Message
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/replies", tags=["desk"])

MOST_HEADERS, LONGEST, LONGEST_HEADER = 200, 20_000, 2_000
Header = Annotated[str, Field(max_length=LONGEST_HEADER)]


class WrittenBackBody(Body):
    """A reply, and the message it answers.

    `message` names it by our id; `in_reply_to` by the header of that name, as an e-mail has it;
    else it is the latest that went to `sender` by `channel`. `id` is the provider's own: handed
    over twice, a reply is taken once.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "mail-7731",
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

    `退订`, `TD` or `STOP` and nothing else ends offers on that channel. What a machine answered, a
    bounce, and what came from another address than the message went to, is ignored and says why.
    """
    message = _answered(tx, body)
    letter = Letter(
        text=body.text,
        sender=address_of(body.sender or ""),
        subject=body.subject,
        headers=body.headers,
        key=f"{caller.name}:{body.id}" if body.id else None,
    )

    def work() -> tuple[int, Mapping[str, Any]]:
        return 202, _shown(message, write_back(tx, house, message, letter, now=now))

    keyed = once if once.key or not body.id else replace(once, key=body.id)
    return keyed.run(tx, caller.name, work)


def _answered(tx: Tx, body: WrittenBackBody) -> Message:
    """Find the message that is answered.

    Raises:
        NotFound: If nothing names one that was sent.
    """
    named = body.message or (message_named(body.in_reply_to) if body.in_reply_to else None)
    found = history_store.find(tx, named) if named else None
    if named is None and body.sender:
        found = history_store.latest_to(tx, channel=body.channel, address=address_of(body.sender))
    if found is None:
        raise NotFound("message", show("msg", named) if named else "answered by this reply")
    return found


def _shown(message: Message, done: WrittenBack) -> dict[str, Any]:
    outcome = "case" if done.case else "unsubscribed" if done.has_left else "ignored"
    return {
        "outcome": outcome,
        "message": show("msg", message.id),
        "because": done.unheard,
        "case": case_body(done.case) if done.case else None,
        "is_new": done.is_new,
    }
