"""The page of the roster: brought in as a file, looked at before it counts, taken out again."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, File, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import audit
from app.access.roles import Permission
from app.forecast import plan_store, roster_store
from app.forecast.pages import Reader, Writer, clock_of, until_of
from app.forecast.plan import DAYS_PLANNED
from app.forecast.roster_import import Preview, columns, preview, rows
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render, settings_of
from app.http.table import csv_answer
from ml.load.slots import midnight
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

AHEAD = timedelta(days=400)
MOST_CHANGES = 200  # lines of a page


class What(StrEnum):
    """What a file is filled with."""

    ROSTERED = "rostered"
    NEEDED = "needed"


@router.get("/desk/forecast/roster")
def page(
    request: Request,
    tx: Transaction,
    now: Now,
    reader: Reader,
    taken: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """Show how far the roster is known, and the form that brings one in."""
    return _page(
        request, tx, now, may_write=Permission.FORECAST_WRITE in reader.scopes, taken=taken
    )


@router.post("/desk/forecast/roster")
def look(
    request: Request,
    tx: Transaction,
    now: Now,
    _: Writer,
    file: Annotated[bytes, File()] = b"",
    text: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Show what a file, or rows pasted out of one, would change; nothing is written yet."""
    seen = preview(tx, file or text.encode(), _zone(request))
    return _page(request, tx, now, seen=seen, text="" if file else text)


@router.post("/desk/forecast/roster/take")
def take(
    request: Request, tx: Transaction, now: Now, writer: Writer, sheet: Annotated[str, Form()] = ""
) -> Response:
    """Take over what the page before showed: all of it, or nothing."""
    seen = preview(tx, sheet.encode(), _zone(request))
    if seen.read.faults:
        return _page(request, tx, now, seen=seen, text=sheet)
    changed = roster_store.put(tx, seen.read.people)
    audit.record(tx, writer.name, "roster.take", f"{changed} half hours", "")
    return RedirectResponse(f"/desk/forecast/roster?taken={changed}", status_code=303)


@router.get("/desk/forecast/roster.csv")
def roster_csv(
    request: Request, tx: Transaction, now: Now, _: Reader, what: What = What.ROSTERED
) -> Response:
    """Answer with who is rostered from today on; or who is needed, as a file to fill in."""
    zone = _zone(request)
    since = midnight(now, zone)
    if what is What.NEEDED:
        until = midnight(now, zone, days=DAYS_PLANNED)
        planned = plan_store.plan(tx, since=since, until=until)
        people = {one.slot: one.people_needed for one in planned}
        return csv_answer("people-needed", columns(locale_of(request)), rows(people, zone))
    known = roster_store.read(tx, since=since, until=since + AHEAD)
    return csv_answer("roster", columns(locale_of(request)), rows(known, zone))


def _page(request: Request, tx: Tx, now: datetime, **facts: Any) -> HTMLResponse:
    zone = _zone(request)
    since = midnight(now, zone)
    seen: Preview | None = facts.get("seen")
    shown = {"seen": None, "text": "", "taken": None, "may_write": True, **facts}
    return render(
        request,
        "forecast/roster.html",
        status=422 if seen and seen.read.faults else 200,
        known=list(roster_store.read(tx, since=since, until=since + AHEAD)),
        sample_day=(now.astimezone(zone) + timedelta(days=1)).date(),
        most_changes=MOST_CHANGES,
        clock=partial(clock_of, zone.key),
        until=partial(until_of, zone.key),
        **shown,
    )


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(settings_of(request).shop_zone)
