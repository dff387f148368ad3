"""Where people are missing: the hours that follow each other, as one stretch. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.forecast.plan_store import PlannedHour

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Hours of one day in which too few are rostered; the people are those of the worst hour."""

    since: datetime
    until: datetime
    worst_at: datetime
    needed: int
    rostered: int

    @property
    def missing(self) -> int:
        """How many are missing in the worst hour."""
        return self.needed - self.rostered

    @property
    def is_one_hour(self) -> bool:
        """Whether it is a single hour, which then is the worst."""
        return self.until - self.since == HOUR


def shortfalls(hours: Sequence[PlannedHour], zone: ZoneInfo) -> Sequence[Shortfall]:
    """Return the stretches in which people are missing, in order; none goes past midnight.

    Hours in which the desk is closed are none of them: who writes then waits until it opens.
    """
    found: list[list[PlannedHour]] = []
    for hour in hours:
        if not hour.is_missing_people:
            continue
        if found and _follows(found[-1][-1], hour, zone):
            found[-1].append(hour)
        else:
            found.append([hour])
    return [_stretch(run) for run in found]


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of a time by the shop's calendar."""
    return at.astimezone(zone).date()


def _follows(before: PlannedHour, hour: PlannedHour, zone: ZoneInfo) -> bool:
    is_next = hour.hour - before.hour == HOUR
    return is_next and day_of(before.hour, zone) == day_of(hour.hour, zone)


def _stretch(run: Sequence[PlannedHour]) -> Shortfall:
    worst = max(run, key=lambda hour: hour.people_short)
    return Shortfall(
        since=run[0].hour,
        until=run[-1].hour + HOUR,
        worst_at=worst.hour,
        needed=worst.people_needed,
        rostered=worst.people_rostered,
    )
