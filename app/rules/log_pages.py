"""The log of one table's rulings: what was asked and answered, and asked again, is it the same?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.http.deps import Transaction
from app.http.pages import render
from app.rules import standard, store
from app.rules.replay import replay
from orders_core.errors import NotFound

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may("rules:read")]
MOST_SHOWN, MOST_ASKED = 50, 20_000
ORDER = "ord_"


@router.get("/rules/{name}/log")
def log(
    request: Request,
    name: str,
    tx: Transaction,
    _: Reader,
    before: Annotated[UUID | None, Query()] = None,
    again: Annotated[bool, Query()] = False,  # noqa: FBT002 - a flag of the address
) -> HTMLResponse:
    """Show rulings, newest first, 50 a page; `again` asks the newest 20,000 of them again."""
    if not store.newest(tx, name) and standard.sheet_of(name) is None:
        raise NotFound("table", name)
    found = store.rulings(tx, name, at_most=MOST_SHOWN + 1, before=before)
    return render(
        request,
        "rules/log.html",
        name=name,
        rulings=found[:MOST_SHOWN],
        older=found[MOST_SHOWN - 1].id if len(found) > MOST_SHOWN else None,
        replayed=replay(tx, name, at_most=MOST_ASKED) if again else None,
        order_prefix=ORDER,
    )
