"""Quiet hours: bells wait for the morning of the place where the person lives.

A window is a wall-clock interval `[start, end)` that belongs to the day it starts on and may wrap
midnight; an empty one (`start == end`) never holds anything. It is turned into instants edge by
edge, so a night is longer or shorter by the hour that the zone takes or gives:

* a wall time that a clock change skips stands for the first instant after the gap;
* a wall time that comes twice stands for its first coming, and only that.

Nothing here adds 24 hours to anything.

Whose hours hold: the person's own where they chose some, else the shop's; both where the shop
locked its own. Beside them stands the law, which nobody's choice widens. What was held rings when
nothing holds it any more, spread over some minutes, never into the next night.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.hub.bounds import Bounds, Window
from app.hub.catalogue import Kind, Notice
from app.hub.question import Channels, Finding, Question, passed, skipped
from app.hub.verdict import Because, Downgrade, Outcome, Wait
from app.people.choices import BELLS, ChannelName
from app.people.recipient import Recipient
from orders_core.ids import PersonId

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
LONGEST_HELD = timedelta(days=8)
#: Advertising by SMS may arrive from 08:00 to 21:00 where the person is; law, so no setting.
UNLAWFUL = Window(time(21), time(8))


class Whose(StrEnum):
    """Whose hours hold a bell. Append only: stored in traces."""

    SHOP = "shop"
    OWN = "own"
    LAW = "law"


Windows = tuple[tuple[Whose, Window], ...]
LAW = (Whose.LAW, UNLAWFUL)


class Hold(NamedTuple):
    """When a bell may ring again, and whose hours end then; `until` is None if that is never."""

    until: datetime | None
    by: Whose


class Plan(NamedTuple):
    """Which channels go now and which are held; `until` is None if none is, or if it is for good.

    Everything that is held rings together.
    """

    at_once: Channels
    held: Channels
    until: datetime | None
    by: Whose | None


def quiet_hours(question: Question, channels: Channels) -> Finding:
    """Hold every bell until nobody's hours hold it any more; the inbox never waits."""
    planned = plan(question, channels)
    zone = question.person.zone
    if planned.by is None:
        urgent = question.notice.is_urgent
        return passed(channels, {"urgent": True} if urgent else {"zone": zone})
    if planned.until is None:
        return _never(planned, {"zone": zone, "by": planned.by, "never": True})
    inputs = {"zone": zone, "until": planned.until.isoformat(), "by": planned.by}
    wait = Wait(planned.until, planned.held, planned.at_once, _because(planned))
    return Finding(Outcome.WAIT, channels, inputs, wait)


def _never(planned: Plan, inputs: Mapping[str, Any]) -> Finding:
    """Leave out bells whose hours never end, as where a day and a night hold them between them."""
    if not planned.at_once:
        return skipped(inputs, _because(planned))
    answer = Downgrade(planned.at_once, _because(planned))
    return Finding(Outcome.NARROW, planned.at_once, inputs, answer)


def _because(planned: Plan) -> Because:
    return Because.LEGAL_HOURS if planned.by is Whose.LAW else Because.QUIET_HOURS


def plan(question: Question, channels: Channels) -> Plan:
    """Say which of these channels ring now, which are held, and until when, the spread included."""
    notice, zone, now = question.notice, question.person.zone, question.now
    if BELLS.isdisjoint(channels):
        return Plan(channels, (), None, None)
    windows = chosen(notice, question.person, question.bounds)
    usual = hold = held_by(now, windows, zone)
    if is_bound_by_law(notice, channels):
        windows = (*windows, LAW)
        hold = held_by(now, windows, zone)
    if hold is None:
        return Plan(channels, (), None, None)
    silenced = BELLS if usual else {ChannelName.SMS}
    at_once = tuple(channel for channel in channels if channel not in silenced)
    held = tuple(channel for channel in channels if channel in silenced)
    until = hold.until and hold.until + _spread(question, hold.until, windows)
    return Plan(at_once, held, until, hold.by)


