"""What a campaign is, where it may stand, and what may follow what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from app.campaigns.segment import EVERYONE, Segment
from app.campaigns.wording import Words
from orders_core.errors import CoreError
from orders_core.ids import show

CampaignId = NewType("CampaignId", UUID)

PREFIX = "cmp"
NOTICE = "announcement"
MOST_PER_MINUTE = 1_000_000


class State(StrEnum):
    """Where a campaign stands. Append only: rows are read for years."""

    DRAFT = "draft"  #: being written; nobody hears of it
    SCHEDULED = "scheduled"  #: its countdown runs, or its time has not come
    RUNNING = "running"  #: people are decided about
    PAUSED = "paused"  #: nobody further is decided about
    FINISHED = "finished"  #: everybody was decided about; bells may still wait for the morning
    CANCELLED = "cancelled"  #: ended by somebody; what was still queued is withdrawn


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SCHEDULED, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.DRAFT, State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.PAUSED, State.FINISHED, State.CANCELLED}),
    State.PAUSED: frozenset({State.RUNNING, State.CANCELLED}),
    State.FINISHED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}


class Timing(StrEnum):
    """On whose clock the time of a campaign is read."""

    NOW = "now"  #: as soon as the countdown ends
    SHOP = "shop"  #: one moment for everybody: the shop's clock
    PERSON = "person"  #: each person's own clock
    BEST = "best"  #: on one day, the hour in which each person opens most


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a marketer writes: who, what, when. May be unfinished.

    `wall` is what the clock of the place shows, without a zone; `pace_per_minute` the most people
    that are decided about in a minute of business time, None for as fast as it goes.
    """

    name: str
    segment: Segment = EVERYONE
    words: Mapping[str, Words] = field(default_factory=dict)
    timing: Timing = Timing.NOW
    wall: datetime | None = None
    pace_per_minute: int | None = None

    def said_in(self, locale: str) -> Words:
        """Return what is said in a language; empty words where nothing was written yet."""
        return self.words.get(locale, Words("", ""))


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign as it stands in our books.

    `launch_at` is machine time: its countdown ends then. `as_of` is the business time that its
    segment looks back from. `ready_at` is the business time that its pace lets it go on.
    """

    id: CampaignId
    draft: Draft
    state: State
    launch_at: datetime | None
    as_of: datetime | None
    ready_at: datetime | None
    created_by: str
    created_at: datetime
    changed_at: datetime

    @property
    def ref(self) -> str:
        """Its id as people see it."""
        return show(PREFIX, self.id)

    @property
    def dispatch(self) -> str:
        """The name of its telling: nobody is told twice under it."""
        return f"{PREFIX}:{self.id}"

    def may(self, to: State) -> bool:
        """Say whether it may go on to a state."""
        return to in MOVES[self.state]


def sources_of(to: State) -> frozenset[State]:
    """Return the states that one may be left for another."""
    return frozenset(state for state, following in MOVES.items() if to in following)


class CampaignError(CoreError):
    """Something about a campaign that is refused."""


class CampaignMoved(CampaignError):
    """The campaign does not stand where this could be done to it."""

    def __init__(self, ref: str, present: State, wanted: str) -> None:
        self.ref, self.present, self.wanted = ref, present, wanted
        super().__init__(f"campaign {ref} is {present}: it cannot be {wanted}")


class CampaignUnready(CampaignError):
    """The campaign is not finished being written; `faults` names what is missing or wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"not ready to be scheduled: {', '.join(faults)}")
