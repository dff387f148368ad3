"""What a transaction that will not last has written so far, and nothing that stood before."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from orders_core.events import Event
from orders_core.outbox.reading import history_of
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx

# A row's xmin names the transaction that wrote it: ours is the one that is under way.
OWN_EVENTS = text("""
SELECT id FROM history
WHERE entity_id = ANY(:entities) AND xmin = pg_current_xact_id()::xid
""").bindparams(bindparam("entities", type_=ARRAY(PG_UUID(as_uuid=True))))


def new_events(tx: Tx, orders: Collection[UUID]) -> Sequence[Event]:
    """Return the events of these orders and their parcels that this transaction wrote, in order."""
    parcels = tx.scalars(select(parcel.c.id).where(parcel.c.order_id.in_(orders)))
    entities = [*orders, *parcels]
    ours = set(tx.scalars(OWN_EVENTS, {"entities": entities}))
    found = [event for one in entities for event in history_of(tx, one) if event.id in ours]
    return sorted(found, key=lambda event: event.id)
