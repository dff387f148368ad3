"""What came of many decisions, counted: sent, held, not sent and why, and how often it rang."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from app.hub.verdict import Answer, Digest, Downgrade, Send, Verdict, Wait
from app.hub.what_if import Relived
from app.people.choices import BELLS
from orders_core.ids import PersonId

MOST_EXAMPLES = 100


@dataclass(slots=True)
class Tally:
    """One policy's side of the account. A bell is one channel that can wake somebody."""

    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    bells: int = 0
    held_bells: int = 0
    folded: int = 0  #: bells that join a digest
    lines: int = 0  #: inbox lines, which ring nothing
    bells_of: Counter[PersonId] = field(default_factory=Counter)

    def count(self, who: PersonId, verdict: Verdict) -> None:
        """Add one verdict."""
        self.answers[verdict.word] += 1
        if verdict.because is not None:
            self.reasons[verdict.because] += 1
        now, held, folded = rung(verdict.answer)
        self.bells += now + held
        self.held_bells += held
        self.folded += folded
        self.lines += lined(verdict.answer)
        if now + held:
            self.bells_of[who] += now + held

    def join(self, other: "Tally") -> None:
        """Add what was counted elsewhere, of other people."""
        self.answers.update(other.answers)
        self.reasons.update(other.reasons)
        self.bells += other.bells
        self.held_bells += other.held_bells
        self.folded += other.folded
        self.lines += other.lines
        self.bells_of.update(other.bells_of)

    @property
    def sent(self) -> int:
        """Decisions of which something goes out, now or later."""
        return sum(count for word, count in self.answers.items() if word != "skip")

    def bells_at(self, percent: int, *, people: int) -> int:
        """Return how many bells the person hears whom `percent` of all people do not exceed."""
        heard = sorted(self.bells_of.values())
        silent = people - len(heard)
        place = min(people * percent // 100, people - 1)
        return heard[place - silent] if 0 <= place - silent < len(heard) else 0


@dataclass(frozen=True, slots=True)
class Example:
    """One decision that would have come out otherwise."""

    person_id: PersonId
    notice: str
    decided_at: datetime
    was: Verdict
    would: Verdict


@dataclass(slots=True)
class Account:
    """Two policies side by side on the same decisions."""

    was: Tally = field(default_factory=Tally)
    would: Tally = field(default_factory=Tally)
    people: set[PersonId] = field(default_factory=set)
    decisions: int = 0
    identical: int = 0  #: decisions of which the policy that ruled says again what was stored
    differing: int = 0
    turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def count(self, relived: Relived, would: Verdict) -> None:
        """Add one decision under both policies."""
        who, was = relived.past.person_id, relived.was
        self.decisions += 1
        self.identical += relived.is_identical
        self.people.add(who)
        self.was.count(who, was)
        self.would.count(who, would)
        if (was.answer, was.decided_by) == (would.answer, would.decided_by):
            return
        self.differing += 1
        self.turns[said(was), said(would)] += 1
        if len(self.examples) < MOST_EXAMPLES:
            past = relived.past
            self.examples.append(Example(who, past.notice, past.decided_at, was, would))

    def join(self, other: "Account") -> None:
        """Add what was counted elsewhere, of other people."""
        self.was.join(other.was)
        self.would.join(other.would)
        self.people |= other.people
        self.decisions += other.decisions
        self.identical += other.identical
        self.differing += other.differing
        self.turns.update(other.turns)
        self.examples = (self.examples + other.examples)[:MOST_EXAMPLES]

    @property
    def identical_percent(self) -> float:
        """The share of decisions that come out as they were stored; 100 where there are none."""
        return 100 * self.identical / self.decisions if self.decisions else 100.0


def said(verdict: Verdict) -> str:
    """Name a verdict by its reason; where there is none, by its answer."""
    return verdict.because or verdict.word


def rung(answer: Answer) -> tuple[int, int, int]:
    """Count the bells of an answer: at once, held, and folded into digests."""
    match answer:
        case Send(channels) | Downgrade(channels):
            return _bells(channels), 0, 0
        case Wait(_, later, at_once):
            return _bells(at_once), _bells(later), 0
        case Digest(slots, at_once):
            return _bells(at_once), 0, _bells(tuple(slot.channel for slot in slots))
    return 0, 0, 0


def lined(answer: Answer) -> int:
    """Count the inbox lines of an answer."""
    match answer:
        case Send(at_once) | Downgrade(at_once) | Wait(_, _, at_once) | Digest(_, at_once):
            return len(at_once) - _bells(at_once)
    return 0


def _bells(channels: tuple[str, ...]) -> int:
    return sum(channel in BELLS for channel in channels)
