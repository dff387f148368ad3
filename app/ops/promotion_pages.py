"""The promotion room: one screen for the busiest hour, on a phone and on the wall."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render, settings_of
from app.ops import books_glance
from app.ops.promotion import room

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Wall = Annotated[str, Query(max_length=1, description="`1` for large type and nothing around it")]


@router.get("/ops/promotion")
def promotion(
    request: Request, tx: Transaction, now: Now, _: Reader, wall: Wall = ""
) -> HTMLResponse:
    """Show the room; it looks again every five seconds."""
    return render(request, "ops/promotion.html", **_facts(request, tx, now, wall))


@router.get("/ops/promotion/board")
def board(request: Request, tx: Transaction, now: Now, _: Reader, wall: Wall = "") -> HTMLResponse:
    """Return the part of the page that moves."""
    return render(request, "ops/_promotion.html", **_facts(request, tx, now, wall))


def _facts(request: Request, tx: Transaction, now: Any, wall: str) -> dict[str, Any]:
    zone = settings_of(request).shop_zone
    return {
        "room": room(tx, now=now, zone=zone, locale=locale_of(request)),
        "books": books_glance.look(tx),
        "is_wall": wall == "1",
    }
