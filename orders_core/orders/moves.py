"""What may become of an order, as data: every move on its three axes, with guards and reasons.

A move changes one axis from one of its `sources` to its `target`. Its guards look at the facts of
the order and the time, and each can say why it refuses and what would help. `may` asks them all;
the statements that write a move check its sources once more where they write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from orders_core.orders.guards import (
    ALL_ASKED_BACK,
    BALANCE_OPEN,
    HAS_DEPOSIT,
    IS_OPEN,
    IS_OVER,
    IS_PAID,
    MONEY_LEFT,
    NOT_DEARER,
    NOT_MIRRORED,
    NOT_SHORT,
    NOTHING_SHIPPED,
    WITHIN_TIME,
    Facts,
    Guard,
    is_overdue,
)
from orders_core.orders.order import (
    Fulfilment,
    Order,
    OrderStatus,
    Payment,
    Refusal,
    Standing,
)

__all__ = [
    "CALLED_OFF",
    "MOVES",
    "Axis",
    "Facts",
    "Guard",
    "Move",
    "Reason",
    "is_overdue",
    "may",
    "may_become",
    "possible",
]


class Axis(StrEnum):
    """What a move changes; the names are the columns of an order."""

    STANDING = "standing"
    PAYMENT = "payment"
    FULFILMENT = "fulfilment"


class Reason(StrEnum):
    """Why somebody moved an order. Append only: stored history is read for years."""

    ASKED_BY_SHOPPER = "asked_by_shopper"
    CHANGED_MIND = "changed_mind"
    ADDRESS_WRONG = "address_wrong"
    ORDERED_TWICE = "duplicate"
    UNPAID = "unpaid"
    PAYMENT_FAILED = "payment_failed"
    OUT_OF_STOCK = "out_of_stock"
    SUSPECTED_FRAUD = "suspected_fraud"
    PAID = "paid"  #: the gateway said so
    PAID_LATE = "paid_late"  #: it said so when the order had ended
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    EDITED = "edited"
    RETURNED = "returned"
    REFUNDED = "refunded"
    OTHER = "other"


#: Why an order, or some of its units, may be called off.
CALLED_OFF = frozenset(
    {
        Reason.ASKED_BY_SHOPPER,
        Reason.CHANGED_MIND,
        Reason.ADDRESS_WRONG,
        Reason.ORDERED_TWICE,
        Reason.UNPAID,
        Reason.PAYMENT_FAILED,
        Reason.OUT_OF_STOCK,
        Reason.SUSPECTED_FRAUD,
        Reason.OTHER,
    }
)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that may happen to an order: it may `does`, "become paid" for example."""

    name: str
    does: str
    axis: Axis
    sources: frozenset[StrEnum]
    target: StrEnum
    guards: tuple[Guard, ...]
    reasons: frozenset[Reason]


