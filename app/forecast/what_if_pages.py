"""What a happening would bring: a form in the address, and its answer beside the plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.forecast import run_store
from app.forecast.drawing import SLOTS_OF_ONE_DAY
from app.forecast.plan import PlannedHour, by_hour
from app.forecast.shortfall import day_of
from app.forecast.what_if import WhatIf, what_if
from app.http.chart import Band, Bars, Drawing, Line, Steps, draw
from app.http.deps import Now, Transaction
from app.http.pages import in_zone, locale_of, render, settings_of
from app.http.table import csv_answer
from app.words import show
from app.words.say import say
from ml.load.happenings import Campaign, DelayedParcels, Happening, Outage, StockOut

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.FORECAST_READ)]
KINDS = ("campaign", "delayed_parcels", "stock_out", "outage")
HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 120, 168)
LONGEST_OUTAGE = 48
A_DAY = 24
A_TICK = 4  # half hours between the labels of one day
USUAL_SIZE = 10_000
COLUMNS = (
    *("from", "local_time", "plan", "with_it", "low", "high", "added"),
    *("people_plan", "people_with_it", "people_rostered", "people_short"),
)


class Wanted:
    """What the form asks for; nothing until a size is given."""

    def __init__(self, kind: str, size: str, at: str, hours: int) -> None:
        self.kind, self.size, self.at, self.hours = kind, size, at, hours

    def starts_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the time by the shop's clock; the next full hour where none is given."""
        try:
            return datetime.fromisoformat(self.at).replace(tzinfo=zone).astimezone(now.tzinfo)
        except (ValueError, OverflowError):
            return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    def happening(self, at: datetime) -> Happening | None:
        """Return what it asks about, at a time; None where no size is given."""
        if not self.size:
            return None
        size, days = int(self.size), max(-(-self.hours // A_DAY), 1)
        if self.kind == "delayed_parcels":
            return DelayedParcels(parcels=size, told_at=at, days=days)
        if self.kind == "stock_out":
            return StockOut(orders_a_day=size, starts_at=at, days=days)
        if self.kind == "outage":
            lasts = timedelta(hours=min(self.hours, LONGEST_OUTAGE))
            return Outage(visitors=size, starts_at=at, ends_at=at + lasts)
        return Campaign(audience=size, starts_at=at, minutes=self.hours * 60)


def _asked(
    kind: Annotated[str, Query(pattern="^(campaign|delayed_parcels|stock_out|outage)$")] = KINDS[0],
    size: Annotated[str, Query(pattern=r"^([1-9]\d{0,7})?$")] = "",
    at: Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?)?$")] = "",
    hours: Annotated[int, Query(ge=1, le=168)] = 1,
) -> Wanted:
    return Wanted(kind, size, at, hours)


Form = Annotated[Wanted, Depends(_asked)]


@router.get("/desk/forecast/what-if")
def page(request: Request, tx: Transaction, now: Now, _: Reader, wanted: Form) -> HTMLResponse:
    """Show what a happening would bring, beside the plan as it stands."""
    zone = ZoneInfo(settings_of(request).shop_zone)
    at = wanted.starts_at(now, zone)
    answer = _answer(request, tx, now, wanted)
    drawn = _Drawn(answer, locale_of(request), zone) if answer and answer.slots else None
    return render(
        request,
        "forecast/what_if.html",
        wanted=wanted,
        at=in_zone(at, zone.key).strftime("%Y-%m-%dT%H:%M"),
        has_plan=run_store.latest(tx) is not None,
        answer=answer,
        drawn=drawn,
        kinds=KINDS,
        hours=HOURS,
        usual_size=USUAL_SIZE,
    )


@router.get("/desk/forecast/what-if.csv")
def what_if_csv(request: Request, tx: Transaction, now: Now, _: Reader, wanted: Form) -> Response:
    """Answer with the half hours that change, as a table."""
    zone = settings_of(request).shop_zone
    answer = _answer(request, tx, now, wanted)
    rows = [
        (
            one.plan.slot.isoformat(),
            in_zone(one.plan.slot, zone).strftime("%Y-%m-%d %H:%M"),
            *(round(value, 2) for value in (one.plan.expected, one.with_it.expected)),
            *(one.with_it.low, one.with_it.high, round(one.added, 2)),
            *(one.plan.people_needed, one.with_it.people_needed),
            *(one.plan.people_rostered, one.with_it.people_short),
        )
        for one in (answer.slots if answer else ())
    ]
    return csv_answer("what-if", COLUMNS, rows)


def _answer(request: Request, tx: Transaction, now: Now, wanted: Wanted) -> WhatIf | None:
    settings = settings_of(request)
    happening = wanted.happening(wanted.starts_at(now, ZoneInfo(settings.shop_zone)))
    return what_if(tx, settings, [happening], now=now) if happening else None


class _Drawn:
    """The answer as charts and as the rows of a table."""

    def __init__(self, answer: WhatIf, locale: str, zone: ZoneInfo) -> None:
        self._slots, self._locale, self._zone = answer.slots, locale, zone
        self._say = partial(say, locale)

    @property
    def contacts(self) -> Drawing:
        """Contacts as planned and with it."""
        return self._draw(
            "contacts",
            Band(
                name=self._say("whatif.range"),
                low=[one.with_it.low for one in self._slots],
                high=[one.with_it.high for one in self._slots],
            ),
            Line(
                name=self._say("whatif.plan"),
                values=[one.plan.expected for one in self._slots],
                tone="calm",
                is_dashed=True,
            ),
            Line(
                name=self._say("whatif.with_it"),
                values=[one.with_it.expected for one in self._slots],
            ),
        )

    @property
    def people(self) -> Drawing:
        """People needed with it, by the plan, and rostered."""
        return self._draw(
            "people",
            Bars(
                name=self._say("whatif.needed"),
                values=[one.with_it.people_needed for one in self._slots],
            ),
            Line(
                name=self._say("whatif.needed_plan"),
                values=[one.plan.people_needed for one in self._slots],
                tone="calm",
                is_dashed=True,
            ),
            Steps(
                name=self._say("forecast.rostered"),
                values=[one.plan.people_rostered for one in self._slots],
            ),
        )

    @property
    def hours(self) -> Sequence[tuple[str, PlannedHour, PlannedHour]]:
        """Each hour's name, as planned and with it."""
        plan = by_hour([one.plan for one in self._slots])
        with_it = by_hour([one.with_it for one in self._slots])
        return [
            (self._name(one.hour), one, other) for one, other in zip(plan, with_it, strict=True)
        ]

    def _draw(self, key: str, *layers: Band | Bars | Line | Steps) -> Drawing:
        is_long = len(self._slots) > SLOTS_OF_ONE_DAY
        return draw(
            key,
            [self._name(one.plan.slot) for one in self._slots],
            layers,
            ticks=self._days() if is_long else self._clock(),
            least_top=3,
            labels_follow=is_long,
        )

    def _clock(self) -> dict[int, str]:
        shown = enumerate(in_zone(one.plan.slot, self._zone.key) for one in self._slots)
        return {place: f"{at:%H:%M}" for place, at in shown if place % A_TICK == 0}

    def _days(self) -> dict[int, str]:
        found: dict[int, str] = {}
        before = None
        for place, one in enumerate(self._slots):
            on = day_of(one.plan.slot, self._zone)
            if on != before:
                found[place] = show.short_day(self._locale, one.plan.slot, zone=self._zone.key)
            before = on
        return found

    def _name(self, slot: datetime) -> str:
        on = show.short_day(self._locale, slot, zone=self._zone.key)
        return f"{on} {in_zone(slot, self._zone.key):%H:%M}"
