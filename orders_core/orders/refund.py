"""Money that goes back: asked for by what gave rise to it, made by the gateway's word.

An order stays paid while only a part of its money goes back; `refund_minor` says how much. Once all
of it is asked back its payment is `refund_due`, and `refunded` when the last of it was made.
"""

from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, new_id, show
from orders_core.orders import refund_store as store
from orders_core.orders.order import Cause, OrdersError, Refund
from orders_core.orders.refund_store import asking
from orders_core.tx import Tx

__all__ = ["Cause", "Refund", "RefundConflict", "ask", "asking", "made", "of_order", "write"]

of_order = store.of_order


class RefundConflict(OrdersError):
    """The money of this refund went back already, under another reference."""

    def __init__(self, refund_id: UUID, reference: str) -> None:
        self.refund_id, self.reference = refund_id, reference
        super().__init__(
            f"refund {show('ref', refund_id)} was made with reference {reference!r}:"
            " a second payout of the same money would be a loss"
        )


def ask(
    tx: Tx,
    order_id: OrderId,
    *,
    amount_minor: int,
    cause: Cause,
    cause_id: UUID,
    change: Change,
) -> UUID | None:
    """Ask for an order's money back; None where the same cause asked before or nothing is left.

    Never more than came in and was not asked back yet. The order is changed by one UPDATE; whoever
    changes it anyway calls `write` and sets `asking(...)` in that UPDATE instead.

    Raises:
        NotFound: If there is no such order.
    """
    money = store.lock_money(tx, order_id)
    if money is None:
        raise NotFound("order", show("ord", order_id))
    left, currency = money
    amount = min(amount_minor, left)
    refund_id = write(
        tx,
        order_id,
        money=(amount, currency),
        cause=cause,
        cause_id=cause_id,
        change=change,
    )
    if refund_id is not None:
        store.owe(tx, order_id, amount, change=change)
    return refund_id


def write(
    tx: Tx,
    order_id: OrderId,
    *,
    money: tuple[int, str],
    cause: Cause,
    cause_id: UUID,
    change: Change,
) -> UUID | None:
    """Write the refund alone: `money` is minor units and currency; the order's UPDATE is yours.

    None where the amount is 0 or the same cause asked before.
    """
    amount_minor, currency = money
    if amount_minor <= 0:
        return None
    wanted = Refund(
        id=new_id(),
        order_id=order_id,
        amount_minor=amount_minor,
        currency=currency,
        cause=cause,
        cause_id=cause_id,
        asked_at=change.at,
    )
    return store.add(tx, wanted, change=change)


def made(tx: Tx, refund_id: UUID, reference: str, *, change: Change) -> Refund:
    """Take the gateway's word that the money went back; the same word twice is one payout.

    Locks: the order, then the refund.

    Raises:
        NotFound: If there is no such refund.
        RefundConflict: If it was made with another reference.
    """
    order_id = store.order_of(tx, refund_id)
    if order_id is None:
        raise NotFound("refund", show("ref", refund_id))
    store.lock_money(tx, order_id)
    present = store.lock(tx, refund_id)
    if present.reference == reference:
        return present
    if present.reference is not None:
        raise RefundConflict(refund_id, present.reference)
    store.make(tx, refund_id, reference, change=change)
    store.close_payment(tx, order_id, change=change)
    return store.lock(tx, refund_id)
