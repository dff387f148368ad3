"""The conditions that moves of an order depend on: named, pure, each with a way out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from orders_core.orders.order import NOT_YET_PAID, Fulfilment, Order, Payment, Standing


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What guards look at: the order, the business time, and what it would cost afterwards."""

    order: Order
    at: datetime
    new_total_minor: int | None = None  #: none: the move leaves the total as it is


@dataclass(frozen=True)
class Guard:
    """A condition of a move; `says` completes "… because", `helps` names the way out."""

    name: str
    holds: Callable[[Facts], bool]
    says: str
    helps: str


def _is_open(facts: Facts) -> bool:
    return facts.order.standing is Standing.OPEN


def _is_paid(facts: Facts) -> bool:
    return facts.order.payment is Payment.PAID  # a part that went back was settled with its units


def _nothing_shipped(facts: Facts) -> bool:
    return facts.order.fulfilment is Fulfilment.UNFULFILLED


def _not_short(facts: Facts) -> bool:
    return facts.order.short_units == 0


def _not_mirrored(facts: Facts) -> bool:
    return not facts.order.mirrored


def _within_time(facts: Facts) -> bool:
    return not is_overdue(facts)


def _is_over(facts: Facts) -> bool:
    return not _is_open(facts) or is_overdue(facts)


def _has_deposit(facts: Facts) -> bool:
    return bool(facts.order.deposit_minor)


def _balance_open(facts: Facts) -> bool:
    return facts.order.balance_from is None or facts.at >= facts.order.balance_from


def _money_left(facts: Facts) -> bool:
    return facts.order.refund_minor < facts.order.paid_minor


def _all_asked_back(facts: Facts) -> bool:
    return facts.order.refund_minor == facts.order.paid_minor


def _not_dearer(facts: Facts) -> bool:
    if facts.new_total_minor is None or facts.order.payment is Payment.UNPAID:
        return True
    return facts.new_total_minor <= facts.order.total_minor


def is_overdue(facts: Facts) -> bool:
    """Say whether the order should have been paid by now and was not."""
    until = facts.order.pay_until
    return (
        _is_open(facts)
        and _not_mirrored(facts)
        and facts.order.payment in NOT_YET_PAID
        and until is not None
        and facts.at >= until
    )


IS_OPEN = Guard("is_open", _is_open, "it is cancelled", "place a new order")
IS_PAID = Guard("is_paid", _is_paid, "it is not paid in full", "take the payment first")
NOTHING_SHIPPED = Guard(
    "nothing_shipped",
    _nothing_shipped,
    "some of it has left",
    "cancel the units that are still here, or ask for a return",
)
NOT_SHORT = Guard(
    "not_short",
    _not_short,
    "some of its units are short",
    "settle the short units first (wait, swap or refund), or ship the others by themselves",
)
NOT_MIRRORED = Guard(
    "not_mirrored", _not_mirrored, "it lives in another shop", "change it there; it follows"
)
WITHIN_TIME = Guard("within_time", _within_time, "its time to pay is over", "place a new order")
IS_OVER = Guard("is_over", _is_over, "it is open and in time", "take the payment as usual")
HAS_DEPOSIT = Guard("has_deposit", _has_deposit, "it has no deposit", "pay the whole price")
BALANCE_OPEN = Guard(
    "balance_open", _balance_open, "its balance is not due yet", "pay from balance_from on"
)
MONEY_LEFT = Guard(
    "money_left",
    _money_left,
    "all that came in is asked back already",
    "look at the refunds of the order",
)
ALL_ASKED_BACK = Guard(
    "all_asked_back",
    _all_asked_back,
    "only a part of its money goes back",
    "it stays a paid order",
)
NOT_DEARER = Guard(
    "not_dearer_once_paid",
    _not_dearer,
    "it is paid and would cost more",
    "place a second order for what comes on top",
)
