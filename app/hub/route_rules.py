"""Which bell goes first for each notice. Pure: made of tables, read by a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.people.choices import ChannelName

EVERY = "all"  #: no bell goes first: all ring
SEEN = "seen"  #: the one that the person opened something on last
LEARNT = "learnt"  #: the one that is worth most of what the person was seen to open
CHEAPEST = "cheapest"  #: the one that costs least of those that may ring
NOWHERE = "none"  #: nothing was opened lately
USUAL_WORTH = 20_000  #: of a table that says nothing of it
#: What a thousand messages cost, in minor units, where no table says so; of equals the first wins.
USUAL_COSTS = (
    (ChannelName.PUSH.value, 0),
    (ChannelName.EMAIL.value, 100),
    (ChannelName.SMS.value, 5000),
)


class Route(NamedTuple):
    """The bell that goes first, and after how many minutes unseen the others ring; 0 is never.

    `worth` is what it is worth that a thousand people see it, in minor units.
    """

    first: str
    minutes: int
    worth: int = USUAL_WORTH


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of notices, by the channel that was opened last; what is not listed rings all.

    `costs` are of a thousand messages on each bell, in minor units.
    """

    by: Mapping[str, Mapping[str, Route]] = field(default_factory=dict, hash=False)
    costs: tuple[tuple[str, int], ...] = USUAL_COSTS

    def cheapest(self, bells: Sequence[str]) -> str | None:
        """Return the bell that costs least of these, of equals the first of `costs`."""
        priced = [(cost, at, name) for at, (name, cost) in enumerate(self.costs) if name in bells]
        return min(priced)[2] if priced else None


NO_ROUTES = Routes()
