"""The six steps of the tour, and which of them may be asked for now. Pure.

Four of them tell one story: an order is bought, shipped, made late and asked about. A new ① begins
a new story, and what was played of an older one no longer counts for the steps that build on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Step(StrEnum):
    """What can be played, in the order of the tour."""

    BUY = "buy"
    SHIP = "ship"
    LATE = "late"
    ASK = "ask"
    DOORS = "doors"
    PLUG = "plug"


class State(StrEnum):
    """How far a wish has come."""

    ASKED = "asked"
    PLAYING = "playing"
    DONE = "done"
    FAILED = "failed"


OPEN = frozenset({State.ASKED, State.PLAYING})
NEEDS: Mapping[Step, Step] = {Step.SHIP: Step.BUY, Step.LATE: Step.SHIP, Step.ASK: Step.SHIP}
ONCE_A_STORY = frozenset({Step.SHIP})  # a parcel that left does not leave again
STORY = (Step.BUY, Step.SHIP, Step.LATE, Step.ASK)
PATIENCE_SECONDS = 90.0  # a player that says nothing for longer has gone away
PLAYER_SECONDS = 6.0  # one that is there takes a wish well within this


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that a step made of the public API; `said` is what came back, in a line."""

    method: str
    path: str
    status: int
    took_ms: float
    said: Any = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One step that somebody asked for. Times are machine time."""

    id: UUID
    step: Step
    state: State
    facts: Mapping[str, Any]
    calls: Sequence[Call] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    asked_at: datetime
    settled_at: datetime | None = None
    silent_seconds: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is still to be played."""
        return self.state in OPEN

    @property
    def waits_for_player(self) -> bool:
        """Whether nobody has taken it for so long that nobody seems to be there."""
        return self.state is State.ASKED and self.silent_seconds > PLAYER_SECONDS


class Standing(StrEnum):
    """Whether a step may be asked for now, and if not, why."""

    OPEN = "open"
    EARLY = "early"  #: the step it builds on was not played yet in this story
    PLAYED = "played"  #: it was played, and cannot be twice in one story
    BUSY = "busy"  #: another step is being played
    SHUT = "shut"  #: the shop is still being furnished


def story(done: Mapping[Step, Wish]) -> Mapping[Step, Wish]:
    """Return what was played of the present story, out of the latest finished wish of each step."""
    told: dict[Step, Wish] = {}
    for step in Step:
        wish = done.get(step)
        if wish is None or (step in NEEDS and not _builds_on(told.get(NEEDS[step]), wish)):
            continue
        told[step] = wish
    return told


def standing(step: Step, told: Mapping[Step, Wish], *, is_busy: bool) -> Standing:
    """Say whether a step may be asked for, given the present story."""
    if is_busy:
        return Standing.BUSY
    if step in NEEDS and NEEDS[step] not in told:
        return Standing.EARLY
    if step in ONCE_A_STORY and step in told:
        return Standing.PLAYED
    return Standing.OPEN


def facts_for(told: Mapping[Step, Wish], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a player is told: the results of the story so far, then what was given."""
    facts: dict[str, Any] = {}
    for before in STORY:
        if before in told:
            facts |= told[before].result
    return facts | dict(given)


def window_after(wish: Wish, others: Iterable[Wish]) -> datetime | None:
    """Return when the next step of the same story was asked for: what happens later is its own."""
    later = [other.asked_at for other in others if other.asked_at > wish.asked_at]
    return min(later, default=None)


def _builds_on(needed: Wish | None, wish: Wish) -> bool:
    return needed is not None and needed.asked_at < wish.asked_at
