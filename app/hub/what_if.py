"""What would have been sent, had the shop's policy been another: decisions of the past made again.

The same `decide`, with what each decision knew. What a person hears under the other policy feeds
their own later decisions; what reached or left their row from elsewhere is carried over.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import NamedTuple
from uuid import UUID

from app.hub.bounds import MOST_CAP, Bounds, Cap, Window
from app.hub.decide import decide
from app.hub.facts import Known, recall, unpack_pressure
from app.hub.pressure import add, heard
from app.hub.verdict import Verdict
from app.people.choices import ChannelName
from app.people.recipient import nobody
from orders_core.ids import PersonId

NEVER_QUIET = Window(time(0), time(0))
AGREED = dict.fromkeys((str(channel) for channel in ChannelName), True)
Row = tuple[int, ...]


class Past(NamedTuple):
    """A decision as it was stored. Without `facts` it cannot be made again."""

    id: UUID
    person_id: PersonId
    notice: str
    answer: str
    because: str | None
    decided_by: str
    until: datetime | None
    decided_at: datetime
    facts: str | None
    pressure: bytes | None
    bounds: int | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """Another policy. What is None stays as it was; all None is the policy that ruled.

    `defaults` say what holds for whoever never chose, by (category, channel). `sends_everything`
    asks nobody: no consent, no choice, no mute, no cap, no night; only what cannot arrive does not.
    """

    cap: int | None = None
    quiet: Window | None = None
    is_marketing_stopped: bool | None = None
    defaults: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    sends_everything: bool = False

    @property
    def is_none(self) -> bool:
        """Whether it is the policy that ruled."""
        return self == AS_IT_WAS


AS_IT_WAS = Change()
EVERYTHING = Change(sends_everything=True)


@dataclass(frozen=True, slots=True)
class Relived:
    """A decision made again: under the policy that ruled, and under each of some others."""

    past: Past
    was: Verdict
    would: Sequence[Verdict]

    @property
    def is_identical(self) -> bool:
        """Whether the policy that ruled says again what was stored."""
        past, was = self.past, self.was
        return (was.word, was.because, was.decided_by, was.until) == (
            *(past.answer, past.because, past.decided_by),
            past.until,
        )


def relive(
    history: Iterable[Past], bounds: Mapping[int, Bounds], changes: Sequence[Change]
) -> Iterator[Relived]:
    """Make decisions again; those of one person must follow each other in the order made.

    A decision is left out if what it knew was not kept.
    """
    whose: PersonId | None = None
    lives: list[Life] = []
    for past in history:
        if past.facts is None or past.bounds is None:
            continue
        if past.person_id != whose:
            whose, lives = past.person_id, [Life(change) for change in changes]
        known = recall(past.notice, past.facts, person_id=past.person_id)
        ruled = bounds[past.bounds]
        seen = unpack_pressure(past.pressure) if past.pressure is not None else ()
        was = _decide(known, seen, ruled, past.decided_at)
        would = [life.decide(past, known, ruled, seen, was) for life in lives]
        yield Relived(past, was, would)


class Life:
    """One person under another policy: what they would have heard by now."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._is_of_cap_only = replace(change, cap=None).is_none
        self._heard: Row | None = None
        self._expected: Row = ()

    def decide(self, past: Past, known: Known, ruled: Bounds, seen: Row, was: Verdict) -> Verdict:
        """Decide once more, and remember what it adds."""
        change = self._change
        if change.is_none:
            return was
        if past.pressure is None:
            return was if self._is_of_cap_only else self._ask(known, (), ruled, past)
        recent = self._carry_over(seen)
        would = self._ask(known, recent, ruled, past)
        self._heard = add(recent, heard(would.answer, known.notice, past.decided_at))
        self._expected = add(seen, heard(was.answer, known.notice, past.decided_at))
        return would

    def _ask(self, known: Known, recent: Row, ruled: Bounds, past: Past) -> Verdict:
        changed, bounds = under(self._change, known, ruled)
        if self._change.sends_everything:
            recent = ()
        return _decide(changed, recent, bounds, past.decided_at)

    def _carry_over(self, seen: Row) -> Row:
        """Take over what came to the person's row, or left it, without a decision of this kind."""
        if self._heard is None:
            return seen
        if seen == self._expected:
            return self._heard
        now, before = Counter(seen), Counter(self._expected)
        ours = Counter(self._heard)
        ours.subtract(before - now)
        return tuple(sorted((+ours + (now - before)).elements()))


def under(change: Change, known: Known, ruled: Bounds) -> tuple[Known, Bounds]:
    """Return what would be known, and the bounds that would hold, under another policy."""
    if change.sends_everything:
        return _asking_nobody(known), Bounds(quiet=NEVER_QUIET, cap=Cap(MOST_CAP))
    bounds = replace(
        ruled,
        quiet=change.quiet or ruled.quiet,
        cap=ruled.cap if change.cap is None else replace(ruled.cap, most=change.cap),
        is_marketing_stopped=ruled.is_marketing_stopped
        if change.is_marketing_stopped is None
        else change.is_marketing_stopped,
    )
    if not change.defaults:
        return known, bounds
    person = known.person
    chosen = {**change.defaults, **person.preferences}
    return Known(known.notice, replace(person, preferences=chosen), known.standing), bounds


def _asking_nobody(known: Known) -> Known:
    there = known.person
    silent = replace(
        nobody(there.person_id),
        zone=there.zone,
        addresses=there.addresses,
        dead=there.dead,
        consents=AGREED,
    )
    return Known(known.notice, silent, None)


def _decide(known: Known, recent: Row, bounds: Bounds, at: datetime) -> Verdict:
    return decide(known.notice, known.person, recent, bounds, at, standing=known.standing)
