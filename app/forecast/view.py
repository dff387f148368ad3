"""What the page of the forecast shows: one day large, the week small, who is missing in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.forecast import contacts_store, plan_store, promotions, run_store
from app.forecast.drawing import Say, Stretch, contacts_chart, day_ticks, people_chart
from app.forecast.plan_store import PlannedHour
from app.forecast.promotions import Promotion
from app.forecast.shortfall import Shortfall, day_of, shortfalls
from app.http.chart import Drawing
from app.words import show
from app.words.say import say
from ml.load.plan import days_ahead
from orders_core.tx import Tx

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who looks at what: the language and zone of the page, and the day it is opened at."""

    now: datetime
    locale: str
    zone: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What the coming promotion means for the desk."""

    promotion: Promotion
    hours: Sequence[PlannedHour]  #: those it touches that are planned
    missing: Sequence[Shortfall]

    @property
    def expected(self) -> float:
        """Contacts while it lasts."""
        return sum(hour.expected for hour in self.hours)

    @property
    def usual(self) -> float:
        """Contacts that these hours usually bring."""
        return sum(hour.baseline for hour in self.hours)

    @property
    def busiest(self) -> PlannedHour:
        """The hour that needs most people."""
        return max(self.hours, key=lambda hour: hour.people_needed)


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the plan."""

    date: date
    at: datetime
    name: str
    short_name: str
    expected: float
    missing: int  #: most people missing at once
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class View:
    """The page's facts."""

    run: Any  #: the newest run that is stored; None before the first
    is_waiting: bool
    ahead: Ahead | None
    days: Sequence[Day]
    shown: Day
    contacts: Drawing
    people: Drawing
    week: Drawing
    missing: Sequence[Shortfall]
    has_roster: bool
    waiting_contacts: float  #: that come while nobody is meant to answer
    hours: Sequence[PlannedHour]
    came: int  #: contacts of the day shown, so far


def view(tx: Tx, asked: Asked) -> View:
    """Read the plan of today and the seven days that follow, and lay it out."""
    zone = ZoneInfo(asked.zone)
    hours = days_ahead(asked.now, zone)
    since, until = hours[0], hours[-1] + HOUR
    planned = plan_store.plan(tx, since=since, until=until)
    marked = promotions.between(tx, since=since, until=until)
    whole = Stretch(
        hours=hours,
        planned={hour.hour: hour for hour in planned},
        came=contacts_store.per_hour(tx, since=since, until=asked.now + HOUR),
        promotions=marked,
        now=asked.now,
        zone=zone,
        locale=asked.locale,
    )
    left = [hour for hour in planned if hour.hour + HOUR > asked.now]
    days = _days(whole, asked, _opened(asked, marked, zone))
    shown = next(day for day in days if day.is_shown)
    stretch = _of_day(whole, shown.date)
    return View(
        run=run_store.latest(tx),
        is_waiting=run_store.waiting(tx) > 0,
        ahead=_ahead(planned, marked, asked.now, zone),
        days=days,
        shown=shown,
        contacts=_day_chart(contacts_chart, "day", stretch),
        people=_day_chart(people_chart, "people", stretch),
        week=_week_chart(whole),
        missing=shortfalls(left, zone),
        has_roster=any(hour.people_rostered for hour in planned),
        waiting_contacts=sum(hour.expected for hour in left if hour.is_closed),
        hours=planned,
        came=sum(stretch.came.get(hour, 0) for hour in stretch.hours),
    )


def _opened(asked: Asked, marked: Sequence[Promotion], zone: ZoneInfo) -> date:
    """Return the day to show: the one asked for, else that of the promotion that is next."""
    if asked.day is not None:
        return asked.day
    coming = next((one for one in marked if one.ends_at > asked.now), None)
    return day_of(max(coming.starts_at, asked.now) if coming else asked.now, zone)


def _days(whole: Stretch, asked: Asked, opened: date) -> Sequence[Day]:
    by_date: dict[date, list[datetime]] = {}
    for hour in whole.hours:
        by_date.setdefault(day_of(hour, whole.zone), []).append(hour)
    shown = opened if opened in by_date else next(iter(by_date))
    return [_day(whole, on, hours, asked, is_shown=on == shown) for on, hours in by_date.items()]


def _day(
    whole: Stretch, on: date, hours: Sequence[datetime], asked: Asked, *, is_shown: bool
) -> Day:
    planned = [whole.planned[hour] for hour in hours if hour in whole.planned]
    ahead = [hour for hour in planned if hour.hour + HOUR > asked.now]
    return Day(
        date=on,
        at=hours[-1],  # late enough to be of this day in a zone off the hour
        name=show.weekday(asked.locale, hours[-1], zone=asked.zone),
        short_name=_short(asked.locale, hours[-1], whole.zone),
        expected=sum(hour.expected for hour in planned),
        missing=max((hour.people_short for hour in ahead if hour.is_missing_people), default=0),
        is_shown=is_shown,
    )


def _of_day(whole: Stretch, on: date) -> Stretch:
    hours = [hour for hour in whole.hours if day_of(hour, whole.zone) == on]
    return Stretch(**{**vars(whole), "hours": hours})


def _day_chart(chart: Any, key: str, stretch: Stretch) -> Drawing:
    drawn: Drawing = chart(
        key,
        stretch,
        names=[stretch.clock(hour) for hour in stretch.hours],
        ticks=day_ticks(stretch),
        say=_say(stretch),
    )
    return drawn


def _week_chart(whole: Stretch) -> Drawing:
    named = partial(show.weekday, whole.locale, zone=whole.zone.key)
    firsts = {
        slot: _short(whole.locale, hour, whole.zone)
        for slot, hour in enumerate(whole.hours)
        if slot == 0 or day_of(hour, whole.zone) != day_of(whole.hours[slot - 1], whole.zone)
    }
    names = [f"{named(hour)} {whole.clock(hour)}" for hour in whole.hours]
    return contacts_chart("week", whole, names=names, ticks=firsts, say=_say(whole))


def _short(locale: str, at: datetime, zone: ZoneInfo) -> str:
    """Write a day of the coming week: its month goes without saying."""
    return show.short_day(locale, at, zone=zone.key)


def _say(stretch: Stretch) -> Say:
    return partial(say, stretch.locale)


def _ahead(
    planned: Sequence[PlannedHour], marked: Sequence[Promotion], now: datetime, zone: ZoneInfo
) -> Ahead | None:
    coming = next((one for one in marked if one.ends_at > now), None)
    if coming is None:
        return None
    hours = [
        hour
        for hour in planned
        if hour.hour + HOUR > coming.starts_at and hour.hour < coming.ends_at
    ]
    left = [hour for hour in hours if hour.hour + HOUR > now]
    if not hours:
        return None
    return Ahead(promotion=coming, hours=hours, missing=shortfalls(left, zone))
