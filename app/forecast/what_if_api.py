"""The HTTP of what-if questions on the forecast: nothing is written, nothing is planned anew."""

from typing import Any

from fastapi import APIRouter, Request

from app.access.guard import scope
from app.forecast.what_if import what_if
from app.forecast.what_if_bodies import ForecastWhatIfBody, what_if_body
from app.http.deps import Now, Transaction
from app.http.pages import settings_of
from app.http.problems import Problem

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])

READ = scope("forecast:read")


@router.post("/what-if", dependencies=[READ])
def ask(request: Request, said: ForecastWhatIfBody, tx: Transaction, now: Now) -> Any:
    """Say what would come of a campaign, delayed parcels, a stock-out or an outage, all together.

    Half hours from the first that changes to the last, as planned and with it: contacts, people
    needed and missing. `rates` says how many write for one of each, and whether that was learnt
    from the shop's own past, told, or is assumed. `cost_minor` is null until the cost of an hour is
    set.
    """
    answer = what_if(tx, settings_of(request), said.all, now=now)
    if not answer.slots:
        raise Problem(
            status=422,
            code="bad_range",
            detail="nothing is planned for that time: name one from now to six weeks ahead, "
            "of which `GET /v1/forecast/plan` shows half hours",
        )
    return what_if_body(answer)
