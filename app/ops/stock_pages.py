"""What the shop has to sell: levels, goods on the road, counts, and what is paid and stuck."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http import cursors
from app.http.cursors import After
from app.http.deps import Now, Transaction, house_of, secret_of
from app.http.pages import render
from app.http.table import csv_answer
from app.ops import stock_store
from app.ops.stock_store import Sieve
from orders_core.shortage.stuck import waiting
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OPS_READ)]
LIST = "stock levels"
SHOWN = 50
BESIDE = 20  # transfers, counts and stuck orders are looked at, not paged
MOST_LINES = 5_000
COLUMNS = (
    *("sku", "title", "warehouse", "on_hand", "reserved", "short", "safety_stock"),
    *("oversell_limit", "available", "coming", "low_at", "standing"),
)


def _sieve(
    q: Annotated[str, Query(max_length=100)] = "",
    standing: Annotated[Literal["in", "low", "out", ""], Query()] = "",
) -> Sieve:
    return Sieve(words=q.strip(), standing=standing or None)


Asked = Annotated[Sieve, Depends(_sieve)]


@router.get("/ops/stock")
def stock(
    request: Request, tx: Transaction, now: Now, _: Reader, sieve: Asked, *, after: After = None
) -> HTMLResponse:
    """Show the levels that need somebody first, a page at a time."""
    secret = secret_of(house_of(request))
    last = cursors.read(secret, after, of=LIST)
    rows = stock_store.shelves(tx, sieve, after=last, at_most=SHOWN + 1, now=now)
    page = cursors.page(secret, rows, limit=SHOWN, of=LIST)
    return render(request, "ops/stock.html", levels=page, sieve=sieve, after=after, **_beside(tx))


@router.get("/ops/stock.csv")
def stock_csv(tx: Transaction, now: Now, _: Reader, sieve: Asked) -> Response:
    """Answer with the same as a table: at most 5,000 levels."""
    rows = stock_store.shelves(tx, sieve, after=None, at_most=MOST_LINES, now=now)
    lines = (
        (
            *(row.code, row.title_zh, row.warehouse, row.on_hand, row.reserved, row.short),
            *(row.safety_stock, row.oversell_limit, row.available, row.coming, row.low_at),
            row.standing,
        )
        for row in rows
    )
    return csv_answer("stock", COLUMNS, lines)


def _beside(tx: Tx) -> dict[str, Any]:
    return {
        "standings": stock_store.standings(tx),
        "road": stock_store.on_the_road(tx, at_most=BESIDE),
        "counts": stock_store.open_counts(tx, at_most=BESIDE),
        "stuck": waiting(tx),
        "stuck_orders": stock_store.stuck_orders(tx, at_most=BESIDE),
    }
