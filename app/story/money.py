"""What an order costs and what became of the money, as far as the core knows. Pure."""

from enum import StrEnum

from app.story.clause import Amount, Clause
from app.story.facts import Facts
from orders_core.orders.order import OrderStatus


class Payment(StrEnum):
    """Where the money stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    UNTOLD = "untold"  #: further than paid, and nobody told us of a payment
    NOT_CHARGED = "not_charged"  #: cancelled, and no payment is in the books
    REFUND_DUE = "refund_due"  #: cancelled after it was paid: the money is to go back
    REFUND_ELSEWHERE = "refund_elsewhere"  #: the same, and its own shop gives the money back


def payment(facts: Facts) -> Payment:
    """Say where an order's money stands."""
    order = facts.order
    if order.status is OrderStatus.CANCELLED:
        if not facts.is_paid:
            return Payment.NOT_CHARGED
        return Payment.REFUND_ELSEWHERE if order.mirrored else Payment.REFUND_DUE
    if facts.is_paid:
        return Payment.PAID
    return Payment.UNPAID if order.status is OrderStatus.PLACED else Payment.UNTOLD


def paid_clause(facts: Facts) -> Clause:
    """Return the sentence about an order's money."""
    amount = Amount(facts.order.total_minor, facts.order.currency)
    return Clause(f"payment.{payment(facts)}", {"amount": amount})
