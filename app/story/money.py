"""What an order costs and what became of the money, as far as the core knows. Pure."""

from enum import StrEnum
from typing import NamedTuple

from app.story.clause import Amount, Clause
from app.story.facts import Facts
from orders_core.orders import order as core
from orders_core.orders.order import OrderStatus


class Payment(StrEnum):
    """Where the money stands."""

    UNPAID = "unpaid"
    DEPOSIT_PAID = "deposit_paid"  #: of a pre-order: the balance is open
    PAID = "paid"
    UNTOLD = "untold"  #: further than paid, and nobody told us of a payment
    NOT_CHARGED = "not_charged"  #: cancelled, and no payment is in the books
    PART_DUE = "part_due"  #: paid, and a part of it is to go back
    PART_REFUNDED = "part_refunded"  #: paid, and a part of it went back
    REFUND_DUE = "refund_due"  #: all of the money is to go back
    REFUNDED = "refunded"  #: all of it went back
    REFUND_ELSEWHERE = "refund_elsewhere"  #: its own shop gives the money back


class Back(NamedTuple):
    """Money that is to go back and money that went, in minor units."""

    due_minor: int
    made_minor: int


def back(facts: Facts) -> Back:
    """Add up what is to go back; a paid order that was cancelled owes all it took."""
    made = sum(one.amount_minor for one in facts.refunds if one.made_at)
    due = sum(one.amount_minor for one in facts.refunds if not one.made_at)
    order = facts.order
    is_untold = not facts.refunds and order.status is OrderStatus.CANCELLED and facts.is_paid
    if is_untold and not order.mirrored:
        due = order.paid_minor or order.total_minor
    return Back(due, made)


def payment(facts: Facts) -> Payment:
    """Say where an order's money stands."""
    order = facts.order
    if order.status is OrderStatus.CANCELLED and not (facts.is_paid or facts.refunds):
        return Payment.NOT_CHARGED
    if order.status is OrderStatus.CANCELLED and order.mirrored:
        return Payment.REFUND_ELSEWHERE
    sums = back(facts)
    if sums != (0, 0):
        return _going_back(facts, sums)
    if order.payment is core.Payment.DEPOSIT_PAID:
        return Payment.DEPOSIT_PAID
    if facts.is_paid:
        return Payment.PAID
    return Payment.UNPAID if order.status is OrderStatus.PLACED else Payment.UNTOLD


def _going_back(facts: Facts, sums: Back) -> Payment:
    is_all = sum(sums) >= (facts.order.paid_minor or facts.order.total_minor)
    if sums.due_minor:
        return Payment.REFUND_DUE if is_all else Payment.PART_DUE
    return Payment.REFUNDED if is_all else Payment.PART_REFUNDED


def balance_minor(facts: Facts) -> int:
    """Return what is still to be paid, in minor units."""
    return max(0, facts.order.total_minor - facts.order.paid_minor)


def paid_clause(facts: Facts) -> Clause:
    """Return the sentence about an order's money."""
    currency, sums = facts.order.currency, back(facts)
    stands = payment(facts)
    if stands is Payment.DEPOSIT_PAID:
        amounts = {"deposit": facts.order.paid_minor, "balance": balance_minor(facts)}
    else:
        amounts = {"amount": sums.due_minor or sums.made_minor}
    return Clause(
        f"payment.{stands}", {name: Amount(minor, currency) for name, minor in amounts.items()}
    )
