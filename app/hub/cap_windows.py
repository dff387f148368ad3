"""How full a cap's window is, and when it has room again. Pure; times are seconds since 1970.

Two messages are in one rolling window unless more than its length lies between them, to the
second: the rounding errs towards fewer bells. A calendar window is a day, a week from Monday, or a
month of the place where the person lives, however long its clocks make it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from app.hub.cap_rules import ROLLING_SECONDS, Per
from app.hub.pressure import moment_of, seconds_of
from app.hub.quiet_hours import instant, zone_of

MIDNIGHT = time(0)


def filled(heard_at: Sequence[int], arrival: int, per: Per, zone: str) -> int:
    """Count what the fullest window around an arrival already holds; `heard_at` is in order."""
    if (length := ROLLING_SECONDS.get(per)) is not None:
        return fullest_window(heard_at, arrival, length)
    start, end = period(arrival, per, zone)
    return bisect_left(heard_at, end) - bisect_left(heard_at, start)


def fullest_window(heard_at: Sequence[int], arrival: int, window_seconds: int) -> int:
    """Count what the fullest rolling window around an arrival already holds.

    Only windows that end at the arrival or at something heard after it can be the fullest.
    """
    near = [at for at in heard_at if abs(at - arrival) <= window_seconds]
    ends = [arrival, *(at for at in near if at > arrival)]
    return max(sum(end - window_seconds <= at <= end for at in near) for end in ends)


def next_change(heard_at: Sequence[int], arrival: int, per: Per, zone: str) -> int:
    """Return the first moment after an arrival at which its window holds something else."""
    if (length := ROLLING_SECONDS.get(per)) is not None:
        leaving = [at + length + 1 for at in heard_at if at + length + 1 > arrival]
        return min(leaving, default=arrival + length + 1)
    return period(arrival, per, zone)[1]


def period(arrival: int, per: Per, zone: str) -> tuple[int, int]:
    """Return the first second of the calendar window an arrival lies in, and of the next one."""
    return _edges(_day(arrival, zone), per, zone)


@lru_cache(maxsize=4096)
def _day(second: int, zone: str) -> date:
    return moment_of(second).astimezone(zone_of(zone)).date()


@lru_cache(maxsize=4096)
def _edges(day: date, per: Per, zone: str) -> tuple[int, int]:
    match per:
        case Per.CALENDAR_WEEK:
            first = day - timedelta(days=day.weekday())
            last = first + timedelta(days=7)
        case Per.CALENDAR_MONTH:
            first = day.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1)
        case _:
            first, last = day, day + timedelta(days=1)
    return _midnight(first, zone), _midnight(last, zone)


def _midnight(day: date, zone: str) -> int:
    first: datetime = instant(day, MIDNIGHT, zone)
    return seconds_of(first)
