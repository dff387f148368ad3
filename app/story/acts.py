"""What shoppers may do by themselves on the page of their order, and why not. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.story.facts import Facts
from orders_core.orders import guards
from orders_core.orders.invoice import closed
from orders_core.orders.line import OwnLine
from orders_core.orders.moves import CANCEL, CANCEL_UNITS, EDIT, Move, may
from orders_core.orders.order import Fulfilment, Standing
from orders_core.parcels.parcel import ParcelStatus
from orders_core.returns.rma import State

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NO_END = timedelta(days=36_500)  # the table says how long an invoice can be asked for


class Action(StrEnum):
    """What a shopper may want to do; the values are what the table self_service calls them."""

    ADDRESS = "address"
    STATION = "station"
    CANCEL = "cancel"
    INVOICE = "invoice"
    SHORT = "short"
    RETURN = "return"


#: The page of each, behind the order's own.
PAGES: Mapping[Action, str] = {
    action: "address" if action is Action.STATION else str(action) for action in Action
}


class Allowed(StrEnum):
    """What is said to a wish."""

    YES = "yes"
    ASK = "ask"  #: a person looks at it: the wish becomes a case
    NO = "no"


@dataclass(frozen=True)
class Offer:
    """One thing a shopper may want, whether it can be had, and the code of the reason."""

    action: Action
    allowed: Allowed
    reason: str


def fitting(facts: Facts) -> Sequence[Action]:
    """Return what makes sense to be offered for an order at all."""
    order = facts.order
    is_cancelled = order.standing is Standing.CANCELLED
    has_left = order.fulfilment is not Fulfilment.UNFULFILLED
    shown = {
        Action.SHORT: any(one.may for one in facts.shorts),  # first: somebody waits for it
        Action.ADDRESS: not is_cancelled,
        Action.STATION: not is_cancelled and not has_left,
        Action.CANCEL: not is_cancelled,
        Action.INVOICE: not is_cancelled,
        Action.RETURN: not is_cancelled and has_left,
    }
    return [action for action, is_shown in shown.items() if is_shown]


def given(facts: Facts, action: Action, *, now: datetime) -> Mapping[str, Any]:
    """Return what the table looks at; what was not delivered yet was delivered 0 days ago."""
    order = facts.order
    since_delivered = now - order.delivered_at if order.delivered_at else timedelta(0)
    return {
        "action": str(action),
        "standing": str(order.standing),
        "fulfilment": str(order.fulfilment),
        "payment": str(order.payment),
        "is_mirrored": order.mirrored,
        "is_packed": any(one.status is not ParcelStatus.DELIVERED for one in facts.parcels),
        "minutes_since_placed": max(0, (now - order.placed_at) // MINUTE),
        "days_since_delivered": max(0, since_delivered // DAY),
    }


def decide(facts: Facts, action: Action, said: Offer, *, now: datetime) -> Offer:
    """Return what the table said, unless the order's own moves forbid what it allows."""
    if said.allowed is not Allowed.YES:
        return said
    refused = FORBIDS[action](facts, now)
    return Offer(action, Allowed.NO, refused) if refused else said


def _moves(*moves: Move) -> Callable[[Facts, datetime], str]:
    """Return what speaks against every one of some moves; nothing where one of them may be."""

    def forbids(facts: Facts, now: datetime) -> str:
        known = guards.Facts(order=facts.order, at=now)
        refusals = [may(known, move) for move in moves]
        return next((one.guard for one in refusals if one), "") if all(refusals) else ""

    return forbids


def _cancel(facts: Facts, now: datetime) -> str:
    if refused := _moves(CANCEL, CANCEL_UNITS)(facts, now):
        return refused
    return "" if cancellable(facts) else "nothing_here"


def _invoice(facts: Facts, now: datetime) -> str:
    return closed(facts.order, window=NO_END, at=now) or ""


def _short(facts: Facts, _now: datetime) -> str:
    return "" if any(one.may for one in facts.shorts) else "nothing_short"


def _return(facts: Facts, _now: datetime) -> str:
    return "" if returnable(facts) else "nothing_left"


FORBIDS: Mapping[Action, Callable[[Facts, datetime], str]] = {
    Action.ADDRESS: _moves(EDIT),
    Action.STATION: _moves(EDIT),
    Action.CANCEL: _cancel,
    Action.INVOICE: _invoice,
    Action.SHORT: _short,
    Action.RETURN: _return,
}


def cancellable(facts: Facts) -> Sequence[tuple[OwnLine, int]]:
    """Return the lines with units that have not left, and how many those are."""
    here = _spread(facts, {code: units.live for code, units in facts.units.items()})
    return [(line, n) for line, n in here if n]


def returnable(facts: Facts) -> Sequence[tuple[OwnLine, int]]:
    """Return the lines with units that left and were not asked back yet, and how many."""
    asked: dict[int, int] = {}
    for one in facts.returns:
        for line in one.lines if one.state is not State.REJECTED else ():
            asked[line.position] = asked.get(line.position, 0) + line.quantity
    gone = _spread(facts, {code: units.confirmed for code, units in facts.units.items()})
    return [(line, n) for line, m in gone if (n := m - asked.get(line.position, 0)) > 0]


def _spread(facts: Facts, by_code: dict[str, int]) -> Sequence[tuple[OwnLine, int]]:
    """Give units counted by SKU to its lines, the first line first."""
    spread = []
    for line in facts.lines:
        n = min(line.quantity, by_code.get(line.code, 0))
        by_code[line.code] = by_code.get(line.code, 0) - n
        spread.append((line, n))
    return spread
