"""What each notice achieves: for whoever decides what the shop says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.db import learning_store
from app.http.deps import Now, Transaction
from app.http.pages import render
from app.http.table import csv_answer
from app.hub.catalogue import NOTICES
from app.ops import worth_store
from app.ops.looks import looks_of
from app.ops.worth import Achieved, counts_of
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.CAMPAIGNS_READ)]
Days = Annotated[int, Query(ge=1, le=92, description="How many days back")]
DAYS = (7, 28, 92)
USUAL_DAYS = 28
COLUMNS = (
    *("notice", "kind", "verdict", "decided", "told", "messages", "delivered", "bells", "lines"),
    *("seen", "opened", "muted", "opted_out", "contacts", "untold", "untold_contacts"),
)


@router.get("/hub/notices")
def page(
    request: Request, tx: Transaction, now: Now, _: Reader, days: Days = USUAL_DAYS
) -> HTMLResponse:
    """Show each notice with what people did with it, and whether it is worth its bells."""
    found = _achieved(tx, days, now)
    night = learning_store.last_found(tx, learning_store.HABITS)
    return render(
        request,
        "ops/notices.html",
        found=found,
        days=days,
        choices=DAYS,
        looks=looks_of(night.facts) if night else None,
        most=worth_store.MOST_DECISIONS,
        is_cut=sum(one.counts.decided for one in found) >= worth_store.MOST_DECISIONS,
    )


@router.get("/hub/notices.csv")
def table(tx: Transaction, now: Now, _: Reader, days: Days = USUAL_DAYS) -> Response:
    """Answer with the same as a table."""
    rows = (
        (one.notice, one.kind, one.worth, *(getattr(one.counts, name) for name in COLUMNS[3:]))
        for one in _achieved(tx, days, now)
    )
    return csv_answer("notices", COLUMNS, rows)


def _achieved(tx: Tx, days: int, now: datetime) -> Sequence[Achieved]:
    until = now + timedelta(seconds=1)  # what was decided just now belongs to it
    rows = worth_store.achieved(tx, since=until - timedelta(days=days), until=until)
    return [
        Achieved(
            notice=row["notice"],
            kind=NOTICES[row["notice"]].kind,
            counts=counts_of(row),
        )
        for row in rows
        if row["notice"] in NOTICES
    ]
