"""The table of moves agrees with itself, and each guard refuses exactly when it does not hold."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orders_core.orders import moves
from orders_core.orders.guards import Guard
from orders_core.orders.moves import MOVES, Axis, Facts, Move, Reason, may, possible
from orders_core.orders.order import Axes, Fulfilment, Order, Payment, Standing
from tests.moving import AN_ORDER, at, everywhere, goes, moved, somewhere
from tests.shop import MORNING

VALUES = {
    Axis.STANDING: Standing,
    Axis.PAYMENT: Payment,
    Axis.FULFILMENT: Fulfilment,
}
PAID = at(AN_ORDER, Axes(payment=Payment.PAID))
SHIPPED = at(AN_ORDER, Axes(payment=Payment.PAID, fulfilment=Fulfilment.SHIPPED))
DEPOSIT = at(AN_ORDER, Axes(payment=Payment.DEPOSIT_PAID))
CANCELLED = at(AN_ORDER, Axes(standing=Standing.CANCELLED))
LATER = MORNING + timedelta(seconds=1)

#: What each guard is for: a move that goes on this order, and what must change for it to refuse.
REFUSES: dict[str, tuple[Move, Order, dict[str, Any]]] = {
    "is_open": (moves.PAY, AN_ORDER, {"standing": Standing.CANCELLED}),
    "is_paid": (moves.SHIP, PAID, {"payment": Payment.DEPOSIT_PAID}),
    "nothing_shipped": (moves.CANCEL, PAID, {"fulfilment": Fulfilment.PARTLY_SHIPPED}),
    "not_short": (moves.SHIP, PAID, {"short_units": 1}),
    "not_mirrored": (moves.DELIVER, SHIPPED, {"mirrored": True}),
    "within_time": (moves.PAY, replace(AN_ORDER, pay_until=LATER), {"pay_until": MORNING}),
    "is_over": (moves.PAY_LATE, CANCELLED, {"standing": Standing.OPEN}),
    "has_deposit": (
        moves.PAY_DEPOSIT,
        replace(AN_ORDER, deposit_minor=20),
        {"deposit_minor": None},
    ),
    "balance_open": (
        moves.PAY_BALANCE,
        replace(DEPOSIT, balance_from=MORNING),
        {"balance_from": LATER},
    ),
    "money_left": (moves.ASK_REFUND, PAID, {"refund_minor": 100}),
    "all_asked_back": (
        moves.MAKE_REFUND,
        at(SHIPPED, Axes(payment=Payment.REFUND_DUE)),
        {"refund_minor": 99},
    ),
}


def guards() -> set[Guard]:
    return {guard for move in MOVES for guard in move.guards}


@pytest.mark.parametrize("name", sorted(REFUSES))
def test_a_guard_refuses_when_it_does_not_hold_and_says_so(name: str) -> None:
    move, order, change = REFUSES[name]

    assert may(Facts(order=order, at=MORNING), move) is None
    refusal = may(Facts(order=replace(order, **change), at=MORNING), move)

    assert refusal is not None
    assert (refusal.guard, refusal.move) == (name, move.name)
    assert f"and may not {move.does}: {refusal.says}; {refusal.helps}" in str(refusal)


@pytest.mark.parametrize("payment", [Payment.DEPOSIT_PAID, Payment.PAID])
def test_a_paid_order_may_not_get_dearer(payment: Payment) -> None:
    order = at(AN_ORDER, Axes(payment=payment))

    def asked(new_total_minor: int) -> str | None:
        facts = Facts(order=order, at=MORNING, new_total_minor=new_total_minor)
        refusal = may(facts, moves.EDIT)
        return refusal.guard if refusal else None

    assert [asked(n) for n in (99, 100, 101)] == [None, None, "not_dearer_once_paid"]


def test_every_guard_is_tried() -> None:
    assert {guard.name for guard in guards()} == {*REFUSES, "not_dearer_once_paid"}


def test_a_move_goes_from_its_sources_and_from_nowhere_else() -> None:
    for order in somewhere():
        for move in MOVES:
            refusal = may(Facts(order=order, at=MORNING), move)
            is_source = getattr(order, move.axis) in move.sources
            assert (refusal is not None and refusal.guard == "sources") is not is_source


def test_every_move_goes_somewhere_an_order_can_come_to() -> None:
    going = {move.name for order in everywhere() for move in MOVES if goes(order, move)}

    assert going == {move.name for move in MOVES}


def test_names_are_used_once_and_every_state_is_one_of_its_axis() -> None:
    for names in ([m.name for m in MOVES], [m.does for m in MOVES], [g.name for g in guards()]):
        assert Counter(names).most_common(1)[0][1] == 1
    for move in MOVES:
        known = set(VALUES[move.axis])
        assert move.sources <= known
        assert move.target in known
        assert move.reasons <= set(Reason)
        assert move.reasons


def test_money_never_becomes_less_paid() -> None:
    rank = {payment: place for place, payment in enumerate(Payment)}
    for order in everywhere():
        for move in (move for move in MOVES if move.axis is Axis.PAYMENT and goes(order, move)):
            after = moved(order, move)
            assert rank[after.payment] >= rank[order.payment] or move is moves.PAY_LATE


def test_the_moves_that_are_possible_are_those_nothing_speaks_against() -> None:
    names = [move.name for move in possible(Facts(order=PAID, at=MORNING))]

    assert names == ["ask_refund", "ship_part", "ship", "cancel", "cancel_units", "edit"]
