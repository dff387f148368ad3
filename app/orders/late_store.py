"""Parcels as they travelled and travel, and what is expected of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.orders.tables import parcel_outlook
from ml.late.journey import Outlook
from orders_core.events import Ring
from orders_core.ids import ParcelId
from orders_core.parcels.parcel import ExpectedSource
from orders_core.tx import Tx

BATCH = 1_000
NOBODY = UUID(int=0)

#: A way as it began and ended; where it went from is the warehouse its units left.
WAY = """
SELECT p.id, p.carrier, p.number, p.promised_at, p.expected_at, p.expected_source, p.ring,
       said.day_named_at,
       coalesce((SELECT w.region FROM reservation r JOIN warehouse w ON w.code = r.warehouse
                 WHERE r.order_id = p.order_id AND r.parcel_id = p.id LIMIT 1), '')
       || '>' || coalesce(a.region, '') AS lane,
       coalesce(o.delivered_at, o.cancelled_at) AS ended_at
FROM parcel p JOIN orders o ON o.id = p.order_id LEFT JOIN ship_to a ON a.id = o.ship_to
LEFT JOIN parcel_outlook said ON said.parcel_id = p.id
WHERE p.direction = 'out' AND p.replaced_by IS NULL
"""
# Ids end in chance: every n-th of them is a fair sample, and the same one each time.
SAMPLE = text(
    WAY
    + """AND p.changed_at >= :since
AND ('x' || right(p.id::text, 6))::bit(24)::int % :every = 0
ORDER BY p.id
"""
)
COUNT = text("SELECT count(*) FROM parcel WHERE changed_at >= :since")
UNDER_WAY = text(
    WAY
    + """AND p.status NOT IN ('at_station', 'delivered', 'returning', 'returned')
AND p.promised_at IS NOT NULL AND o.status = 'shipped' AND p.id > :after
ORDER BY p.id LIMIT :at_most
"""
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A parcel's way as its row and its order tell it.

    `day_named_at` is when a look first gave it a day; `ring` is that of its last news.
    """

    parcel_id: ParcelId
    carrier: str
    number: str
    lane: str
    promised_at: datetime | None
    expected_at: datetime | None
    expected_source: ExpectedSource | None
    ended_at: datetime | None
    day_named_at: datetime | None
    ring: Ring


def sample(tx: Tx, *, since: datetime, at_most: int) -> list[Way]:
    """Read about `at_most` of the parcels that changed since then, a fair sample of more."""
    count = tx.execute(COUNT, {"since": since}).scalar_one()
    every = max(1, -(-count // at_most))
    return [_way(row) for row in tx.execute(SAMPLE, {"since": since, "every": every})]


def under_way(tx: Tx) -> Iterator[Sequence[Way]]:
    """Yield the parcels that were promised for a day and have not arrived, a batch at a time."""
    after: UUID = NOBODY
    while batch := [_way(row) for row in tx.execute(UNDER_WAY, {"after": after, "at_most": BATCH})]:
        yield batch
        after = batch[-1].parcel_id


def _way(row: Row[Any]) -> Way:
    source = row.expected_source
    return Way(
        parcel_id=ParcelId(row.id),
        carrier=row.carrier,
        number=row.number,
        lane=row.lane,
        promised_at=row.promised_at,
        expected_at=row.expected_at,
        expected_source=ExpectedSource(source) if source else None,
        ended_at=row.ended_at,
        day_named_at=row.day_named_at,
        ring=Ring(row.ring),
    )


def keep(tx: Tx, outlooks: Mapping[ParcelId, Outlook], *, now: datetime) -> None:
    """Keep the newest outlook of each of these parcels."""
    if not outlooks:
        return
    rows = [
        {"parcel_id": one, "looked_at": now, **vars(said)} for one, said in sorted(outlooks.items())
    ]
    wanted = upsert(parcel_outlook)
    newer = {name: wanted.excluded[name] for name in rows[0] if name != "parcel_id"}
    tx.execute(wanted.on_conflict_do_update(index_elements=["parcel_id"], set_=newer), rows)


def name_first(tx: Tx, wanted: Collection[ParcelId], *, now: datetime) -> frozenset[ParcelId]:
    """Note that parcels are given a day; return those that no look gave one before."""
    fresh = (
        update(parcel_outlook)
        .where(parcel_outlook.c.parcel_id.in_(wanted), parcel_outlook.c.day_named_at.is_(None))
        .values(day_named_at=now)
    )
    return frozenset(
        ParcelId(one) for one in tx.scalars(fresh.returning(parcel_outlook.c.parcel_id))
    )


def outlook_of(tx: Tx, parcel_id: ParcelId) -> tuple[datetime, Outlook] | None:
    """Return the newest outlook of a parcel, and when it was made before."""
    wanted = select(parcel_outlook).where(parcel_outlook.c.parcel_id == parcel_id)
    row = tx.execute(wanted).one_or_none()
    if row is None:
        return None
    return row.looked_at, Outlook(row.late_share, row.likely_at, row.low_at, row.high_at)
