"""How many people at once, and when the next may follow. Pure, in business time.

A pace is kept exactly: each chunk pays for its people in time, so that 1,019 a minute are 1,019.
What a pause or a sleeping worker leaves unused is not made up for afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

CHUNK = 500
A_MINUTE = timedelta(minutes=1)
CHUNKS_A_MINUTE = 6
MOST_BEHIND = timedelta(seconds=10)  #: lateness that is made up for: a round of a worker, no more


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many people in a minute of business time; None: as fast as it goes."""

    per_minute: int | None

    @property
    def chunk(self) -> int:
        """How many people are decided about in one transaction."""
        if self.per_minute is None:
            return CHUNK
        return max(1, min(CHUNK, self.per_minute // CHUNKS_A_MINUTE))

    def ready_after(self, people: int, *, was_ready_at: datetime | None, now: datetime) -> datetime:
        """Say when the next chunk may follow one of `people` that went at `now`."""
        if self.per_minute is None:
            return now
        began = now if was_ready_at is None else max(was_ready_at, now - MOST_BEHIND)
        return began + A_MINUTE * people / self.per_minute
