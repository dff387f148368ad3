"""Release what happened once in the same rhythm, faster."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

LONGEST_PAUSE_SECONDS = 1.0


class Pace:
    """Walks along times in order, `speed` of their seconds in one of the machine's.

    `speed` is above 0. `pause` takes machine seconds.
    """

    def __init__(
        self,
        times: Sequence[datetime],
        *,
        speed: float,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._times, self._speed = times, speed
        self._pause, self._clock = pause, clock

    def walk(self, *, start: int, at_most: int) -> Iterator[int]:
        """Yield again and again how many of the times are due, at most so many more than before.

        The clock of the walk starts at the first time behind `start`.
        """
        done, began = start, self._clock()
        while done < len(self._times):
            lived = timedelta(seconds=(self._clock() - began) * self._speed)
            now = self._times[start] + lived
            due = done
            while due < min(len(self._times), done + at_most) and self._times[due] <= now:
                due += 1
            if due > done:
                done = due
                yield done
            else:
                wait_seconds = (self._times[done] - now).total_seconds() / self._speed
                self._pause(min(wait_seconds, LONGEST_PAUSE_SECONDS))
