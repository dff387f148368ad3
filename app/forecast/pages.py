"""How many will write, by half hour and what about, and how many people that takes."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.forecast import contacts_store, make, plan_store
from app.forecast.plan import slots_ahead
from app.forecast.view import Asked, view
from app.http.deps import Now, Transaction
from app.http.pages import in_zone, locale_of, render, settings_of
from app.http.table import csv_answer
from ml.load.slots import GROUPS, SLOT

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.FORECAST_READ)]
Writer = Annotated[Caller, may(Permission.FORECAST_WRITE)]
DayWish = Annotated[str, Query(max_length=10)]
COLUMNS = (
    *("from", "local_time", "came", "usual", "multiplier", "level_today", "added_by_messages"),
    *("expected", "low", "high", "people_needed", "people_rostered", "people_short"),
    *GROUPS,
)


@router.get("/desk/forecast")
def forecast(
    request: Request, tx: Transaction, now: Now, reader: Reader, day: DayWish = ""
) -> HTMLResponse:
    """Show the plan: the promotion that is next, one day by half hour, the week, who is missing."""
    asked = Asked(
        now=now,
        locale=locale_of(request),
        zone=settings_of(request).shop_zone,
        day=_day(day),
    )
    return render(
        request,
        "forecast/page.html",
        view=view(tx, asked),
        may_ask=Permission.FORECAST_WRITE in reader.scopes,
        base_url=settings_of(request).public_url,
        clock=partial(clock_of, asked.zone),
        until=partial(until_of, asked.zone),
    )


@router.get("/desk/forecast.csv")
def forecast_csv(request: Request, tx: Transaction, now: Now, _: Reader) -> Response:
    """Answer with every planned half hour from today on, as a table."""
    zone = settings_of(request).shop_zone
    slots = slots_ahead(now, ZoneInfo(zone))
    since, until = slots[0], slots[-1] + SLOT
    came: dict[datetime, int] = {}
    for (slot, _about), count in contacts_store.per_slot(tx, since=since, until=now).items():
        came[slot] = came.get(slot, 0) + count
    parts = {
        (one.slot, one.about): round(one.expected, 2)
        for one in plan_store.groups(tx, since=since, until=until)
    }
    rows = [
        (
            one.slot.isoformat(),
            in_zone(one.slot, zone).strftime("%Y-%m-%d %H:%M"),
            came.get(one.slot, 0) if one.slot <= now else None,
            round(one.usual, 2),
            round(one.multiplier, 3),
            round(one.level, 3),
            round(one.added, 2),
            round(one.expected, 2),
            *(one.low, one.high, one.people_needed, one.people_rostered, one.people_short),
            *(parts.get((one.slot, about)) for about in GROUPS),
        )
        for one in plan_store.plan(tx, since=since, until=until)
    ]
    return csv_answer("forecast", COLUMNS, rows)


@router.post("/desk/forecast/runs")
def ask(tx: Transaction, now: Now, writer: Writer) -> RedirectResponse:
    """Ask the worker for a fresh plan."""
    make.ask(tx, why="asked", by=writer.name, now=now)
    return RedirectResponse("/desk/forecast", status_code=303)


def clock_of(zone: str, at: datetime) -> str:
    """Write what the shop's clock shows."""
    return in_zone(at, zone).strftime("%H:%M")


def until_of(zone: str, at: datetime) -> str:
    """Write the end of a stretch: midnight belongs to the day before."""
    shown = clock_of(zone, at)
    return "24:00" if shown == "00:00" else shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
