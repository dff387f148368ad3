"""An account of what people heard, kept beside the hub and by other means, to check caps against.

It knows moments and channels, and counts them anew for every question: no packed row, no `decide`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind
from app.people.choices import Category

SPANS = {
    Per.ROLLING_HOUR: timedelta(hours=1),
    Per.ROLLING_DAY: timedelta(days=1),
    Per.ROLLING_WEEK: timedelta(days=7),
    Per.ROLLING_MONTH: timedelta(days=30),
}
ROWS = (
    (Limit("an hour's bells", "bells", 2, Per.ROLLING_HOUR), Over.DEFER),
    (Limit("a day's bells", "bells", 3, Per.CALENDAR_DAY), Over.DOWNGRADE),
    (Limit("24 hours", "everything", 6, Per.ROLLING_DAY), Over.DROP),
    (Limit("a week's bells", "bells", 6, Per.ROLLING_WEEK), Over.DOWNGRADE),
    (Limit("this week's letters", "email", 4, Per.CALENDAR_WEEK), Over.DROP),
    (Limit("a day's letters", "email", 2, Per.ROLLING_DAY), Over.DROP),
    (Limit("a week's pushes", "push", 5, Per.ROLLING_WEEK), Over.DOWNGRADE),
    (Limit("a month's pushes", "push", 8, Per.CALENDAR_MONTH), Over.DROP),
    (Limit("a month", "bells", 9, Per.ROLLING_MONTH), Over.DOWNGRADE),
    (Limit("a day's lines", "inapp", 5, Per.CALENDAR_DAY), Over.DROP),
)
Arrivals = Sequence[tuple[frozenset[str], datetime]]
TEN = tuple(limit for limit, _ in ROWS)
CAPS = caps_of(
    Row(limit, Kind.MARKETING, category, over) for limit, over in ROWS for category in Category
)
#: The same ten, held to by offers and by news of orders, which count together.
BOTH = caps_of(
    Row(limit, kind, category, over)
    for limit, over in ROWS
    for kind in (Kind.MARKETING, Kind.ORDER)
    for category in Category
)
BELLS, LINE = frozenset({"email", "push", "sms"}), frozenset({"inapp"})
EVENING, DAYBREAK = 22, 8


@dataclass(frozen=True)
class Heard:
    """One message on some channels at one moment."""

    at: datetime
    channels: frozenset[str]


def surfaces(limit: Limit) -> Sequence[frozenset[str]]:
    """Name the sets of channels that a limit counts, each by itself."""
    named = {"everything": (LINE, BELLS), "bells": (BELLS,)}
    return named.get(limit.surface, (frozenset({limit.surface}),))


def breaches(heard: Iterable[Heard], zone: str) -> list[tuple[str, datetime]]:
    """Name every limit of the ten that was passed, and when."""
    told = list(heard)
    return [
        (limit.name, at)
        for limit in TEN
        for surface in surfaces(limit)
        for at, count in _windows(limit, [one.at for one in told if one.channels & surface], zone)
        if count > limit.most
    ]


def _windows(
    limit: Limit, moments: Sequence[datetime], zone: str
) -> Iterable[tuple[datetime, int]]:
    for end in moments:
        if limit.per in SPANS:
            start = end - SPANS[limit.per]
            yield end, sum(start < one <= end for one in moments)
        else:
            yield end, sum(_page(one, limit, zone) == _page(end, limit, zone) for one in moments)


def _page(moment: datetime, limit: Limit, zone: str) -> tuple[int, ...]:
    """Return the leaf of the person's calendar that a moment is on."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    if limit.per is Per.CALENDAR_DAY:
        return (day.toordinal(),)
    return day.isocalendar()[:2] if limit.per is Per.CALENDAR_WEEK else (day.year, day.month)


def passed(heard: Iterable[Heard], zone: str) -> list[str]:
    """Name every limit of the ten that was passed; as `breaches`, for long accounts."""
    told = list(heard)
    return [
        limit.name
        for limit in TEN
        for surface in surfaces(limit)
        if _most(limit, sorted(one.at for one in told if one.channels & surface), zone) > limit.most
    ]


def _most(limit: Limit, moments: Sequence[datetime], zone: str) -> int:
    """Count the fullest window of moments in order of time."""
    if limit.per not in SPANS:
        pages = Counter(_page(one, limit, zone) for one in moments)
        return max(pages.values(), default=0)
    fullest = start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= SPANS[limit.per]:
            start += 1
        fullest = max(fullest, end - start + 1)
    return fullest


def is_full(limit: Limit, heard: Iterable[Heard], arrivals: Arrivals, zone: str) -> bool:
    """Say whether a limit leaves no room where a message would arrive: its line, its bells."""
    told = list(heard)
    return any(
        _leaves_none(limit, sorted(one.at for one in told if one.channels & surface), at, zone)
        for channels, at in arrivals
        for surface in surfaces(limit)
        if surface & channels
    )


def _leaves_none(limit: Limit, moments: Sequence[datetime], at: datetime, zone: str) -> bool:
    """Say whether some window around an arrival is full, to the second."""
    if limit.per not in SPANS:
        page = _page(at, limit, zone)
        return sum(_page(one, limit, zone) == page for one in moments) >= limit.most
    span = SPANS[limit.per] + timedelta(seconds=1)
    near = [one for one in moments if abs(one - at) <= span]
    runs = zip(near, near[limit.most - 1 :], strict=False)
    return any(max(last, at) - min(first, at) <= span for first, last in runs)


def rings_at(at: datetime, zone: str, *, is_urgent: bool) -> datetime:
    """Return when a bell rings that is decided at a moment: at night, in the morning."""
    local = at.astimezone(ZoneInfo(zone))
    if is_urgent or DAYBREAK <= local.hour < EVENING:
        return at
    day = local.date() + timedelta(days=local.hour >= EVENING)
    return datetime.combine(day, time(DAYBREAK), ZoneInfo(zone)).astimezone(UTC)
