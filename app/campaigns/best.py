"""A day on which each person is told in an hour of their own. Pure.

A zone's slot passes through the day hour by hour: in each it takes whoever is due by then and was
not decided about yet. Only the hours of daylight are passed through, whatever the hour that was
named: earlier than eight and later than nine in the evening the law lets nobody advertise by SMS.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.campaigns import wall

FIRST, LAST = 8, 20
HOURS: Sequence[int] = range(FIRST, LAST + 1)


def named_hour(named: datetime) -> int:
    """Return the hour for all whose own is not known: the one that was named, by daylight."""
    return min(max(named.hour, FIRST), LAST)


def first_pass(named: datetime, zone: str) -> datetime:
    """Return when the day of a zone's people begins."""
    return _at(named, FIRST, zone)


def end_of(named: datetime, zone: str) -> datetime:
    """Return when its last hour is over."""
    return _at(named, LAST + 1, zone)


def due_at(named: datetime, hour: int, zone: str, *, now: datetime) -> datetime:
    """Return when somebody is due in an hour of that day; at once if it has passed."""
    return max(_at(named, hour, zone), now)


def hour_of_pass(named: datetime, due: datetime, zone: str) -> int:
    """Return the hour up to which people are due in a pass: all of them once the day is over."""
    local = due.astimezone(ZoneInfo(zone))
    return local.hour if local.date() <= named.date() else LAST


def next_pass(named: datetime, due: datetime, zone: str) -> datetime | None:
    """Return when the pass after this one begins; None after the last."""
    hour = hour_of_pass(named, due, zone)
    return _at(named, max(hour, FIRST - 1) + 1, zone) if hour < LAST else None


def _at(named: datetime, hour: int, zone: str) -> datetime:
    return wall.read(named.replace(hour=hour, minute=0), zone).at
