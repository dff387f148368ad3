"""Contacts by the hour with a campaign and without it, beside the people who are rostered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.campaigns.sends import HOUR, hour_of
from app.forecast import plan_store, sends_store
from app.forecast.plan import PlannedHour, by_hour
from app.forecast.sends import added_contacts
from orders_core.tx import Tx

BEFORE, AFTER = timedelta(hours=2), timedelta(hours=8)
ECHO = timedelta(hours=5)  #: messages are answered for so long
MOST = timedelta(hours=48)
A_THIN_HOUR = 0.5  #: contacts; below, nothing can be concluded from a ratio


@dataclass(frozen=True, kw_only=True)
class LoadHour:
    """One hour. Contacts are None where nobody planned the hour.

    `people_needed` is that of the plan, raised by as much as the contacts are.
    """

    hour: datetime
    without: float | None
    with_it: float | None
    people_needed: int | None
    people_rostered: int | None
    is_closed: bool = False

    @property
    def is_short(self) -> bool:
        """Whether more people are needed than are rostered, while the desk is open."""
        if self.people_needed is None or self.people_rostered is None:
            return False
        return self.people_needed > self.people_rostered and not self.is_closed


def load(
    tx: Tx, mine: Mapping[datetime, int], *, is_announced: bool, now: datetime
) -> Sequence[LoadHour]:
    """Return the hours around a campaign's sends, with and without them.

    `mine` counts its people by the hour; `is_announced` says that the forecast knows of them.
    """
    since = hour_of(min(mine, default=now) - BEFORE)
    until = min(hour_of(max(mine, default=now) + AFTER), since + MOST)
    planned = {one.hour: one for one in by_hour(plan_store.plan(tx, since=since, until=until))}
    sends = sends_store.per_hour(tx, since=since - ECHO, until=until)
    others = _minus(sends, mine) if is_announced else sends
    theirs, ours = added_contacts(others), added_contacts(mine)
    hours = [since + HOUR * step for step in range(int((until - since) / HOUR))]
    return [
        _hour(hour, planned.get(hour), theirs.get(hour, 0.0), ours.get(hour, 0.0)) for hour in hours
    ]


def _minus(sends: Mapping[datetime, int], mine: Mapping[datetime, int]) -> dict[datetime, int]:
    return {hour: max(count - mine.get(hour, 0), 0) for hour, count in sends.items()}


def _hour(hour: datetime, planned: PlannedHour | None, theirs: float, ours: float) -> LoadHour:
    if planned is None:
        return LoadHour(
            hour=hour, without=None, with_it=None, people_needed=None, people_rostered=None
        )
    without = max(planned.expected - planned.added, 0.0) + theirs
    return LoadHour(
        hour=hour,
        without=without,
        with_it=without + ours,
        people_needed=_needed(planned, without + ours),
        people_rostered=planned.people_rostered,
        is_closed=planned.is_closed,
    )


def _needed(planned: PlannedHour, contacts: float) -> int:
    if planned.expected < A_THIN_HOUR:
        return planned.people_needed
    return math.ceil(planned.people_needed * max(contacts / planned.expected, 0.0) - 1e-9)
