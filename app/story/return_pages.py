"""Asking to send goods back, from the order's own page."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from app.orders.return_rule import judge_by_table
from app.story.act_pages import WRONG, Knock, Visitor, enter, permitted, shown
from app.story.acts import Action, returnable
from app.story.look_pages import View
from orders_core.orders import hold
from orders_core.returns.request import NotReturnable, Wish, request
from orders_core.returns.rma import Reason, Why

router = APIRouter(include_in_schema=False)

MOST_LINES = 200
Posted = Annotated[list[int], Form(max_length=MOST_LINES)]


@router.get("/o/{token}/return")
def form(at: Visitor) -> Response:
    """Ask which units are to go back, and why."""
    view = enter(at, Action.RETURN)
    return view if isinstance(view, Response) else _shown(at, view)


@router.post("/o/{token}/return")
def ask(
    at: Visitor,
    known: Annotated[int, Form()],
    line: Posted,
    units: Posted,
    reason: Annotated[Reason, Form()],
) -> Response:
    """Ask for it; a table approves it, refuses it, or leaves it to a person.

    `known` counts the returns that the form knew of: one that was sent twice asks once.
    """
    hold.one(at.tx, at.order_id, needs_levels=lambda _: False)
    view = enter(at, Action.RETURN)
    if isinstance(view, Response):
        return view
    if len(view.facts.returns) > known:
        return at.back("return")
    asked = permitted(at, view, Action.RETURN)
    if isinstance(asked, Response):
        return asked
    wanted = _wanted(line, units)
    if not wanted:
        return _shown(at, view, is_empty=True)
    try:
        request(
            at.tx,
            at.order_id,
            Wish(units=wanted, reason=reason),
            judge=judge_by_table(at.tx, at.order_id, now=at.now),
            change=at.change(Why.ASKED_BY_SHOPPER),
        )
    except NotReturnable as fault:
        return _shown(at, view, fault=fault)
    return at.back("return")


def _wanted(lines: Sequence[int], units: Sequence[int]) -> dict[int, int]:
    return {at: n for at, n in zip(lines, units, strict=False) if n > 0}


def _shown(
    at: Knock, view: View, *, is_empty: bool = False, fault: NotReturnable | None = None
) -> Response:
    return shown(
        at,
        view,
        "story/return.html",
        status=WRONG if is_empty or fault else 200,
        lines=returnable(view.facts),
        reasons=list(Reason),
        known=len(view.facts.returns),
        is_empty=is_empty,
        fault=fault,
    )
