"""The statements about parcels: each takes hundreds of rows and touches a parcel once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.events import Change
from orders_core.ids import OrderId, ParcelId
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import Checkpoint, ExpectedSource, Parcel, ParcelStatus
from orders_core.parcels.tables import checkpoint, parcel
from orders_core.tx import Tx

Name = tuple[str, str]  # carrier, number
COLUMNS = [parcel.c[name] for name in Parcel.__dataclass_fields__]

# Sorted, so that two intakes of one unknown parcel wait for each other and never in a ring.
ADD = text("""
INSERT INTO parcel (id, carrier, number, order_id, status, promised_at, expected_at,
                    expected_source, changed_by, change_reason, changed_at, ring)
SELECT r.id, r.carrier, r.number, r.order_id, r.status, r.promised_at, r.expected_at,
       r.expected_source, r.changed_by, r.change_reason, r.changed_at, r.ring
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, carrier text, number text, order_id uuid, status text, promised_at timestamptz,
  expected_at timestamptz, expected_source text,
  changed_by text, change_reason text, changed_at timestamptz, ring text)
ORDER BY r.carrier, r.number
ON CONFLICT (carrier, number) DO NOTHING
RETURNING id
""").bindparams(bindparam("rows", type_=JSONB))

ADD_CHECKPOINTS = text("""
INSERT INTO checkpoint (id, parcel_id, at, code, place, words, pickup_code, expected_at)
SELECT r.id, r.parcel_id, r.at, r.code, r.place, r.words, r.pickup_code, r.expected_at
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, parcel_id uuid, at timestamptz, code text, place text, words text, pickup_code text,
  expected_at timestamptz)
ON CONFLICT (parcel_id, at, code, place) DO NOTHING
RETURNING id
""").bindparams(bindparam("rows", type_=JSONB))

WRITE = text("""
UPDATE parcel SET
  order_id = r.order_id, status = r.status, promised_at = r.promised_at,
  expected_at = r.expected_at, expected_source = r.expected_source,
  last_scan_at = r.last_scan_at, last_place = r.last_place, pickup_code = r.pickup_code,
  changed_by = r.changed_by, change_reason = r.change_reason, changed_at = r.changed_at,
  ring = r.ring
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, order_id uuid, status text, promised_at timestamptz, expected_at timestamptz,
  expected_source text, last_scan_at timestamptz, last_place text, pickup_code text,
  changed_by text, change_reason text, changed_at timestamptz, ring text)
WHERE parcel.id = r.id
""").bindparams(bindparam("rows", type_=JSONB))

ARRIVED = text("""
SELECT o.id FROM orders o
WHERE o.id IN (SELECT order_id FROM parcel WHERE id = ANY(:parcels) AND order_id IS NOT NULL)
  AND NOT o.mirrored AND o.status = :shipped
  AND NOT EXISTS (SELECT FROM parcel p WHERE p.order_id = o.id AND p.status <> :delivered)
ORDER BY o.id
""")


def names_known(tx: Tx, names: Sequence[Name]) -> frozenset[Name]:
    """Say which of these parcels have a row; nothing is locked."""
    rows = tx.execute(
        select(parcel.c.carrier, parcel.c.number).where(
            tuple_(parcel.c.carrier, parcel.c.number).in_(names)
        )
    )
    return frozenset((row.carrier, row.number) for row in rows)


def add(tx: Tx, parcels: Sequence[tuple[Parcel, Change]]) -> frozenset[ParcelId]:
    """Insert parcels; return the ids of those that another intake had not put in before."""
    if not parcels:
        return frozenset()
    rows = [_row(new, change) for new, change in parcels]
    return frozenset(ParcelId(row) for row in tx.scalars(ADD, {"rows": rows}))


def lock(tx: Tx, names: Sequence[Name]) -> Mapping[Name, Parcel]:
    """Lock the parcels in id order and return them."""
    rows = tx.execute(
        select(*COLUMNS)
        .where(tuple_(parcel.c.carrier, parcel.c.number).in_(names))
        .order_by(parcel.c.id)
        .with_for_update()
    )
    return {(row.carrier, row.number): _parcel(row) for row in rows}


def add_checkpoints(tx: Tx, said: Mapping[UUID, tuple[ParcelId, Checkpoint]]) -> frozenset[UUID]:
    """Insert checkpoints by their new ids; return the ids of those that were not known yet."""
    if not said:
        return frozenset()
    rows = [
        {"id": new, "parcel_id": parcel_id, **vars(checkpoint)}
        for new, (parcel_id, checkpoint) in said.items()
    ]
    return frozenset(tx.scalars(ADD_CHECKPOINTS, {"rows": rows}))


def checkpoints_of(tx: Tx, parcels: Sequence[ParcelId]) -> Mapping[ParcelId, list[Checkpoint]]:
    """Read all checkpoints of several parcels, in time order on each."""
    rows = tx.execute(
        select(checkpoint)
        .where(checkpoint.c.parcel_id.in_(parcels))
        .order_by(checkpoint.c.parcel_id, checkpoint.c.at, checkpoint.c.id)
    )
    found: dict[ParcelId, list[Checkpoint]] = {}
    for row in rows:
        said = Checkpoint(
            at=row.at,
            code=ParcelStatus(row.code),
            place=row.place,
            words=row.words,
            pickup_code=row.pickup_code,
            expected_at=row.expected_at,
        )
        found.setdefault(ParcelId(row.parcel_id), []).append(said)
    return found


def write(tx: Tx, changes: Sequence[tuple[Parcel, Change]]) -> None:
    """Write several locked parcels, each with who changed it and why, in one statement."""
    if changes:
        tx.execute(WRITE, {"rows": [_row(new, change) for new, change in changes]})


def of_orders(tx: Tx, orders: Sequence[OrderId]) -> Mapping[OrderId, list[Parcel]]:
    """Read the parcels of several orders, oldest first on each."""
    rows = tx.execute(
        select(*COLUMNS)
        .where(parcel.c.order_id.in_(orders))
        .order_by(parcel.c.order_id, parcel.c.id)
    )
    found: dict[OrderId, list[Parcel]] = {}
    for row in rows:
        found.setdefault(OrderId(row.order_id), []).append(_parcel(row))
    return found


def delivered_orders(tx: Tx, parcels: Sequence[ParcelId]) -> list[OrderId]:
    """Say which of our own shipped orders have every parcel delivered, asked by some of theirs.

    A mirrored order is left to its own shop's word.
    """
    facts = {
        "parcels": list(parcels),
        "shipped": OrderStatus.SHIPPED.value,
        "delivered": ParcelStatus.DELIVERED.value,
    }
    return [OrderId(row) for row in tx.scalars(ARRIVED, facts)]


def _row(new: Parcel, change: Change) -> dict[str, Any]:
    return vars(new) | {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }


def _parcel(row: Row[Any]) -> Parcel:
    source = row.expected_source
    fields = dict(row._mapping) | {
        "status": ParcelStatus(row.status),
        "expected_source": ExpectedSource(source) if source else None,
    }
    return Parcel(**fields)
