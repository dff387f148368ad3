"""The HTTP of what-if questions: nothing is written, nobody is told."""

from typing import Any

from fastapi import APIRouter

from app.access.guard import scope
from app.http.deps import Now, Transaction
from app.hub.relive import what_if
from app.hub.what_if_bodies import WhatIfBody, report_body

router = APIRouter(prefix="/v1", tags=["notices"])

READ = scope("campaigns:read")


@router.post("/what-if", dependencies=[READ])
def ask(said: WhatIfBody, tx: Transaction, now: Now) -> Any:
    """Say what the decisions of some days would have been under another policy, and to whom.

    With no change asked for, every decision comes out as it was: `identical_percent` is 100. Of
    the decisions that differ the first hundred are shown, and all are counted. `curve` adds the
    same policy under caps of 1 to 7.
    """
    stretch = said.stretch(now)
    report = what_if(tx, stretch, said.change, at_most=said.most, with_curve=said.curve)
    return report_body(report, stretch)
