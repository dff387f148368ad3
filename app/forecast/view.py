"""What the page of the forecast shows: one day large, the week small, who is missing in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.forecast import contacts_store, plan_store, promotions, run_store
from app.forecast.drawing import Say, Stretch, contacts_chart, day_ticks, people_chart
from app.forecast.judged import Judged, Used, judged, used
from app.forecast.plan import DAYS_PLANNED, PlannedSlot, slots_ahead
from app.forecast.promotions import Promotion
from app.forecast.shortfall import Shortfall, day_of, shortfalls
from app.forecast.why import At, Why, why
from app.http.chart import Bars, Drawing, Line, draw
from app.words import show
from app.words.say import say
from ml.load.slots import GROUPS, SLOT, midnight
from orders_core.tx import Tx

DAYS_BETWEEN_TICKS = 7


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
    slots: Sequence[PlannedSlot]  #: those it touches that are planned
    missing: Sequence[Shortfall]

    @property
    def expected(self) -> float:
        """Contacts while it lasts."""
        return sum(one.expected for one in self.slots)

    @property
    def usual(self) -> float:
        """Contacts that these half hours usually bring."""
        return sum(one.usual for one in self.slots)

    @property
    def busiest(self) -> PlannedSlot:
        """The half hour that needs most people."""
        return max(self.slots, key=lambda one: one.people_needed)


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
class Part:
    """What contacts of one day are about: one group of them."""

    about: str
    expected: float
    came: int
    chart: Drawing


@dataclass(frozen=True, kw_only=True)
class View:
    """The page's facts."""

    run: Any  #: the newest run that is stored; None before the first
    is_waiting: bool
    ahead: Ahead | None
    days: Sequence[Day]
    shown: Day
    contacts: Drawing
    parts: Sequence[Part]  #: the same day by what contacts are about; none where that is unknown
    people: Drawing
    week: Drawing
    weeks: Drawing  #: six, by the day
    missing: Sequence[Shortfall]
    has_roster: bool
    waiting_contacts: float  #: that come while nobody is meant to answer
    slots: Sequence[PlannedSlot]
    came: int  #: contacts of the day shown, so far
    why: Why
    used: Sequence[Used]
    judged: Sequence[Judged]


def view(tx: Tx, asked: Asked) -> View:
    """Read the plan of today and the seven days that follow, and lay it out."""
    zone = ZoneInfo(asked.zone)
    slots = slots_ahead(asked.now, zone)
    since, until = slots[0], slots[-1] + SLOT
    end = midnight(asked.now, zone, days=DAYS_PLANNED)
    ahead = plan_store.plan(tx, since=since, until=end)
    planned = [one for one in ahead if one.slot < until]
    marked = promotions.between(tx, since=since, until=until)
    came = contacts_store.per_slot(tx, since=since, until=asked.now + SLOT)
    whole = _whole(asked, slots, planned, came, marked)
    days = _days(whole, asked, _opened(asked, marked, zone))
    stretch = _of_day(tx, whole, _shown(days).date)
    run = run_store.latest(tx)
    facts = run.facts or {} if run else {}
    behind = why(tx, planned, stretch.slots, At(now=asked.now, zone=zone, run=run))
    return View(
        run=run,
        is_waiting=run_store.waiting(tx) > 0,
        ahead=_ahead(planned, marked, asked.now, zone),
        days=days,
        shown=_shown(days),
        contacts=_day_chart(contacts_chart, "day", stretch),
        parts=_parts(stretch),
        people=_day_chart(people_chart, "people", stretch),
        week=_week_chart(whole, behind),
        weeks=_weeks_chart(ahead, whole),
        missing=shortfalls(_left(planned, asked.now), zone),
        has_roster=any(one.people_rostered for one in planned),
        waiting_contacts=_waiting(_left(planned, asked.now)),
        slots=planned,
        came=sum(stretch.came_in().get(slot, 0) for slot in stretch.slots),
        why=behind,
        used=used(facts),
        judged=judged(facts),
    )


def _whole(
    asked: Asked,
    slots: Sequence[datetime],
    planned: Sequence[PlannedSlot],
    came: Mapping[tuple[datetime, str], int],
    marked: Sequence[Promotion],
) -> Stretch:
    return Stretch(
        slots=slots,
        planned={one.slot: one for one in planned},
        came=came,
        promotions=marked,
        now=asked.now,
        zone=ZoneInfo(asked.zone),
        locale=asked.locale,
    )


def _left(planned: Sequence[PlannedSlot], now: datetime) -> Sequence[PlannedSlot]:
    return [one for one in planned if one.slot + SLOT > now]


def _waiting(left: Sequence[PlannedSlot]) -> float:
    return sum(one.expected for one in left if one.is_closed)


def _shown(days: Sequence[Day]) -> Day:
    return next(day for day in days if day.is_shown)


def _opened(asked: Asked, marked: Sequence[Promotion], zone: ZoneInfo) -> date:
    """Return the day to show: the one asked for, else that of the promotion that is next."""
    if asked.day is not None:
        return asked.day
    coming = next((one for one in marked if one.ends_at > asked.now), None)
    return day_of(max(coming.starts_at, asked.now) if coming else asked.now, zone)


