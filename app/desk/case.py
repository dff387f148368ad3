"""A case: a question that a person answers. Its states, what may follow what, what each act needs.

Pure. `open` waits for us, `waiting` for the person who asked, `resolved` for nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.desk.intent import Why
from orders_core.errors import CoreError
from orders_core.ids import OrderId, PersonId, show

MOST_REPLY = 4000  # characters, as of everything anybody says in a case
EXCERPT = 160
UNDO_SECONDS = 8
REOPENED_WITHIN = timedelta(days=7)  # a later question is a case of its own
SAID_TWICE_WITHIN = timedelta(minutes=1)  # the same words again are a second click, not news
IN_TALK = timedelta(minutes=30)  # so long after their last word somebody expects the answer


class State(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  #: ours: something was asked and not answered
    WAITING = "waiting"  #: theirs: we answered
    RESOLVED = "resolved"  #: nobody's


class Author(StrEnum):
    """Who says something in a case."""

    SHOPPER = "shopper"
    AGENT = "agent"
    SHOP = "shop"  #: nobody: what the house says by itself


class Act(StrEnum):
    """What can be done to a case."""

    ASK = "ask"
    REPLY = "reply"
    UNDO = "undo"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"


#: What takes somebody who asked; a case about goods has nobody.
TALK = frozenset({Act.ASK, Act.REPLY, Act.UNDO})

MOVES: Mapping[Act, Mapping[State, State]] = {
    Act.ASK: dict.fromkeys(State, State.OPEN),
    Act.REPLY: {State.OPEN: State.WAITING, State.WAITING: State.WAITING},
    Act.UNDO: dict.fromkeys(State, State.OPEN),  # who takes the answer back owes one
    Act.RESOLVE: {State.OPEN: State.RESOLVED, State.WAITING: State.RESOLVED},
    Act.REOPEN: {State.RESOLVED: State.OPEN},
    Act.ASSIGN: {State.OPEN: State.OPEN, State.WAITING: State.WAITING},
}


class CaseError(CoreError):
    """A case cannot do what was asked of it."""


class NotNow(CaseError):
    """This cannot be done to a case in its present state."""

    def __init__(self, number: int, state: State, act: Act) -> None:
        self.number, self.state, self.act = number, state, act
        super().__init__(f"case {number} is {state}: {act} is not possible")


class CaseMoved(CaseError):
    """Somebody did something to the case since the caller looked at it."""

    def __init__(self, number: int, seen: int, present: int) -> None:
        self.number, self.seen, self.present = number, seen, present
        super().__init__(f"case {number} is at version {present}, not {seen}; look at it again")


class OtherCaseOpen(CaseError):
    """The person asked about the same order again, and that became another case."""

    def __init__(self, number: int, other: int) -> None:
        self.number, self.other = number, other
        super().__init__(f"case {number} stays resolved: case {other} is about the same order")


class AlreadySent(CaseError):
    """The reply has left; nothing of it can be taken back."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"the reply in case {number} has left already")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as it stands; all times are business time."""

    id: UUID
    number: int
    person_id: PersonId | None
    order_id: OrderId | None
    state: State
    priority: int
    signals: tuple[str, ...]
    reason: Why
    question: str
    language: str
    opened_at: datetime
    asked_at: datetime
    first_response_due_at: datetime
    first_responded_at: datetime | None = None
    resolved_at: datetime | None = None
    assigned_to: str | None = None
    version: int = 1
    about: str | None = None  #: of a case that nobody asked: the goods, the warehouse, the day

    @property
    def asker(self) -> PersonId:
        """Who asked.

        Raises:
            NotNow: If nobody did: the case is about goods.
        """
        if self.person_id is None:
            raise NotNow(self.number, self.state, Act.REPLY)
        return self.person_id

    @property
    def ref(self) -> str:
        """The id as it is shown."""
        return show("cas", self.id)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that was said in a case."""

    id: UUID
    case_id: UUID
    author: Author
    by: str
    text: str
    at: datetime
    key: str | None = None
    verdict_id: UUID | None = None
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.withdrawn_at is None


def after(case: Case, act: Act) -> State:
    """Return the state an act leads to.

    Raises:
        NotNow: If it is not possible in the present one.
    """
    moves = MOVES[act]
    if act not in allowed(case):
        raise NotNow(case.number, case.state, act)
    return moves[case.state]


def allowed(case: Case) -> frozenset[Act]:
    """Return everything that can be done to a case now."""
    possible = frozenset(act for act, moves in MOVES.items() if case.state in moves)
    return possible if case.about is None else possible - TALK


def check_seen(case: Case, seen: int | None) -> None:
    """Check that the case is as the caller saw it; None means they do not mind.

    Raises:
        CaseMoved: If it is not.
    """
    if seen is not None and seen != case.version:
        raise CaseMoved(case.number, seen, case.version)


def answered_at(entries: Sequence[Entry]) -> datetime | None:
    """Return when the person's last words were first answered; None while they are not."""
    answered: datetime | None = None
    for entry in entries:
        if entry.author is Author.SHOPPER:
            answered = None
        elif entry.author is Author.AGENT and entry.stands and answered is None:
            answered = entry.at
    return answered


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line, for a list."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def cut(text: str) -> str:
    """Return as much of a text as a case keeps."""
    return text if len(text) <= MOST_REPLY else text[: MOST_REPLY - 1] + "…"
