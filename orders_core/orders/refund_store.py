"""The statements about refunds, and what they change of their order."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import Cause, Payment, Refund, Standing
from orders_core.orders.tables import orders, refund
from orders_core.tx import Tx

COLUMNS = [refund.c[name] for name in Refund.__dataclass_fields__]


def about(change: Change) -> dict[str, Any]:
    """Say on a tracked row who changes it, why, when, and whether that may ring anybody."""
    return {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }


def lock_money(tx: Tx, order_id: OrderId) -> tuple[int, str] | None:
    """Lock the order; return what may still be asked back of it, in minor units, and in what."""
    row = tx.execute(
        select(orders.c.paid_minor - orders.c.refund_minor, orders.c.currency)
        .where(orders.c.id == order_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else (int(row[0]), str(row[1]))


def add(tx: Tx, wanted: Refund, *, change: Change) -> UUID | None:
    """Write a refund that is asked for; None where its cause asked before."""
    writing = (
        upsert(refund)
        .values(
            id=wanted.id,
            order_id=wanted.order_id,
            amount_minor=wanted.amount_minor,
            currency=wanted.currency,
            cause=wanted.cause,
            cause_id=wanted.cause_id,
            asked_at=change.at,
            **about(change),
        )
        .on_conflict_do_nothing(index_elements=["cause", "cause_id"])
        .returning(refund.c.id)
    )
    written: UUID | None = tx.scalar(writing)
    return written


def add_for_cancelled(tx: Tx, order_ids: Sequence[OrderId], *, change: Change) -> None:
    """Ask back all that these (locked) orders still hold of their shoppers' money.

    Written before their cancellation, which counts it as asked.
    """
    held = tx.execute(
        select(
            orders.c.id, orders.c.currency, (orders.c.paid_minor - orders.c.refund_minor).label("n")
        ).where(orders.c.id.in_(order_ids), orders.c.paid_minor > orders.c.refund_minor)
    ).all()
    for row in held:
        wanted = Refund(
            id=new_id(),
            order_id=row.id,
            amount_minor=row.n,
            currency=row.currency,
            cause=Cause.CANCELLED,
            cause_id=row.id,
            asked_at=change.at,
        )
        add(tx, wanted, change=change)


def asking(amount_minor: int) -> dict[str, Any]:
    """Return what asking for so much back changes of an order, to be set in its one UPDATE.

    Once all that came in is asked back, the money is due; before, the order is still a paid one.
    """
    if not amount_minor:
        return {}
    asked = orders.c.refund_minor + amount_minor
    everything = and_(asked == orders.c.paid_minor, _was_paid())
    return {
        "refund_minor": asked,
        "payment": case((everything, Payment.REFUND_DUE), else_=orders.c.payment),
    }


def _was_paid() -> ColumnElement[bool]:
    """Say that the word for the order cannot change by it: a deposit alone never made it paid."""
    return or_(orders.c.payment != Payment.DEPOSIT_PAID, orders.c.standing == Standing.CANCELLED)


def owe(tx: Tx, order_id: OrderId, amount_minor: int, *, change: Change) -> None:
    """Note on the (locked) order that so much must go back."""
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id)
        .values(**asking(amount_minor), **about(change))
    )


def of_order(tx: Tx, order_id: OrderId) -> list[Refund]:
    """Read the refunds of an order, oldest first."""
    rows = tx.execute(select(*COLUMNS).where(refund.c.order_id == order_id).order_by(refund.c.id))
    return [_refund(row._mapping) for row in rows]


def made_among(tx: Tx, refund_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some refunds were made: their money is back."""
    if not refund_ids:
        return frozenset()
    wanted = select(refund.c.id).where(refund.c.id.in_(refund_ids), refund.c.made_at.is_not(None))
    return frozenset(tx.scalars(wanted))


def order_of(tx: Tx, refund_id: UUID) -> OrderId | None:
    """Say which order a refund is of."""
    return tx.scalar(select(refund.c.order_id).where(refund.c.id == refund_id))


def lock(tx: Tx, refund_id: UUID) -> Refund:
    """Lock one refund, whose order must be locked already."""
    row = tx.execute(select(*COLUMNS).where(refund.c.id == refund_id).with_for_update()).one()
    return _refund(row._mapping)


def make(tx: Tx, refund_id: UUID, reference: str, *, change: Change) -> None:
    """Note that the money of a refund went back."""
    tx.execute(
        update(refund)
        .where(refund.c.id == refund_id, refund.c.status == "asked")
        .values(status="made", reference=reference, made_at=change.at, **about(change))
    )


def close_payment(tx: Tx, order_id: OrderId, *, change: Change) -> None:
    """Call the (locked) order refunded where nothing that it owes back is outstanding."""
    outstanding = exists().where(refund.c.order_id == order_id, refund.c.status == "asked")
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.payment == Payment.REFUND_DUE, ~outstanding)
        .values(payment=Payment.REFUNDED, **about(change))
    )


def _refund(row: Any) -> Refund:
    return Refund(**{**row, "cause": Cause(row["cause"])})
