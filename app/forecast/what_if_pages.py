"""What happenings would bring: a form in the address, and its answer beside the plan."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field, StringConstraints

from app.forecast import run_store
from app.forecast.pages import Reader
from app.forecast.what_if import WhatIf, what_if
from app.forecast.what_if_bodies import MOST_AT_ONCE
from app.forecast.what_if_drawing import Drawn
from app.forecast.what_if_form import Form, Kind, form_of
from app.http.deps import Now, Transaction
from app.http.pages import in_zone, locale_of, render, settings_of
from app.http.table import csv_answer

router = APIRouter(include_in_schema=False)

HERE = "/desk/forecast/what-if"
HOURS = (1, 2, 3, 6, 12, 24, 48, 72, 120, 168)
USUAL_SIZE = 10_000
COLUMNS = (
    *("from", "local_time", "plan", "with_it", "low", "high", "added"),
    *("people_plan", "people_with_it", "people_rostered", "people_short"),
)

Size = Annotated[str, StringConstraints(max_length=20)]
At = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?)?$")]
Lasts = Annotated[int, Field(ge=1, le=168)]


def _asked(
    kind: Annotated[list[Kind], Query(default_factory=list, max_length=MOST_AT_ONCE)],
    size: Annotated[list[Size], Query(default_factory=list, max_length=MOST_AT_ONCE)],
    at: Annotated[list[At], Query(default_factory=list, max_length=MOST_AT_ONCE)],
    hours: Annotated[list[Lasts], Query(default_factory=list, max_length=MOST_AT_ONCE)],
) -> Form:
    return form_of(kind, size, at, hours)


Asked = Annotated[Form, Depends(_asked)]


@router.get("/desk/forecast/what-if")
def page(
    request: Request,
    tx: Transaction,
    now: Now,
    _: Reader,
    asked: Asked,
    add: Annotated[str, Query(max_length=1)] = "",
    remove: Annotated[int | None, Query(ge=1, le=MOST_AT_ONCE)] = None,
) -> Response:
    """Show what happenings would bring together, beside the plan as it stands."""
    if add or remove:
        return _elsewhere(
            asked.with_another() if add else asked.without(remove or 0), is_new=bool(add)
        )
    zone = ZoneInfo(settings_of(request).shop_zone)
    form = asked.timed(now, zone)
    answer = _answer(request, tx, now, form)
    drawn = Drawn(answer, locale_of(request), zone) if answer and answer.slots else None
    parts = list(zip(form.counted, answer.added.parts if answer else (), strict=True))
    return render(
        request,
        "forecast/what_if.html",
        form=form,
        has_plan=run_store.latest(tx) is not None,
        answer=answer,
        drawn=drawn,
        parts=parts,
        zone=zone,
        outside=[number for (number, _), part in parts if part.is_outside],
        kinds=tuple(Kind),
        hours=HOURS,
        usual_size=USUAL_SIZE,
        most=MOST_AT_ONCE,
    )


def _elsewhere(form: Form, *, is_new: bool) -> Response:
    """Lead to the form as it was changed, so that its address can be shared and gone back to."""
    place = len(form.rows) if is_new else 1
    return RedirectResponse(f"{HERE}?{form.query}#happening-{place}", status_code=303)


@router.get("/desk/forecast/what-if.csv")
def what_if_csv(request: Request, tx: Transaction, now: Now, _: Reader, asked: Asked) -> Response:
    """Answer with the half hours that change, as a table; of several, what each adds."""
    zone = settings_of(request).shop_zone
    answer = _answer(request, tx, now, asked)
    several = asked.counted if len(asked.counted) > 1 else ()
    parts = answer.added.parts if answer and several else ()
    rows = [
        (
            one.plan.slot.isoformat(),
            in_zone(one.plan.slot, zone).strftime("%Y-%m-%d %H:%M"),
            *(round(value, 2) for value in (one.plan.expected, one.with_it.expected)),
            *(one.with_it.low, one.with_it.high, round(one.added, 2)),
            *(one.plan.people_needed, one.with_it.people_needed),
            *(one.plan.people_rostered, one.with_it.people_short),
            *(round(part.by_slot.get(one.plan.slot, 0.0), 2) for part in parts),
        )
        for one in (answer.slots if answer else ())
    ]
    by_each = (f"added_{number}_{one.kind}" for number, one in several)
    return csv_answer("what-if", (*COLUMNS, *by_each), rows)


def _answer(request: Request, tx: Transaction, now: Now, form: Form) -> WhatIf | None:
    settings = settings_of(request)
    zone = ZoneInfo(settings.shop_zone)
    happenings = [one.happening(now, zone) for _, one in form.counted]
    return what_if(tx, settings, happenings, now=now) if happenings else None
