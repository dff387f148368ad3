"""A question for a person becomes a case, or goes on in the one that is about the same order."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.desk import case_store as store
from app.desk.case import (
    REOPENED_WITHIN,
    SAID_TWICE_WITHIN,
    Act,
    Author,
    Case,
    Entry,
    State,
    after,
    cut,
    excerpt,
)
from app.desk.intent import Why
from app.desk.late import is_late_now
from app.desk.priority import WEIGHT, Signal, priority, signals
from app.desk.sla import due_at
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.wish import Wish
from app.people.person import Person
from ml.answers.mood import OFTEN_WITHIN, mood
from orders_core.ids import OrderId, new_id
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Parcel
from orders_core.tx import Tx

SECOND_WITHIN = timedelta(days=14)
RECEIVED = "received"  # what the house says by itself is kept as a code, words are made of it later
OPENS: frozenset[Why] = frozenset(Why) - {Why.EMPTY}  # nothing was said: nobody could answer it


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person asks another person, and why no answer was given by itself.

    `language` is that of the words, None where it is none of ours. `key` makes asking twice once.
    `quotes` is what the words answer: shown below them, and no sign of how urgent they are.
    """

    person: Person
    text: str
    because: Why
    order_id: OrderId | None = None
    language: str | None = None
    key: str | None = None
    quotes: str = ""
    is_trial: bool = False  #: asked by a test key: nobody is told that it came

    @property
    def written(self) -> str:
        """What the conversation keeps of it."""
        return cut(f"{self.text}\n\n{self.quotes}" if self.quotes else self.text)


@dataclass(frozen=True)
class Opened:
    """The case a question went to, and whether it was opened for it.

    What `is_repeated` was said there before: nothing was written, and no contact is counted.
    """

    case: Case
    is_new: bool
    is_repeated: bool = False


def open_case(tx: Tx, question: Question, *, policy: Policy, now: datetime) -> Opened:
    """Open a case, or append to the one about the same order; the person is told it once a case.

    One that was resolved within a week is opened again. The same words within a minute, or under
    the same key, are said once. Locks: the person, the case, what the hub locks.
    """
    who = question.person.id
    store.hold_person(tx, who)
    found = store.unresolved(tx, who, question.order_id) or store.resolved_since(
        tx, who, question.order_id, now - REOPENED_WITHIN
    )
    if found is None:
        return Opened(_open(tx, question, policy=policy, now=now), is_new=True)
    if _is_said(tx, found, question, now):
        return Opened(found, is_new=False, is_repeated=True)
    return Opened(_go_on(tx, found, question, now), is_new=False)


def _open(tx: Tx, question: Question, *, policy: Policy, now: datetime) -> Case:
    signs = _signs(tx, question, is_second=_is_second(tx, question, now), now=now)
    rank = priority(signs)
    case = Case(
        id=new_id(),
        number=store.next_number(tx),
        person_id=question.person.id,
        order_id=question.order_id,
        state=State.OPEN,
        priority=rank,
        signals=signs,
        reason=question.because,
        question=excerpt(question.text),
        language=question.language or question.person.locale,
        opened_at=now,
        asked_at=now,
        first_response_due_at=due_at(rank, asked_at=now),
    )
    store.add(tx, case)
    _write_down(tx, case, question, now)
    _tell(tx, case, question, policy=policy, now=now)
    return case


def _go_on(tx: Tx, case: Case, question: Question, now: datetime) -> Case:
    """Append a further question; where the last one was answered, a new clock starts."""
    signs = _signs(tx, question, is_second=True, now=now)
    kept = tuple(sign for sign in WEIGHT if sign in signs or sign in case.signals)
    rank = min(case.priority, priority(kept))
    is_running = case.state is State.OPEN and case.first_responded_at is None
    due = due_at(rank, asked_at=now)
    gone_on = replace(
        case,
        state=after(case, Act.ASK),
        priority=rank,
        signals=kept,
        reason=question.because,
        question=excerpt(question.text),
        asked_at=case.asked_at if is_running else now,
        first_response_due_at=min(due, case.first_response_due_at) if is_running else due,
        first_responded_at=None,
        resolved_at=None,
    )
    store.change(tx, gone_on)
    _write_down(tx, case, question, now)
    return replace(gone_on, version=case.version + 1)


def _is_said(tx: Tx, case: Case, question: Question, now: datetime) -> bool:
    if question.key and store.said_by_key(tx, case.id, question.key):
        return True
    last = store.last_words(tx, case.id)
    return (
        last is not None
        and case.state is State.OPEN
        and last.text == question.written
        and now - last.at < SAID_TWICE_WITHIN
    )


def _write_down(tx: Tx, case: Case, question: Question, now: datetime) -> None:
    entry = Entry(
        id=new_id(),
        case_id=case.id,
        author=Author.SHOPPER,
        by=question.person.name,
        text=question.written,
        key=question.key,
        at=now,
    )
    store.say(tx, entry)


def _signs(tx: Tx, question: Question, *, is_second: bool, now: datetime) -> tuple[Signal, ...]:
    person = question.person
    earlier = store.asked_at(tx, person.id, since=now - OFTEN_WITHIN)
    felt = mood(question.text, now=now, zone=person.zone, earlier=earlier)
    is_late = any(is_late_now(parcel) for parcel in _parcels(tx, question.order_id))
    return signals(question.text, question.because, felt=felt, is_second=is_second, is_late=is_late)


def _is_second(tx: Tx, question: Question, now: datetime) -> bool:
    return store.has_asked_since(tx, question.person.id, now - SECOND_WITHIN)


def _parcels(tx: Tx, order_id: OrderId | None) -> list[Parcel]:
    return list(parcels.of_orders(tx, [order_id]).get(order_id, ())) if order_id else []


def _tell(tx: Tx, case: Case, question: Question, *, policy: Policy, now: datetime) -> None:
    """Tell the person that somebody will answer: once a case, and the conversation shows it."""
    wish = Wish(
        dispatch=f"case:{case.id}:received",
        notice="case_received",
        person_id=case.asker,
        order_id=case.order_id,
        variables=about(case, policy),
        decide_at=now,
        is_trial=question.is_trial,
    )
    [decision] = notify(tx, [wish], policy=policy, now=now)
    entry = Entry(
        id=new_id(),
        case_id=case.id,
        author=Author.SHOP,
        by="shop",
        text=RECEIVED,
        verdict_id=decision.id,
        at=now,
    )
    store.say(tx, entry)


def about(case: Case, policy: Policy) -> dict[str, Any]:
    """Return what every message about a case may say of it."""
    links = policy.voice.links
    talk = f"{links.order(case.order_id)}/talk" if case.order_id else None
    return {"question": case.question, "case_url": talk or links.inbox(case.asker)}
