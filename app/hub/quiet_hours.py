"""Quiet hours: bells wait for the morning of the place where the person lives.

A window is a wall-clock interval `[start, end)` that belongs to the day it starts on and may wrap
midnight; an empty one (`start == end`) never holds anything. It is turned into instants edge by
edge, so a night is longer or shorter by the hour that the zone takes or gives:

* a wall time that a clock change skips stands for the first instant after the gap;
* a wall time that comes twice stands for its first coming, and only that.

Nothing here adds 24 hours to anything.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.hub.bounds import Window
from app.hub.question import Channels, Finding, Question, passed
from app.hub.verdict import Because, Outcome, Wait
from app.people.choices import BELLS

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


def quiet_hours(question: Question, channels: Channels) -> Finding:
    """Hold every bell until the window ends, unless the notice is urgent; the inbox never waits."""
    if question.notice.is_urgent:
        return passed(channels, {"urgent": True})
    until = held_until(question.now, question.bounds.quiet, question.person.zone)
    if until is None:
        return passed(channels, {"zone": question.person.zone})
    held = tuple(channel for channel in channels if channel in BELLS)
    inputs = {"zone": question.person.zone, "until": until.isoformat()}
    if not held:
        return passed(channels, inputs)
    at_once = tuple(channel for channel in channels if channel not in BELLS)
    return Finding(Outcome.WAIT, channels, inputs, Wait(until, held, at_once, Because.QUIET_HOURS))


@lru_cache(maxsize=1024)
def held_until(now: datetime, window: Window, zone: str) -> datetime | None:
    """Say when the window that `now` lies in ends, in UTC; None if `now` lies in none."""
    if window.is_empty:
        return None
    today = now.astimezone(_zone(zone)).date()
    for day in (today - A_DAY, today):
        start, end = _edges(day, window, zone)
        if start <= now < end:
            return end
    return None


@lru_cache(maxsize=4096)
def _edges(day: date, window: Window, zone: str) -> tuple[datetime, datetime]:
    last = day + A_DAY if window.wraps else day
    return instant(day, window.start, zone), instant(last, window.end, zone)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant(day: date, wall: time, zone: str) -> datetime:
    """Return the first valid instant, in UTC, at which a zone's clocks show `day` and `wall`.

    A time that a clock change skips becomes the first instant after the gap.
    """
    place = _zone(zone)
    local = datetime.combine(day, wall, tzinfo=place)
    reached = local.astimezone(UTC)
    if reached.astimezone(place).replace(tzinfo=None) == local.replace(tzinfo=None):
        return reached
    return _end_of_gap(local)


def _end_of_gap(local: datetime) -> datetime:
    """Find the change that skipped a wall time; changes happen on whole seconds of UTC.

    Read with the offset after the change the time lies before it, with the one before it after.
    """
    place = local.tzinfo
    early, late = local.replace(fold=1).astimezone(UTC), local.astimezone(UTC)
    early, late = early.replace(microsecond=0), late.replace(microsecond=0) + A_SECOND
    offset_before = early.astimezone(place).utcoffset()
    while late - early > A_SECOND:
        middle = early + A_SECOND * ((late - early) // A_SECOND // 2)
        if middle.astimezone(place).utcoffset() == offset_before:
            early = middle
        else:
            late = middle
    return late
