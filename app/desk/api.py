"""The HTTP of the desk: a person's question, answered from the state of their own orders."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict

from app.access.guard import scope
from app.access.keys import Caller
from app.desk.answer import Answer
from app.desk.ask import ask
from app.desk.intent import Abstain
from app.http.body import Body, Line
from app.http.deps import Now, Transaction
from app.people import store as people
from app.people.person import name_of
from orders_core.ids import show

router = APIRouter(prefix="/v1", tags=["desk"])


class AskBody(Body):
    """A person, named by our id or the shop's reference, and what they ask, in their own words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"person": "c-8841", "text": "我的订单到哪了？"}]}
    )

    person: Annotated[str, Line(64)]
    text: str


@router.post("/ask")
def answer_question(
    question: AskBody, tx: Transaction, now: Now, _: Annotated[Caller, scope("ask")]
) -> Any:
    """Answer from the person's own orders, each sentence with the fact it rests on, or abstain."""
    person = people.find(tx, name_of(question.person))
    return answer_body(ask(tx, person, question.text, now=now))


def answer_body(answered: Answer | Abstain) -> dict[str, Any]:
    """Show an answer, or why a person must give it."""
    if isinstance(answered, Abstain):
        return {
            "answer": None,
            "language": answered.language,
            "facts": [],
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
        "order": show("ord", answered.order.id),
        "abstained": False,
        "because": None,
    }
