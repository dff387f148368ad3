"""Several wishes of one message, answered together, or together left to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.answer import answer, draft
from app.desk.ask import ask, story_of
from app.desk.clauses import Wish
from app.desk.intent import Abstain, Why
from app.desk.said import Answer, Said
from app.people.person import Person
from ml.answers.extract.found import Found
from orders_core.ids import OrderId
from orders_core.tx import Tx

#: Which reason counts where one message has several: the first of these, else whatever it is.
HEAVIEST = (Why.WANTS_PERSON, Why.ANGRY, Why.DISPUTED)
LIGHTEST = (Why.DRAFTED,)


@dataclass(frozen=True)
class Part:
    """One wish of a message, and what would be answered to it alone.

    `link` opens the page that does what that answer offers.
    """

    wish: Wish
    answered: Answer | Abstain
    link: str | None = None


def ask_each(
    tx: Tx,
    person: Person,
    wishes: Sequence[Wish],
    *,
    now: datetime,
    only: OrderId | None = None,
) -> tuple[Part, ...]:
    """Answer each wish as if it stood alone, from the same orders and with the same care."""
    return tuple(Part(one, ask(tx, person, one.reading, now=now, only=only)) for one in wishes)


def together(parts: Sequence[Part]) -> Answer | Abstain:
    """Make one reply of all answers, no sentence twice.

    A person answers all of it where one wish must not be answered, or is told and not asked.
    """
    answers = [one.answered for one in parts if isinstance(one.answered, Answer)]
    language = parts[0].wish.reading.language
    if len(answers) < len(parts):
        return Abstain(_heaviest(parts), language)
    if not all(one.wish.is_asked for one in parts):
        return Abstain(Why.OUT_OF_SCOPE, language)
    return Answer(
        language,
        next((one.order for one in answers if one.order), None),
        once([said for one in answers for said in one.said]),
        tuple(dict.fromkeys(event for one in answers for event in one.events)),
        tuple(one.wish.words for one in parts),
    )


def drafted(
    tx: Tx,
    order_id: OrderId,
    wishes: Sequence[Wish],
    *,
    zone: str,
    now: datetime,
    found: Sequence[Found] = (),
) -> Answer:
    """Draft one reply to all wishes of a message: what to ask back first, then the facts."""
    answers = []
    for wish in wishes:
        story = story_of(tx, order_id, wish.reading.intent, now=now)
        said = answer(wish.reading, story, zone=zone, now=now)
        if isinstance(said, Abstain):
            said = draft(wish.reading, story, zone=zone, now=now, found=found)
        answers.append(said)
    sentences = once([said for one in answers for said in one.said])
    in_order = sorted(sentences, key=lambda one: one.kind != "question")
    order = next((one.order for one in answers if one.order), None)
    return Answer(wishes[0].reading.language, order, tuple(in_order))


def once(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return sentences in their order, each once."""
    first: dict[str, Said] = {}
    for one in said:
        first.setdefault(one.sentence, one)
    return tuple(first.values())


def _heaviest(parts: Sequence[Part]) -> Why:
    reasons = [one.answered.because for one in parts if isinstance(one.answered, Abstain)]
    found = [one for one in HEAVIEST if one in reasons]
    others = [one for one in reasons if one not in LIGHTEST]
    return (found or others or reasons)[0]
