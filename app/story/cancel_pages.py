"""Calling an order off, or some of its units, from its own page: chosen, looked at, done."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from app.story.act_pages import WRONG, Knock, Visitor, begin, enter, shown
from app.story.acts import Action, cancellable
from app.story.facts import Facts
from app.story.look_pages import View
from orders_core.orders.cancel import cancel_units
from orders_core.orders.line import costing, relined
from orders_core.orders.moves import Reason
from orders_core.orders.order import Fulfilment

router = APIRouter(include_in_schema=False)

#: What a shopper may give as the reason; others are for those who keep the shop.
REASONS = (
    Reason.CHANGED_MIND,
    Reason.ADDRESS_WRONG,
    Reason.ORDERED_TWICE,
    Reason.ASKED_BY_SHOPPER,
)
MOST_LINES = 200
Numbers = Annotated[list[int], Query(max_length=MOST_LINES)]
Posted = Annotated[list[int], Form(max_length=MOST_LINES)]


@router.get("/o/{token}/cancel")
def form(at: Visitor) -> Response:
    """Ask what of the order is to be called off, and why."""
    view = enter(at, Action.CANCEL)
    return view if isinstance(view, Response) else _form(at, view)


@router.get("/o/{token}/cancel/check")
def check(
    at: Visitor, line: Numbers, units: Numbers, reason: Reason = Reason.ASKED_BY_SHOPPER
) -> Response:
    """Show what would be called off and what goes back, before anything is done."""
    view = enter(at, Action.CANCEL)
    if isinstance(view, Response):
        return view
    wanted = _wanted(view.facts, line, units)
    if not wanted:
        return _form(at, view, is_empty=True)
    return shown(
        at,
        view,
        "story/cancel_check.html",
        chosen=_chosen(view.facts, wanted),
        is_all=_is_all(view.facts, wanted),
        back_minor=gives_back(view.facts, wanted),
        reason=reason if reason in REASONS else Reason.ASKED_BY_SHOPPER,
    )


@router.post("/o/{token}/cancel")
def cancel(
    at: Visitor,
    version: Annotated[int, Form()],
    line: Posted,
    units: Posted,
    reason: Annotated[Reason, Form()] = Reason.ASKED_BY_SHOPPER,
) -> Response:
    """Call it off."""
    view = begin(at, Action.CANCEL, version, moves_stock=True)
    if isinstance(view, Response):
        return view
    wanted = _wanted(view.facts, line, units)
    if not wanted:
        return _form(at, view, is_empty=True)
    is_all = _is_all(view.facts, wanted)
    why = reason if reason in REASONS else Reason.ASKED_BY_SHOPPER
    cancel_units(at.tx, at.order_id, None if is_all else wanted, reason=why, change=at.change(why))
    return at.back("cancel" if is_all else "units")


def gives_back(facts: Facts, wanted: dict[int, int]) -> int:
    """Return what goes back to the shopper for these units, in minor units."""
    order = facts.order
    if _is_all(facts, wanted):
        return order.paid_minor - order.refund_minor
    left = {one.position: one.quantity - wanted.get(one.position, 0) for one in facts.lines}
    return costing(order, relined(facts.lines, left).total_minor)[1]


def _form(at: Knock, view: View, *, is_empty: bool = False) -> Response:
    lines = cancellable(view.facts)
    return shown(
        at,
        view,
        "story/cancel.html",
        status=WRONG if is_empty else 200,
        lines=lines,
        reasons=REASONS,
        is_empty=is_empty,
    )


def _wanted(facts: Facts, lines: Sequence[int], units: Sequence[int]) -> dict[int, int]:
    """Return the units by position, as many as are still here; what else was sent is left out."""
    here = {line.position: n for line, n in cancellable(facts)}
    asked = dict(zip(lines, units, strict=False))
    return {at: min(n, here[at]) for at, n in asked.items() if at in here and n > 0}


def _is_all(facts: Facts, wanted: dict[int, int]) -> bool:
    is_here = facts.order.fulfilment is Fulfilment.UNFULFILLED
    return is_here and wanted == {line.position: n for line, n in cancellable(facts)}


def _chosen(facts: Facts, wanted: dict[int, int]) -> Sequence[tuple[object, int]]:
    return [(line, wanted[line.position]) for line in facts.lines if line.position in wanted]
