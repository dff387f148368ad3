"""The shop's rules for reaching people: how many, when, and whether marketing is stopped."""

from dataclasses import dataclass
from datetime import time, timedelta

from app.hub.bell_rules import ALL_RING, Bells
from app.hub.cap_rules import NO_CAPS, Caps
from app.hub.route_rules import NO_ROUTES, Routes
from app.people.hours import Window
from app.people.levels import Wishes

__all__ = ["MOST_CAP", "Bounds", "Cap", "Window"]

NIGHT = Window(time(22), time(8))
MOST_CAP = 30  # a person's packed row holds 64 entries; one message takes at most two


@dataclass(frozen=True, slots=True)
class Cap:
    """The ceiling that no table lifts: `most` marketing messages to one person a rolling day."""

    most: int

    def __post_init__(self) -> None:
        if not 0 <= self.most <= MOST_CAP:
            raise ValueError(f"a cap lies between 0 and {MOST_CAP}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Everything `decide` may know of the shop's wishes.

    `quiet` holds for whoever chose no hours of their own; while it `is_quiet_locked` it holds for
    everybody, beside their own. What was held rings within `spread` of the end of the night.
    """

    quiet: Window = NIGHT
    is_quiet_locked: bool = False
    spread: timedelta = timedelta(0)
    cap: Cap = Cap(3)
    bells: Bells = ALL_RING
    caps: Caps = NO_CAPS
    is_marketing_stopped: bool = False
    preferences: Wishes = ()
    rhythms: tuple[tuple[str, str, str], ...] = ()  # (kind, channel, how often it rings)
    escalations: tuple[tuple[str, str, int], ...] = ()  # (notice, channel, minutes unseen)
    routes: Routes = NO_ROUTES
    tired: tuple[int, ...] = ()  # percents of risk at which no bell of an offer rings

    @property
    def reach(self) -> timedelta:
        """How far back a decision may look at what a person heard."""
        return self.caps.reach
