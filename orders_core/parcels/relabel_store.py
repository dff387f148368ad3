"""The statements about numbers that a parcel had."""

from collections.abc import Sequence

from sqlalchemy import text, update

from orders_core.ids import ParcelId
from orders_core.parcels.store import Name
from orders_core.stock.tables import reservation
from orders_core.tx import Tx

EARLIER = text("""
WITH RECURSIVE family AS (
  SELECT id, carrier, number FROM parcel WHERE replaced_by = :parcel
  UNION
  SELECT p.id, p.carrier, p.number FROM family f JOIN parcel p ON p.replaced_by = f.id
)
SELECT id, carrier, number FROM family ORDER BY id
""")


def move_units(tx: Tx, old: ParcelId, new: ParcelId) -> None:
    """Say that the units which left in one parcel are in another now."""
    tx.execute(update(reservation).where(reservation.c.parcel_id == old).values(parcel_id=new))


def earlier(tx: Tx, parcel_id: ParcelId) -> Sequence[tuple[ParcelId, Name]]:
    """Return the numbers a parcel had before, the oldest first."""
    rows = tx.execute(EARLIER, {"parcel": parcel_id})
    return [(ParcelId(row.id), (row.carrier, row.number)) for row in rows]
