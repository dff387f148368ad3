"""Reading what happened."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from orders_core.events import Event
from orders_core.ids import EventId
from orders_core.outbox.store import event_of
from orders_core.outbox.tables import history
from orders_core.tx import Tx


def history_of(tx: Tx, entity_id: UUID) -> Sequence[Event]:
    """Read every change of one entity, oldest first."""
    rows = tx.execute(
        select(history).where(history.c.entity_id == entity_id).order_by(history.c.version)
    )
    return [event_of(row) for row in rows]


def newest_of(tx: Tx, entity_ids: Collection[UUID]) -> Sequence[EventId]:
    """Read which event each of some entities stands at, oldest first; none of those without one."""
    newest = (
        select(history.c.id)
        .where(history.c.entity_id.in_(entity_ids))
        .ext(distinct_on(history.c.entity_id))
        .order_by(history.c.entity_id, history.c.version.desc())
    )
    return [EventId(event) for event in sorted(tx.scalars(newest))]
