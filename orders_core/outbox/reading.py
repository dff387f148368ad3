"""Reading what happened."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from orders_core.events import Event
from orders_core.outbox.store import event_of
from orders_core.outbox.tables import history
from orders_core.tx import Tx


def history_of(tx: Tx, entity_id: UUID) -> Sequence[Event]:
    """Read every change of one entity, oldest first."""
    rows = tx.execute(
        select(history).where(history.c.entity_id == entity_id).order_by(history.c.version)
    )
    return [event_of(row) for row in rows]
