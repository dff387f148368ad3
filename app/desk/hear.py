"""A person's question, whichever door it came through: answered from facts, or left to a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.desk.about import about
from app.desk.ask import ask, order_of
from app.desk.case import Case
from app.desk.clauses import wishes
from app.desk.intent import Abstain, Why
from app.desk.may_answer import MAY
from app.desk.open import OPENS, Question, open_case
from app.desk.reading import MOST_CHARACTERS, Reading
from app.desk.said import Answer
from app.desk.several import Part, ask_each, together
from app.desk.understood import By, Understood, understand
from app.forecast.contacts import heard
from app.house import Reads
from app.hub.policy import Policy
from app.people.person import Person
from ml.answers.mood import mood
from orders_core.ids import OrderId
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What somebody asked, and where.

    `how` names the door, as contacts are counted by it. `only` is the one order a link opens. `key`
    makes asking twice once. `wants_case` is False where the shop's own desk takes over.
    """

    person: Person
    text: str
    how: str
    only: OrderId | None = None
    key: str | None = None
    wants_case: bool = True
    is_trial: bool = False  #: asked by a test key


@dataclass(frozen=True)
class Told:
    """What was answered, and the case that a person will answer in, if one will.

    `link` opens the page that does what the answer offers. `parts` are the wishes of a message that
    had several, none where it had one.
    """

    answered: Answer | Abstain
    read: Understood
    case: Case | None = None
    link: str | None = None
    parts: tuple[Part, ...] = ()


def hear(
    tx: Tx, question: Heard, *, policy: Policy, now: datetime, reads: Reads | None = None
) -> Told:
    """Answer a question; what is abstained on becomes a case, and every question is counted.

    Who is angry or threatens is answered by a person, whoever read the words.

    Args:
        reads: What reads beside the patterns, if anything does.
    """
    person = question.person
    guessed = reads.guess(tx, question.text[: MOST_CHARACTERS + 1]) if reads else None
    read = understand(question.text, guessed, fallback=person.locale)
    parts = _parts(tx, question, read, now=now)
    answered = together(parts) if parts else _alone(tx, question, read.meant, now=now)
    is_answered = isinstance(answered, Answer)
    heard(
        tx,
        at=now,
        how=question.how,
        about=about(question.text, locale=person.locale),
        person_id=person.id,
        answered=is_answered,
    )
    parts = tuple(replace(one, link=_link(one.answered, person, policy)) for one in parts)
    if isinstance(answered, Answer):
        return Told(answered, read, link=_link(answered, person, policy), parts=parts)
    if not question.wants_case or answered.because not in OPENS:
        return Told(answered, read, parts=parts)
    case = _left_to_a_person(tx, question, answered, policy=policy, now=now)
    return Told(answered, read, case, parts=parts)


def _alone(tx: Tx, question: Heard, meant: Reading | Abstain, *, now: datetime) -> Answer | Abstain:
    """Answer what is one wish, unless it is an angry one."""
    is_open = isinstance(meant, Reading) and not MAY[meant.intent].is_never
    if is_open and _is_angry(question, now):
        meant = Abstain(Why.ANGRY, meant.language)
    return ask(tx, question.person, meant, now=now, only=question.only)


def _parts(tx: Tx, question: Heard, read: Understood, *, now: datetime) -> tuple[Part, ...]:
    """Answer each wish of a message that has several; what the model surely read is one."""
    if read.by is By.MODEL or _is_angry(question, now):
        return ()
    several = wishes(question.text, fallback=question.person.locale)
    return ask_each(tx, question.person, several, now=now, only=question.only)


def _is_angry(question: Heard, now: datetime) -> bool:
    return mood(question.text, now=now, zone=question.person.zone).is_angry


def _link(answered: Answer | Abstain, person: Person, policy: Policy) -> str | None:
    if isinstance(answered, Abstain):
        return None
    links = policy.voice.links
    if answered.opens == "preferences":
        return links.preferences(person.id)
    if answered.opens is None or answered.order is None:
        return None
    return f"{links.order(answered.order.id)}/{answered.opens}"


def _left_to_a_person(
    tx: Tx, question: Heard, abstained: Abstain, *, policy: Policy, now: datetime
) -> Case:
    for_person = Question(
        person=question.person,
        text=question.text,
        because=abstained.because,
        order_id=order_of(tx, question.person, question.text, only=question.only),
        language=abstained.language,
        key=question.key,
        is_trial=question.is_trial,
    )
    return open_case(tx, for_person, policy=policy, now=now).case
