"""The shop's rules for reaching people: how many, when, and whether marketing is stopped."""

from dataclasses import dataclass
from datetime import time, timedelta

MOST_CAP = 30  # a person's packed row holds 64 entries; one message takes at most two


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to just before `end`, on the wall clock of the person; may wrap midnight.

    `start == end` is an empty window, never a full day.
    """

    start: time
    end: time

    @property
    def is_empty(self) -> bool:
        """Whether no time lies in it."""
        return self.start == self.end

    @property
    def wraps(self) -> bool:
        """Whether it ends on the day after it starts."""
        return self.end < self.start


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` marketing messages to one person in any `window`."""

    most: int
    window: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if not 0 <= self.most <= MOST_CAP:
            raise ValueError(f"a cap lies between 0 and {MOST_CAP}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Everything `decide` may know of the shop's wishes."""

    quiet: Window = Window(time(22), time(8))
    cap: Cap = Cap(3)
    is_marketing_stopped: bool = False