def _days(whole: Stretch, asked: Asked, opened: date) -> Sequence[Day]:
    by_date: dict[date, list[datetime]] = {}
    for slot in whole.slots:
        by_date.setdefault(day_of(slot, whole.zone), []).append(slot)
    shown = opened if opened in by_date else next(iter(by_date))
    return [_day(whole, on, slots, asked, is_shown=on == shown) for on, slots in by_date.items()]


def _day(
    whole: Stretch, on: date, slots: Sequence[datetime], asked: Asked, *, is_shown: bool
) -> Day:
    planned = [whole.planned[slot] for slot in slots if slot in whole.planned]
    ahead = [one for one in planned if one.slot + SLOT > asked.now]
    return Day(
        date=on,
        at=slots[-1],  # late enough to be of this day in a zone off the hour
        name=show.weekday(asked.locale, slots[-1], zone=asked.zone),
        short_name=_short(asked.locale, slots[-1], whole.zone),
        expected=sum(one.expected for one in planned),
        missing=max((one.people_short for one in ahead if one.is_missing_people), default=0),
        is_shown=is_shown,
    )


def _of_day(tx: Tx, whole: Stretch, on: date) -> Stretch:
    """Return one day of the stretch, with what its contacts are about."""
    slots = [slot for slot in whole.slots if day_of(slot, whole.zone) == on]
    parts = plan_store.groups(tx, since=slots[0], until=slots[-1] + SLOT)
    by_group = {(one.slot, one.about): one for one in parts}
    return replace(whole, slots=slots, parts=by_group)


def _parts(stretch: Stretch) -> Sequence[Part]:
    """Return the groups of a day that are foreseen apart, in their fixed order."""
    known = {about for _, about in stretch.parts}
    within = frozenset(stretch.slots)
    return [
        Part(
            about=about,
            expected=sum(one.expected for one in stretch.foreseen(about).values()),
            came=sum(n for slot, n in stretch.came_in(about).items() if slot in within),
            chart=_group_chart(f"about{place}", stretch, about),
        )
        for place, about in enumerate(GROUPS)
        if about in known
    ]


def _group_chart(key: str, stretch: Stretch, about: str) -> Drawing:
    return contacts_chart(
        key,
        stretch,
        names=[stretch.clock(slot) for slot in stretch.slots],
        ticks=day_ticks(stretch, every_hours=6),
        say=_say(stretch),
        about=about,
    )


def _day_chart(chart: Any, key: str, stretch: Stretch) -> Drawing:
    drawn: Drawing = chart(
        key,
        stretch,
        names=[stretch.clock(slot) for slot in stretch.slots],
        ticks=day_ticks(stretch),
        say=_say(stretch),
    )
    return drawn


def _week_chart(whole: Stretch, behind: Why) -> Drawing:
    whole = replace(whole, peaks=[(one.peak.since, one.peak.until) for one in behind.peaks])
    named = partial(show.weekday, whole.locale, zone=whole.zone.key)
    firsts = {
        place: _short(whole.locale, slot, whole.zone)
        for place, slot in enumerate(whole.slots)
        if place == 0 or day_of(slot, whole.zone) != day_of(whole.slots[place - 1], whole.zone)
    }
    names = [f"{named(slot)} {whole.clock(slot)}" for slot in whole.slots]
    return contacts_chart("week", whole, names=names, ticks=firsts, say=_say(whole))


def _weeks_chart(ahead: Sequence[PlannedSlot], whole: Stretch) -> Drawing:
    """Draw the sums of the days, as far as anything is planned."""
    sums: dict[date, tuple[float, float]] = {}
    for one in ahead:
        on = day_of(one.slot, whole.zone)
        expected, plain = sums.get(on, (0.0, 0.0))
        sums[on] = expected + one.expected, plain + one.baseline
    noons = [datetime(on.year, on.month, on.day, 12, tzinfo=whole.zone) for on in sums]
    say_it = _say(whole)
    return draw(
        "weeks",
        [show.weekday(whole.locale, noon, zone=whole.zone.key) for noon in noons],
        [
            Bars(name=say_it("forecast.expected"), values=[one for one, _ in sums.values()]),
            Line(
                name=say_it("forecast.baseline"),
                values=[plain for _, plain in sums.values()],
                is_dashed=True,
            ),
        ],
        ticks={
            place: _short(whole.locale, noon, whole.zone)
            for place, noon in enumerate(noons)
            if place % DAYS_BETWEEN_TICKS == 0
        },
        least_top=5,
        labels_follow=True,
    )


def _short(locale: str, at: datetime, zone: ZoneInfo) -> str:
    """Write a day of the coming weeks: its month goes without saying."""
    return show.short_day(locale, at, zone=zone.key)


def _say(stretch: Stretch) -> Say:
    return partial(say, stretch.locale)


def _ahead(
    planned: Sequence[PlannedSlot], marked: Sequence[Promotion], now: datetime, zone: ZoneInfo
) -> Ahead | None:
    coming = next((one for one in marked if one.ends_at > now), None)
    if coming is None:
        return None
    slots = [
        one for one in planned if one.slot + SLOT > coming.starts_at and one.slot < coming.ends_at
    ]
    left = [one for one in slots if one.slot + SLOT > now]
    if not slots:
        return None
    return Ahead(promotion=coming, slots=slots, missing=shortfalls(left, zone))
