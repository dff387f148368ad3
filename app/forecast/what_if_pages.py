"""What a happening would bring: a form in the address, and its answer beside the plan."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.forecast import run_store
from app.forecast.pages import Reader
from app.forecast.what_if import WhatIf, what_if
from app.forecast.what_if_drawing import Drawn
from app.forecast.what_if_form import Kind, Wanted
from app.http.deps import Now, Transaction
from app.http.pages import in_zone, locale_of, render, settings_of
from app.http.table import csv_answer

router = APIRouter(include_in_schema=False)

HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 120, 168)
USUAL_SIZE = 10_000
COLUMNS = (
    *("from", "local_time", "plan", "with_it", "low", "high", "added"),
    *("people_plan", "people_with_it", "people_rostered", "people_short"),
)


def _asked(
    kind: Kind = Kind.CAMPAIGN,
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
    drawn = Drawn(answer, locale_of(request), zone) if answer and answer.slots else None
    return render(
        request,
        "forecast/what_if.html",
        wanted=wanted,
        at=in_zone(at, zone.key).strftime("%Y-%m-%dT%H:%M"),
        has_plan=run_store.latest(tx) is not None,
        answer=answer,
        drawn=drawn,
        kinds=tuple(Kind),
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
