"""The HTTP of what-if questions on the forecast: nothing is written, nothing is planned anew."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request

from app.access.guard import scope
from app.forecast.what_if import WhatIf, what_if
from app.forecast.what_if_bodies import Asked, ForecastWhatIfBody, what_if_body, when_of
from app.http.deps import Now, Transaction
from app.http.pages import settings_of
from app.http.problems import Fault, Problem

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])

READ = scope("forecast:read")
OUTSIDE = (
    "nothing is planned for that time: name one from now to six weeks ahead, "
    "of which `GET /v1/forecast/plan` shows half hours"
)


@router.post("/what-if", dependencies=[READ])
def ask(request: Request, said: ForecastWhatIfBody, tx: Transaction, now: Now) -> Any:
    """Say what up to five happenings would bring together, and what each adds by itself.

    A campaign, delayed parcels, a stock-out or an outage, also several of one kind. Half hours from
    the first that changes to the last, as planned and with it: contacts, people needed and missing.
    `happenings` says what each adds and its share of the sum, in the order asked. `rates` says how
    many write for one of each, and whether that was learnt from the shop's own past, told, or is
    assumed. `cost_minor` is null until the cost of an hour is set.
    """
    answer = what_if(tx, settings_of(request), said.all, now=now)
    if outside := _outside(said.happenings, answer):
        raise Problem(
            status=422,
            code="bad_range",
            detail=f"body {outside[0].pointer}: {OUTSIDE}",
            errors=outside,
        )
    return what_if_body(said.happenings, answer)


def _outside(asked: Sequence[Asked], answer: WhatIf) -> Sequence[Fault]:
    """Return a fault for each happening that touches nothing of what is planned."""
    return [
        Fault(code="bad_range", detail=OUTSIDE, pointer=f"/happenings/{place}/{when_of(one)}")
        for place, (one, part) in enumerate(zip(asked, answer.added.parts, strict=True))
        if part.is_outside
    ]
