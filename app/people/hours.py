"""Hours of a person's own clock."""

from dataclasses import dataclass
from datetime import time

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to just before `end`, on the wall clock of the person; may wrap midnight.

    `weekdays` are the days it starts on, 0 for Monday to 6 for Sunday: a night that starts on
    Friday is Friday's until its end. `start == end` is an empty window, never a full day.
    """

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY

    @property
    def is_empty(self) -> bool:
        """Whether no time lies in it."""
        return self.start == self.end or not self.weekdays

    @property
    def wraps(self) -> bool:
        """Whether it ends on the day after it starts."""
        return self.end < self.start
