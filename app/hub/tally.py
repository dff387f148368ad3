"""What came of many decisions, counted: sent, held, not sent and why, and how often it rang."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from app.hub.verdict import Answer, Digest, Downgrade, Send, Verdict, Wait
from app.hub.what_if import Relived
from app.people.choices import BELLS
from orders_core.ids import PersonId

MOST_EXAMPLES = 100


class Effect(NamedTuple):
    """What one verdict comes to: many thousands share one, so it is these that are counted."""

    word: str
    because: str | None
    bells: int  #: at once
    held: int
    folded: int
    lines: int


@dataclass
class Tally:
    """One policy's side of the account. A bell is one channel that can wake somebody."""

    effects: Counter[Effect] = field(default_factory=Counter)
    bells_of: Counter[PersonId] = field(default_factory=Counter)

    def count(self, who: PersonId, effect: Effect) -> None:
        """Add what one verdict comes to."""
        self.effects[effect] += 1
        if ringing := effect.bells + effect.held:
            self.bells_of[who] += ringing

    def join(self, other: "Tally") -> None:
        """Add what was counted elsewhere, of other people."""
        self.effects.update(other.effects)
        self.bells_of.update(other.bells_of)

    @property
    def answers(self) -> Counter[str]:
        """Verdicts by answer."""
        return self._by(lambda effect: effect.word)

    @property
    def reasons(self) -> Counter[str]:
        """Verdicts by reason, where there is one."""
        reasons = self._by(lambda effect: effect.because or "")
        del reasons[""]
        return reasons

    def _by(self, name: Callable[[Effect], str]) -> Counter[str]:
        found = Counter[str]()
        for effect, times in self.effects.items():
            found[name(effect)] += times
        return found

    @property
    def bells(self) -> int:
        """Bells that ring, at once or later."""
        return sum((one.bells + one.held) * times for one, times in self.effects.items())

    @property
    def held_bells(self) -> int:
        """Bells that ring later."""
        return sum(one.held * times for one, times in self.effects.items())

    @property
    def folded(self) -> int:
        """Bells that join a digest."""
        return sum(one.folded * times for one, times in self.effects.items())

    @property
    def lines(self) -> int:
        """Inbox lines, which ring nothing."""
        return sum(one.lines * times for one, times in self.effects.items())

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
        effect = effect_of(was)
        self.was.count(who, effect)
        if would is was:
            self.would.count(who, effect)
            return
        self.would.count(who, effect_of(would))
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


def effect_of(verdict: Verdict) -> Effect:
    """Say what a verdict comes to: its answer and reason, its bells and inbox lines."""
    answer = verdict.answer
    because = None if isinstance(answer, Send) else answer.because
    return Effect(verdict.word, because, *_heard(answer))


def _heard(answer: Answer) -> tuple[int, int, int, int]:
    match answer:
        case Send(at_once) | Downgrade(at_once):
            bells, lines = _counted(at_once)
            return bells, 0, 0, lines
        case Wait(_, later, at_once):
            bells, lines = _counted(at_once)
            return bells, _counted(later)[0], 0, lines
        case Digest(slots, at_once):
            bells, lines = _counted(at_once)
            return bells, 0, _counted(tuple(slot.channel for slot in slots))[0], lines
    return 0, 0, 0, 0


@lru_cache(maxsize=1024)
def _counted(channels: tuple[str, ...]) -> tuple[int, int]:
    """Count the channels that ring, and the others."""
    bells = sum(channel in BELLS for channel in channels)
    return bells, len(channels) - bells