PAY_DEPOSIT = Move(
    name="pay_deposit",
    does="take a deposit",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.UNPAID}),
    target=Payment.DEPOSIT_PAID,
    guards=(NOT_MIRRORED, IS_OPEN, WITHIN_TIME, HAS_DEPOSIT),
    reasons=frozenset({Reason.PAID}),
)
PAY_BALANCE = Move(
    name="pay_balance",
    does="take its balance",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.DEPOSIT_PAID}),
    target=Payment.PAID,
    guards=(NOT_MIRRORED, IS_OPEN, WITHIN_TIME, BALANCE_OPEN),
    reasons=frozenset({Reason.PAID}),
)
PAY = Move(
    name="pay",
    does="become paid",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.UNPAID}),
    target=Payment.PAID,
    guards=(NOT_MIRRORED, IS_OPEN, WITHIN_TIME),
    reasons=frozenset({Reason.PAID}),
)
PAY_LATE = Move(
    name="pay_late",
    does="take a late payment",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.UNPAID, Payment.DEPOSIT_PAID, Payment.REFUND_DUE, Payment.REFUNDED}),
    target=Payment.REFUND_DUE,
    guards=(NOT_MIRRORED, IS_OVER),
    reasons=frozenset({Reason.PAID_LATE}),
)
ASK_REFUND = Move(
    name="ask_refund",
    does="ask for its money back",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.DEPOSIT_PAID, Payment.PAID}),
    target=Payment.REFUND_DUE,
    guards=(NOT_MIRRORED, MONEY_LEFT),
    reasons=CALLED_OFF | {Reason.EDITED, Reason.RETURNED, Reason.PAID_LATE},
)
MAKE_REFUND = Move(
    name="make_refund",
    does="become refunded",
    axis=Axis.PAYMENT,
    sources=frozenset({Payment.REFUND_DUE}),
    target=Payment.REFUNDED,
    guards=(NOT_MIRRORED, ALL_ASKED_BACK),
    reasons=frozenset({Reason.REFUNDED}),
)
SHIP_PART = Move(
    name="ship_part",
    does="ship a part",
    axis=Axis.FULFILMENT,
    sources=frozenset({Fulfilment.UNFULFILLED, Fulfilment.PARTLY_SHIPPED}),
    target=Fulfilment.PARTLY_SHIPPED,
    guards=(NOT_MIRRORED, IS_OPEN, IS_PAID),
    reasons=frozenset({Reason.SHIPPED}),
)
SHIP = Move(
    name="ship",
    does="become shipped",
    axis=Axis.FULFILMENT,
    sources=frozenset({Fulfilment.UNFULFILLED, Fulfilment.PARTLY_SHIPPED}),
    target=Fulfilment.SHIPPED,
    guards=(NOT_MIRRORED, IS_OPEN, IS_PAID, NOT_SHORT),
    reasons=frozenset({Reason.SHIPPED}) | CALLED_OFF,  # the last that was missing is called off
)
DELIVER = Move(
    name="deliver",
    does="become delivered",
    axis=Axis.FULFILMENT,
    sources=frozenset({Fulfilment.SHIPPED}),
    target=Fulfilment.DELIVERED,
    guards=(NOT_MIRRORED, IS_OPEN),
    reasons=frozenset({Reason.DELIVERED}),
)
RETURN_ALL = Move(
    name="return_all",
    does="become returned",
    axis=Axis.FULFILMENT,
    sources=frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED}),
    target=Fulfilment.RETURNED,
    guards=(NOT_MIRRORED, IS_OPEN),
    reasons=frozenset({Reason.RETURNED}),
)
CANCEL = Move(
    name="cancel",
    does="become cancelled",
    axis=Axis.STANDING,
    sources=frozenset({Standing.OPEN}),
    target=Standing.CANCELLED,
    guards=(NOT_MIRRORED, NOTHING_SHIPPED),
    reasons=CALLED_OFF,
)
CANCEL_UNITS = Move(
    name="cancel_units",
    does="lose units",
    axis=Axis.STANDING,
    sources=frozenset({Standing.OPEN}),
    target=Standing.OPEN,
    guards=(NOT_MIRRORED, WITHIN_TIME),
    reasons=CALLED_OFF,
)
EDIT = Move(
    name="edit",
    does="be edited",
    axis=Axis.STANDING,
    sources=frozenset({Standing.OPEN}),
    target=Standing.OPEN,
    guards=(NOT_MIRRORED, NOTHING_SHIPPED, WITHIN_TIME, NOT_DEARER),
    reasons=frozenset({Reason.EDITED, Reason.ASKED_BY_SHOPPER, Reason.OUT_OF_STOCK}),
)

MOVES: Sequence[Move] = (
    PAY_DEPOSIT,
    PAY_BALANCE,
    PAY,
    PAY_LATE,
    ASK_REFUND,
    MAKE_REFUND,
    SHIP_PART,
    SHIP,
    DELIVER,
    RETURN_ALL,
    CANCEL,
    CANCEL_UNITS,
    EDIT,
)

#: The move that leads to a one-word status by somebody's mere word; money comes in by `pay`.
LEADS_TO: Mapping[OrderStatus, Move] = {
    OrderStatus.SHIPPED: SHIP,
    OrderStatus.DELIVERED: DELIVER,
    OrderStatus.CANCELLED: CANCEL,
}


def may(facts: Facts, move: Move) -> Refusal | None:
    """Say what speaks against a move, or None where nothing does.

    The move's sources are asked first, then its guards in their order; the first that refuses
    answers.
    """
    order = facts.order
    present: StrEnum = getattr(order, move.axis)
    if present not in move.sources:
        wanted = " or ".join(sorted(move.sources))
        return _refusal(
            order,
            move,
            guard="sources",
            says=f"its {move.axis} is {present}",
            helps=f"it can while that is {wanted}",
        )
    for guard in move.guards:
        if not guard.holds(facts):
            return _refusal(order, move, guard=guard.name, says=guard.says, helps=guard.helps)
    return None


def may_become(facts: Facts, status: OrderStatus) -> Refusal | None:
    """Say what speaks against bringing an order to a status by somebody's mere word."""
    if move := LEADS_TO.get(status):
        return may(facts, move)
    return Refusal(
        order_id=facts.order.id,
        present=facts.order.status,
        move=status,
        does=f"become {status}",
        guard="sources",
        says="no word of anybody's leads there",
        helps="an order is placed once, and paid by the gateway's reference",
    )


def possible(facts: Facts) -> Sequence[Move]:
    """Return the moves that nothing speaks against."""
    return [move for move in MOVES if may(facts, move) is None]


def _refusal(order: Order, move: Move, *, guard: str, says: str, helps: str) -> Refusal:
    return Refusal(
        order_id=order.id,
        present=order.status,
        move=move.name,
        does=move.does,
        guard=guard,
        says=says,
        helps=helps,
    )
