"""A policy that is asked about, and what it says of the decisions of the past. Pure.

Many people are alike, as far as a decision knows them: what the sifting rules say of one is
remembered for the others. Where a change cannot touch a verdict it is not asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import NamedTuple

from app.hub.bounds import MOST_CAP, Bounds, Cap, Window
from app.hub.catalogue import Kind
from app.hub.decide import SIFTING, Sifted, settle, sift
from app.hub.facts import Known
from app.hub.pressure import about_of
from app.hub.question import Question
from app.hub.verdict import Verdict
from app.people.choices import ChannelName
from app.people.levels import with_defaults
from app.people.recipient import Recipient, nobody
from orders_core.ids import PersonId

NEVER_QUIET = Window(time(0), time(0))
AGREED = dict.fromkeys((str(channel) for channel in ChannelName), True)
MOST_REMEMBERED = 50_000
SIFTERS = frozenset(name for name, _ in SIFTING)


class Past(NamedTuple):
    """A decision as it was stored. Without `facts` it cannot be made again."""

    id: bytes
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

    def touches(self, known: Known, ruled: Bounds, was: Verdict) -> bool:
        """Say whether a verdict may come out otherwise, had the person heard the same.

        What a sifting rule refused never got as far as the cap or the night.
        """
        if self.sends_everything:
            return True
        notice, person = known.notice, known.person
        if self.defaults and any(about == notice.category for about, _ in self.defaults):
            return True
        stops = self.is_marketing_stopped
        if notice.kind is Kind.MARKETING and stops not in (None, ruled.is_marketing_stopped):
            return True
        if was.decided_by in SIFTERS:
            return False
        if notice.is_capped and self.cap not in (None, ruled.cap.most):
            return True
        is_shops = person.quiet is None or ruled.is_quiet_locked
        return is_shops and not notice.is_urgent and self.quiet not in (None, ruled.quiet)


AS_IT_WAS = Change()
EVERYTHING = Change(sends_everything=True)


class World:
    """A policy, with what it said so far of like cases."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self._is_as_it_was = change.is_none
        self._bounds: dict[int, Bounds] = {}
        self._sifted: dict[tuple[object, ...], Sifted] = {}

    def ask(self, past: Past, known: Known, recent: Sequence[int], ruled: Bounds) -> Verdict:
        """Decide about a person of whom this is known, and who heard this."""
        key = (past.notice, past.facts, past.bounds, _is_paused(known.person, past.decided_at))
        sifted = self._sifted.get(key)
        if sifted is not None and sifted.verdict is not None:
            return sifted.verdict
        bounds = self._ruling(past, ruled)
        changed = known if self._is_as_it_was else under(self.change, known)
        if self.change.sends_everything:
            recent = ()
        question = Question(
            changed.notice, changed.person, recent, bounds, past.decided_at, changed.standing
        )
        if sifted is None:
            sifted = self._remember(key, sift(question))
        return settle(question, sifted)

    def _ruling(self, past: Past, ruled: Bounds) -> Bounds:
        if self._is_as_it_was or past.bounds is None:
            return ruled
        bounds = self._bounds.get(past.bounds)
        if bounds is None:
            bounds = self._bounds[past.bounds] = bounds_under(self.change, ruled)
        return bounds

    def _remember(self, key: tuple[object, ...], sifted: Sifted) -> Sifted:
        if len(self._sifted) >= MOST_REMEMBERED:
            self._sifted.clear()
        self._sifted[key] = sifted
        return sifted


def reads_row(known: Known, ruled: Bounds) -> bool:
    """Say whether a decision looks at what the person heard: whether the notice obeys any cap."""
    return known.notice.is_capped or about_of(known.notice) in ruled.caps.obeyed


def bounds_under(change: Change, ruled: Bounds) -> Bounds:
    """Return the bounds that would hold under another policy."""
    if change.sends_everything:
        return Bounds(quiet=NEVER_QUIET, cap=Cap(MOST_CAP))
    stops = change.is_marketing_stopped
    return replace(
        ruled,
        preferences=with_defaults(ruled.preferences, change.defaults),
        quiet=change.quiet or ruled.quiet,
        cap=ruled.cap if change.cap is None else replace(ruled.cap, most=change.cap),
        is_marketing_stopped=ruled.is_marketing_stopped if stops is None else stops,
    )


def under(change: Change, known: Known) -> Known:
    """Return what would be known under another policy."""
    if change.sends_everything:
        return Known(known.notice, _silent(known.person), None)
    return known


def _silent(person: Recipient) -> Recipient:
    """Return somebody who agreed to everything and chose nothing, with this person's addresses."""
    return replace(
        nobody(person.person_id),
        zone=person.zone,
        addresses=person.addresses,
        dead=person.dead,
        consents=AGREED,
    )


def _is_paused(person: Recipient, now: datetime) -> bool:
    return person.paused_until is not None and now < person.paused_until
