"""The gateway's word that money came in: a deposit, a balance, the whole price, or too late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders import expire, hold, refund
from orders_core.orders import move_store as orders
from orders_core.orders import pay_store as store
from orders_core.orders.moves import (
    PAY,
    PAY_BALANCE,
    PAY_DEPOSIT,
    PAY_LATE,
    Facts,
    Move,
    Reason,
    is_overdue,
    may,
)
from orders_core.orders.order import (
    NOT_YET_PAID,
    Cause,
    IllegalMove,
    Order,
    Payment,
    PaymentConflict,
    Standing,
)
from orders_core.stock import settle_store
from orders_core.tx import Tx


class Part(StrEnum):
    """What a sum of money is of an order's price."""

    WHOLE = "whole"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    LATE = "late"  #: it came when the order had ended: it goes back


ELSEWHERE = "this reference paid another order"
ALONG: Mapping[Part, Move] = {
    Part.WHOLE: PAY,
    Part.DEPOSIT: PAY_DEPOSIT,
    Part.BALANCE: PAY_BALANCE,
    Part.LATE: PAY_LATE,
}


def pay(
    tx: Tx,
    order_id: OrderId,
    reference: str,
    *,
    change: Change,
    amount_minor: int | None = None,
) -> Part:
    """Take the gateway's word that money came in; the same word twice is one payment.

    `amount_minor` must be what is due, where it is given: the deposit or the whole price, later the
    balance. A payment for an order that has ended, or whose time is up whether or not the sweeper
    came by, is late: the order ends as of its time, the money is kept in the books and asked back.
    Locks: levels where the order has to end, then the order.

    Raises:
        NotFound: If there is no such order.
        IllegalMove: If the order takes no money: it lives elsewhere, its balance is not due yet.
        PaymentConflict: If the reference pays another order, another reference paid this one, or
            the amount is not what is due.
    """
    has_to_end = partial(_has_to_end, at=change.at)
    order = hold.one(tx, order_id, needs_levels=has_to_end)
    if (before := _known(tx, order, reference)) is not None:
        return before
    is_late = has_to_end(order) or order.standing is Standing.CANCELLED
    part = Part.LATE if is_late else _part(order, reference, amount_minor)
    if refusal := may(Facts(order=order, at=change.at), ALONG[part]):
        raise IllegalMove(refusal)
    amount = amount_minor if is_late and amount_minor is not None else _due(order, part)
    money = (amount, order.currency)
    payment_id = store.add(tx, order_id, reference, part=part, money=money, change=change)
    if payment_id is None:
        raise PaymentConflict(order_id, reference, ELSEWHERE)
    if is_late:
        order = expire.end_one(tx, order) if has_to_end(order) else order
        _give_back(tx, order, payment_id, reference, amount, change=change)
    else:
        _take(tx, order, part, reference, amount, change=change)
    return part


def _has_to_end(order: Order, *, at: datetime) -> bool:
    return is_overdue(Facts(order=order, at=at))


def _give_back(
    tx: Tx, order: Order, payment_id: UUID, reference: str, amount_minor: int, *, change: Change
) -> None:
    """Keep a late payment in the books of an order that has ended, and ask it back."""
    late = replace(change, why=Reason.PAID_LATE)
    money = (amount_minor, order.currency)
    refund.write(tx, order.id, money=money, cause=Cause.PAID_LATE, cause_id=payment_id, change=late)
    after = order.moved(paid_minor=order.paid_minor + amount_minor, payment_reference=reference)
    orders.write(tx, order, after.asking_back(amount_minor), change=late)


def _known(tx: Tx, order: Order, reference: str) -> Part | None:
    """Say as which part the same word was taken before; a word too much is refused."""
    if before := store.known(tx, reference):
        if before.order_id != order.id:
            raise PaymentConflict(order.id, reference, ELSEWHERE)
        return Part(before.part)
    if order.payment not in NOT_YET_PAID and order.paid_minor >= order.total_minor:
        raise PaymentConflict(order.id, reference, "it was paid with another reference")
    return None


def _part(order: Order, reference: str, amount_minor: int | None) -> Part:
    """Say what an amount is of an order's price; none given is what is due first."""
    if order.payment is Payment.DEPOSIT_PAID:
        parts = [Part.BALANCE]
    elif order.deposit_minor:
        parts = [Part.DEPOSIT, Part.WHOLE]
    else:
        parts = [Part.WHOLE]
    for part in parts:
        if amount_minor in (None, _due(order, part)):
            return part
    due = " or ".join(str(_due(order, part)) for part in parts)
    raise PaymentConflict(
        order.id, reference, f"{due} {order.currency} minor units are due, not {amount_minor}"
    )


def _due(order: Order, part: Part) -> int:
    """Return the amount of a part; a late payment's is taken to be all that was still owed."""
    if part is Part.DEPOSIT:
        return min(order.deposit_minor or 0, order.total_minor)
    return max(order.total_minor - order.paid_minor, 0)


def _take(
    tx: Tx, order: Order, part: Part, reference: str, amount_minor: int, *, change: Change
) -> None:
    is_all = part is not Part.DEPOSIT
    pay_until = None if is_all else order.balance_until
    after = order.moved(
        payment=ALONG[part].target,
        paid_minor=order.paid_minor + amount_minor,
        paid_at=change.at if is_all else None,
        payment_reference=reference,
        pay_until=pay_until,
    )
    settle_store.hold_until(tx, order.id, pay_until)
    orders.write(tx, order, after, change=change)