def chosen(notice: Notice, person: Recipient, bounds: Bounds) -> Windows:
    """Say whose hours hold the bells of a notice; nobody's choice holds one that is urgent."""
    if notice.is_urgent:
        return ()
    shop = (Whose.SHOP, bounds.quiet)
    if person.quiet is None:
        return (shop,)
    own = (Whose.OWN, person.quiet)
    return (own, shop) if bounds.is_quiet_locked else (own,)


def is_bound_by_law(notice: Notice, channels: Channels) -> bool:
    """Say whether the law has hours for a notice on one of these channels, urgent or not."""
    return notice.kind is Kind.MARKETING and ChannelName.SMS in channels


def stands_until(question: Question, channel: str) -> datetime | None:
    """Say when the next hours begin that hold a channel; None if none ever do.

    Until then it may ring without being asked again.
    """
    if channel not in BELLS:
        return None
    windows = chosen(question.notice, question.person, question.bounds)
    if is_bound_by_law(question.notice, (channel,)):
        windows = (*windows, LAW)
    return _next_start(question.now, windows, question.person.zone)


def held_by(now: datetime, windows: Windows, zone: str) -> Hold | None:
    """Say when none of the windows holds any more, and whose holds last; None if none holds now."""
    moment, by = now, None
    latest = now + LONGEST_HELD
    while moment <= latest:
        until, whose = moment, by
        for one, window in windows:
            ends = held_until(moment, window, zone)
            if ends is not None and ends > until:
                until, whose = ends, one
        if until == moment:
            return Hold(moment, by) if by else None
        moment, by = until, whose
    return Hold(None, by) if by else None


def _spread(question: Question, edge: datetime, windows: Windows) -> timedelta:
    """Return how long after the edge this person's bells ring: the same for one edge, always.

    Less than the time the notice is worth reading, and than what is left until the next night.
    """
    most = min(question.bounds.spread, question.notice.ttl)
    following = _next_start(edge, windows, question.person.zone)
    if following is not None:
        most = min(most, following - edge)
    seconds = int(most.total_seconds())
    return timedelta(seconds=_lot(question.person.person_id, edge) % seconds if seconds else 0)


def _lot(person_id: PersonId, edge: datetime) -> int:
    drawn = blake2b(person_id.bytes + edge.isoformat().encode(), digest_size=8)
    return int.from_bytes(drawn.digest())


def _next_start(after: datetime, windows: Windows, zone: str) -> datetime | None:
    starts = [_start_after(after, window, zone) for _, window in windows]
    return min((start for start in starts if start is not None), default=None)


@lru_cache(maxsize=1024)
def _start_after(after: datetime, window: Window, zone: str) -> datetime | None:
    """Return the first start of a window after an instant."""
    if window.is_empty:
        return None
    today = after.astimezone(zone_of(zone)).date()
    starts = (
        instant(day, window.start, zone)
        for day in (today + ahead * A_DAY for ahead in range(-1, 9))
        if day.weekday() in window.weekdays
    )
    return next((start for start in starts if start > after), None)


@lru_cache(maxsize=1024)
def held_until(now: datetime, window: Window, zone: str) -> datetime | None:
    """Say when the window that `now` lies in ends, in UTC; None if `now` lies in none."""
    if window.is_empty:
        return None
    today = now.astimezone(zone_of(zone)).date()
    for day in (today - A_DAY, today):
        if day.weekday() not in window.weekdays:
            continue
        start, end = _edges(day, window, zone)
        if start <= now < end:
            return end
    return None


@lru_cache(maxsize=4096)
def _edges(day: date, window: Window, zone: str) -> tuple[datetime, datetime]:
    last = day + A_DAY if window.wraps else day
    return instant(day, window.start, zone), instant(last, window.end, zone)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name."""
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def instant(day: date, wall: time, zone: str) -> datetime:
    """Return the first valid instant, in UTC, at which a zone's clocks show `day` and `wall`.

    A time that a clock change skips becomes the first instant after the gap.
    """
    place = zone_of(zone)
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
