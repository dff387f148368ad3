"""The HTTP of the desk: a person's question, answered from the state of their own orders."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict

from app.access.guard import scope
from app.access.keys import Caller
from app.desk.bodies import case_body
from app.desk.hear import Heard, Told, hear
from app.desk.intent import Abstain
from app.desk.reading import Reading
from app.desk.said import Answer
from app.desk.several import Part
from app.desk.understood import Understood
from app.http.body import Body, Line
from app.http.deps import Now, TheHouse, Transaction
from app.http.idempotency import KeyedOnce
from app.hub.policy import read_policy
from app.people import store as people
from app.people.person import name_of
from orders_core.ids import show

router = APIRouter(prefix="/v1", tags=["desk"])


class AskBody(Body):
    """A person, named by our id or the shop's reference, and what they ask, in their own words.

    What is abstained on becomes a case, unless `open_case` is false.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"person": "c-8841", "text": "我的订单到哪了？"}]}
    )

    person: Annotated[str, Line(64)]
    text: str
    open_case: bool = True


@router.post("/ask")
def answer_question(
    question: AskBody,
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Annotated[Caller, scope("ask")],
) -> Any:
    """Answer from the person's own orders, each sentence with the fact it rests on, or abstain."""
    asked = Heard(
        person=people.find(tx, name_of(question.person)),
        text=question.text,
        how="api",
        wants_case=question.open_case,
        is_trial=not caller.live,
    )

    def work() -> tuple[int, Mapping[str, Any]]:
        policy = read_policy(tx, house.settings)
        return 200, _told_body(hear(tx, asked, policy=policy, now=now, reads=house.reads))

    return once.run(tx, caller.name, work)


def _told_body(told: Told) -> dict[str, Any]:
    case = case_body(told.case) if told.case else None
    return {
        **answer_body(told.answered, link=told.link),
        "read": _read_body(told.read),
        "case": case,
        **({"parts": [_part_body(one) for one in told.parts]} if told.parts else {}),
    }


def _part_body(part: Part) -> dict[str, Any]:
    """Show one wish of a message that had several, and whether it could be answered alone."""
    answered = part.answered
    opens = answered.opens if isinstance(answered, Answer) else None
    return {
        "text": part.wish.words,
        "intent": part.wish.reading.intent,
        "answered": isinstance(answered, Answer),
        "because": answered.because if isinstance(answered, Abstain) else None,
        "action": {"name": opens, "url": part.link} if opens else None,
    }


def _read_body(read: Understood) -> dict[str, Any]:
    """Show who read the question, and what the model made of it and how sure it was."""
    guessed = read.guessed
    meant = read.meant.intent if isinstance(read.meant, Reading) else None
    return {
        "by": read.by,
        "intent": meant or (guessed.intent if guessed else None),
        "sure": round(guessed.sure, 4) if guessed else None,
        "needs": round(guessed.needs, 4) if guessed else None,
        "model": guessed.model if guessed else None,
    }


def answer_body(answered: Answer | Abstain, *, link: str | None = None) -> dict[str, Any]:
    """Show an answer, or why a person must give it.

    Args:
        link: The page that does what the answer offers.
    """
    if isinstance(answered, Abstain):
        return {
            "answer": None,
            "language": answered.language,
            "facts": [],
            "events": [],
            "action": None,
            "order": None,
            "abstained": True,
            "because": answered.because,
        }
    return {
        "answer": answered.text,
        "language": answered.language,
        "facts": [
            {"fact": said.fact, "value": said.value, "sentence": said.sentence}
            for said in answered.said
        ],
        "events": [show("evt", event) for event in answered.events],
        "action": {"name": answered.opens, "url": link} if answered.opens else None,
        "order": show("ord", answered.order.id) if answered.order else None,
        "abstained": False,
        "because": None,
    }
