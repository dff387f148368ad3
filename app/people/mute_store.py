"""Orders about which their person wants no bells."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.people.tables import muted_order
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx


def mute(tx: Tx, order_id: OrderId, person_id: PersonId, *, now: datetime) -> None:
    """Ring no bells about an order; muted twice, the first time stands."""
    said = insert(muted_order).values(order_id=order_id, person_id=person_id, at=now)
    tx.execute(said.on_conflict_do_nothing())


def unmute(tx: Tx, order_id: OrderId) -> None:
    """Let the bells of an order ring again."""
    tx.execute(delete(muted_order).where(muted_order.c.order_id == order_id))


def muted(tx: Tx, order_ids: Collection[OrderId]) -> frozenset[OrderId]:
    """Say which of these orders are muted."""
    if not order_ids:
        return frozenset()
    wanted = select(muted_order.c.order_id).where(muted_order.c.order_id.in_(order_ids))
    return frozenset(OrderId(found) for found in tx.scalars(wanted))
