"""What is asked of every rule, and how a rule answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from app.hub.bounds import Bounds
from app.hub.catalogue import Kind, Notice
from app.hub.verdict import Answer, Because, Outcome, Skip
from app.people.recipient import Recipient

Channels = tuple[str, ...]
NOTHING: Mapping[str, Any] = {}  #: what a rule looked at that had nothing to object to


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the thing that a notice tells of stands now."""

    order_status: str | None = None
    parcel_status: str | None = None
    is_date_current: bool = True  #: the expected day told is still the expected day
    is_short: bool = True  #: goods that were missing still are
    is_ended: bool = False  #: the refund told of has arrived, or the goods of the return have come
    is_fetched: bool = False  #: the person was told to fetch it, so they know that it arrived


@dataclass(frozen=True, slots=True)
class Question:
    """May this notice reach this person now?

    `standing` is None where there is nothing to move on, or where it is decided as of the event's
    own time.
    """

    notice: Notice
    person: Recipient
    pressure: Sequence[int]
    bounds: Bounds
    now: datetime
    standing: Standing | None = None

    @property
    def more_on(self) -> str | None:
        """The bell that the person asked to ring for every step of this order, if it is one.

        That is said of order news alone: never of advertising, nor of what a receiver hears.
        """
        notice = self.notice
        is_step = notice.kind is Kind.ORDER and not notice.for_receiver
        return self.person.more_on if is_step else None


class Finding(NamedTuple):
    """What a rule says: which channels are left, what it looked at, its answer if it has one."""

    outcome: Outcome
    channels: Channels
    inputs: Mapping[str, Any]
    answer: Answer | None = None


Rule = Callable[[Question, Channels], Finding]


def passed(channels: Channels, inputs: Mapping[str, Any]) -> Finding:
    """Say that a rule has nothing to object."""
    return Finding(Outcome.PASS, channels, inputs) if inputs else _silent(channels)


@lru_cache(maxsize=256)
def _silent(channels: Channels) -> Finding:
    """Return the one finding of all rules that looked at nothing, of which a trace has many."""
    return Finding(Outcome.PASS, channels, NOTHING)


def skipped(inputs: Mapping[str, Any], because: Because) -> Finding:
    """Say that nothing may go out."""
    return Finding(Outcome.SKIP, (), inputs, Skip(because))


def without(
    channels: Channels, gone: Sequence[str], inputs: Mapping[str, Any], because: Because
) -> Finding:
    """Say which channels fall away; when none is left, nothing may go out."""
    if not gone:
        return passed(channels, inputs)
    left = tuple(channel for channel in channels if channel not in gone)
    if not left:
        return skipped(inputs, because)
    return Finding(Outcome.NARROW, left, inputs)
