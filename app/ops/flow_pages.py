"""Where the business is slow: five steps from open to told."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.deps import Now, Transaction
from app.http.pages import render
from app.http.table import csv_answer
from app.ops import flow_store
from app.ops.flow import USUAL_WINDOW, WINDOWS, Flow, flow_of
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Window = Annotated[str, Query(max_length=8, description="1h, 24h or 7d")]
COLUMNS = ("step", "reached", "p50_seconds", "p95_seconds", "lost", "waiting", "oldest_seconds")


@router.get("/ops/flow")
def flow(
    request: Request, tx: Transaction, now: Now, _: Reader, window: Window = USUAL_WINDOW
) -> HTMLResponse:
    """Show how the orders of the last hour, day or week went on."""
    return render(request, "ops/flow.html", flow=_flow(tx, window, now), windows=list(WINDOWS))


@router.get("/ops/flow.csv")
def flow_csv(tx: Transaction, now: Now, _: Reader, window: Window = USUAL_WINDOW) -> Response:
    """Answer with the same as a table."""
    found = _flow(tx, window, now)
    rows = [
        (
            *(step.name, step.reached, step.p50_seconds, step.p95_seconds),
            *(step.lost, step.waiting, round(step.oldest_seconds)),
        )
        for step in found.steps
    ]
    return csv_answer(f"flow-{found.window}", COLUMNS, rows)


def _flow(tx: Tx, window: str, now: datetime) -> Flow:
    known = window if window in WINDOWS else USUAL_WINDOW
    lasting = WINDOWS[known]
    found = flow_store.flow(tx, since=now - lasting, until=now)
    return flow_of(known, found, flow_store.door(tx, lasting=lasting), now=now)
