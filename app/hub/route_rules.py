"""Which bell goes first for each notice. Pure: made of a table, read by a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.people.choices import ChannelName

EVERY = "all"  #: no bell goes first: all ring
SEEN = "seen"  #: the one that the person opened something on last
CHEAPEST = "cheapest"  #: the one that costs least of those that may ring
NOWHERE = "none"  #: nothing was opened lately
#: What one costs, least first: a push is free, an SMS is paid for one by one.
BY_COST = (ChannelName.PUSH, ChannelName.EMAIL, ChannelName.SMS)


class Route(NamedTuple):
    """The bell that goes first, and after how many minutes unseen the others ring; 0 is never."""

    first: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of notices, by the channel that was opened last; what is not listed rings all."""

    by: Mapping[str, Mapping[str, Route]] = field(default_factory=dict, hash=False)


NO_ROUTES = Routes()
