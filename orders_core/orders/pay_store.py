"""The statements about money that came in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.orders.tables import payment
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Came:
    """A sum that came in: for which order, as which part of its price."""

    order_id: OrderId
    part: str


def known(tx: Tx, reference: str) -> Came | None:
    """Find what came in under one of the gateway's references."""
    row = tx.execute(
        select(payment.c.order_id, payment.c.part).where(payment.c.reference == reference)
    ).one_or_none()
    return None if row is None else Came(OrderId(row.order_id), row.part)


def add(
    tx: Tx,
    order_id: OrderId,
    reference: str,
    *,
    part: str,
    money: tuple[int, str],
    change: Change,
) -> UUID | None:
    """Write that a sum came in, in minor units of its currency; return the payment's id.

    None where the reference was written by somebody else at this moment, for another order.
    """
    amount_minor, currency = money
    writing = (
        upsert(payment)
        .values(
            id=new_id(),
            order_id=order_id,
            part=part,
            amount_minor=amount_minor,
            currency=currency,
            reference=reference,
            came_at=change.at,
            taken_by=change.by,
        )
        .on_conflict_do_nothing(index_elements=["reference"])
        .returning(payment.c.id)
    )
    written: UUID | None = tx.scalar(writing)
    return written
