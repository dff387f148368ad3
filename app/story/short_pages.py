"""Choosing what becomes of goods that are not there, from the order's own page."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from app.story.act_pages import WRONG, Knock, Visitor, enter, permitted, shown
from app.story.acts import Action
from app.story.look_pages import View
from orders_core.shortage.choice import (
    BadWait,
    CannotSwap,
    Choice,
    NothingShort,
    NotOffered,
    Refund,
    Swap,
    Wait,
)
from orders_core.shortage.choose import choose
from orders_core.shortage.short import Act, ShortageError

router = APIRouter(include_in_schema=False)

WAITS = (7, 14, 30)  # days one can wait, as the page offers them
Typed = Annotated[str, Form(max_length=64)]


@router.get("/o/{token}/short")
def form(at: Visitor) -> Response:
    """Show what is not there, and what may be chosen."""
    view = enter(at, Action.SHORT)
    return view if isinstance(view, Response) else _shown(at, view)


@router.post("/o/{token}/short")
def chosen(
    at: Visitor,
    act: Annotated[Act, Form()],
    code: Typed,
    days: Annotated[int, Form()] = WAITS[0],
    instead: Typed = "",
) -> Response:
    """Settle it as the shopper chose; of two choices at once the first wins, and it is shown."""
    view = enter(at, Action.SHORT)
    if isinstance(view, Response):
        return view
    asked = permitted(at, view, Action.SHORT)
    if isinstance(asked, Response):
        return asked
    try:
        choose(
            at.tx,
            at.order_id,
            _choice(at, act, days, instead),
            code=code,
            change=at.change("asked_by_shopper"),
        )
    except NothingShort:
        return at.back("settled")
    except (BadWait, CannotSwap, NotOffered) as fault:
        return _shown(at, view, fault=fault)
    return at.back(f"short_{act}")


def _choice(at: Knock, act: Act, days: int, instead: str) -> Choice:
    if act is Act.WAIT:
        return Wait(at.now + timedelta(days=days if days in WAITS else WAITS[0]))
    return Swap(instead) if act is Act.SWAP else Refund()


def _shown(at: Knock, view: View, *, fault: ShortageError | None = None) -> Response:
    return shown(
        at,
        view,
        "story/short.html",
        status=WRONG if fault else 200,
        fault=fault,
        waits=[(days, at.now + timedelta(days=days)) for days in WAITS],
    )
