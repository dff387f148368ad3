"""The statements about parcels: each takes hundreds of rows and touches a parcel once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from orders_core.events import Change
from orders_core.ids import OrderId, ParcelId
from orders_core.orders.order import Fulfilment
from orders_core.parcels.parcel import (
    Checkpoint,
    Direction,
    ExpectedSource,
    Parcel,
    ParcelStatus,
)
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx

Name = tuple[str, str]  # carrier, number
COLUMNS = [parcel.c[name] for name in Parcel.__dataclass_fields__]

# Sorted, so that two intakes of one unknown parcel wait for each other and never in a ring.
ADD = text("""
INSERT INTO parcel (id, carrier, number, order_id, status, promised_at, expected_at,
                    expected_source, direction, changed_by, change_reason, changed_at, ring)
SELECT r.id, r.carrier, r.number, r.order_id, r.status, r.promised_at, r.expected_at,
       r.expected_source, r.direction, r.changed_by, r.change_reason, r.changed_at, r.ring
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, carrier text, number text, order_id uuid, status text, promised_at timestamptz,
  expected_at timestamptz, expected_source text, direction text,
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
  direction = r.direction, replaced_by = r.replaced_by,
  changed_by = r.changed_by, change_reason = r.change_reason, changed_at = r.changed_at,
  ring = r.ring
FROM jsonb_to_recordset(:rows) AS r(
  id uuid, order_id uuid, status text, promised_at timestamptz, expected_at timestamptz,
  expected_source text, last_scan_at timestamptz, last_place text, pickup_code text,
  direction text, replaced_by uuid,
  changed_by text, change_reason text, changed_at timestamptz, ring text)
WHERE parcel.id = r.id
""").bindparams(bindparam("rows", type_=JSONB))

# A parcel that was relabelled speaks through the one that replaced it, one that comes back not at
# all: it cannot bring an order to its shopper.
ARRIVED = text("""
SELECT o.id FROM orders o
WHERE o.id IN (SELECT order_id FROM parcel WHERE id = ANY(:parcels) AND order_id IS NOT NULL)
  AND NOT o.mirrored AND o.standing = 'open' AND o.fulfilment = :shipped
  AND EXISTS (SELECT FROM parcel p WHERE p.order_id = o.id AND p.direction = 'out'
              AND p.replaced_by IS NULL)
  AND NOT EXISTS (SELECT FROM parcel p WHERE p.order_id = o.id AND p.direction = 'out'
                  AND p.replaced_by IS NULL AND p.status <> :delivered)
ORDER BY o.id
""")

# Who a number goes by now: up along the relabellings; UNION ends even where a fault made a ring.
LABELS = text("""
WITH RECURSIVE up AS (
  SELECT p.carrier, p.number, p.id AS own, p.id, p.replaced_by
  FROM parcel p
  JOIN jsonb_to_recordset(:names) AS r(carrier text, number text)
    ON r.carrier = p.carrier AND r.number = p.number
  UNION
  SELECT up.carrier, up.number, up.own, p.id, p.replaced_by
  FROM up JOIN parcel p ON p.id = up.replaced_by
)
SELECT carrier, number, own, id AS head FROM up WHERE replaced_by IS NULL
""").bindparams(bindparam("names", type_=JSONB))

# What was said of a parcel under each of its numbers: down along the relabellings.
SAID = text("""
WITH RECURSIVE family AS (
  SELECT id AS head, id FROM unnest(:parcels) AS id
  UNION
  SELECT family.head, p.id FROM family JOIN parcel p ON p.replaced_by = family.id
)
SELECT DISTINCT ON (f.head, c.at, c.code, c.place)
       f.head, c.at, c.code, c.place, c.words, c.pickup_code, c.expected_at
FROM family f JOIN checkpoint c ON c.parcel_id = f.id
ORDER BY f.head, c.at, c.code, c.place, c.id
""").bindparams(bindparam("parcels", type_=ARRAY(Uuid)))


@dataclass(frozen=True)
class Label:
    """A number as it was printed: the row of its `own`, and of the parcel it goes by now."""

    own: ParcelId
    head: ParcelId


def labels(tx: Tx, names: Collection[Name]) -> Mapping[Name, Label]:
    """Say of each number that has a row which parcel it goes by now; nothing is locked."""
    if not names:
        return {}
    rows = tx.execute(LABELS, {"names": [{"carrier": c, "number": n} for c, n in sorted(names)]})
    return {(row.carrier, row.number): Label(ParcelId(row.own), ParcelId(row.head)) for row in rows}


def add(tx: Tx, parcels: Sequence[tuple[Parcel, Change]]) -> frozenset[ParcelId]:
    """Insert parcels; return the ids of those that another intake had not put in before."""
    if not parcels:
        return frozenset()
    rows = [_row(new, change) for new, change in parcels]
    return frozenset(ParcelId(row) for row in tx.scalars(ADD, {"rows": rows}))


def lock(tx: Tx, names: Collection[Name]) -> Mapping[Name, Parcel]:
    """Lock the parcels that these numbers go by now, in id order, and return them by number."""
    known = labels(tx, names)
    held = lock_ids(tx, {label.head for label in known.values()})
    while any(parcel.replaced_by for parcel in held.values()):  # relabelled while this one waited
        known = labels(tx, names)
        held = lock_ids(tx, {label.head for label in known.values()})
    return {name: held[label.head] for name, label in known.items()}


def lock_ids(tx: Tx, parcels: Collection[ParcelId]) -> Mapping[ParcelId, Parcel]:
    """Lock parcels in id order and return them."""
    rows = tx.execute(
        select(*COLUMNS).where(parcel.c.id.in_(parcels)).order_by(parcel.c.id).with_for_update()
    )
    return {ParcelId(row.id): _parcel(row) for row in rows}


def add_checkpoints(tx: Tx, said: Mapping[UUID, tuple[ParcelId, Checkpoint]]) -> frozenset[UUID]:
    """Insert checkpoints by their new ids; return the ids of those that were not known yet."""
    if not said:
        return frozenset()
    rows = [
        {"id": new, "parcel_id": parcel_id, **vars(checkpoint)}
        for new, (parcel_id, checkpoint) in said.items()
    ]
    return frozenset(tx.scalars(ADD_CHECKPOINTS, {"rows": rows}))


def checkpoints_of(tx: Tx, parcels: Collection[ParcelId]) -> Mapping[ParcelId, list[Checkpoint]]:
    """Read what was said of several parcels under any of their numbers, in time order on each."""
    found: dict[ParcelId, list[Checkpoint]] = {}
    for row in tx.execute(SAID, {"parcels": sorted(parcels)}):
        said = Checkpoint(
            at=row.at,
            code=ParcelStatus(row.code),
            place=row.place,
            words=row.words,
            pickup_code=row.pickup_code,
            expected_at=row.expected_at,
        )
        found.setdefault(ParcelId(row.head), []).append(said)
    return found


def write(tx: Tx, changes: Sequence[tuple[Parcel, Change]]) -> None:
    """Write several locked parcels, each with who changed it and why, in one statement."""
    if changes:
        tx.execute(WRITE, {"rows": [_row(new, change) for new, change in changes]})


def of_orders(
    tx: Tx, orders: Sequence[OrderId], *, direction: Direction = Direction.OUT
) -> Mapping[OrderId, list[Parcel]]:
    """Read the parcels of several orders that go one way, oldest first on each.

    One that was relabelled is left out: the parcel it goes by now has its story.
    """
    rows = tx.execute(
        select(*COLUMNS)
        .where(parcel.c.order_id.in_(orders), parcel.c.direction == direction)
        .where(parcel.c.replaced_by.is_(None))
        .order_by(parcel.c.order_id, parcel.c.id)
    )
    found: dict[OrderId, list[Parcel]] = {}
    for row in rows:
        found.setdefault(OrderId(row.order_id), []).append(_parcel(row))
    return found


def one(tx: Tx, name: Name) -> Parcel | None:
    """Read the parcel that a number goes by now, without a lock."""
    label = labels(tx, [name]).get(name)
    if label is None:
        return None
    return _parcel(tx.execute(select(*COLUMNS).where(parcel.c.id == label.head)).one())


def delivered_orders(tx: Tx, parcels: Sequence[ParcelId]) -> list[OrderId]:
    """Say which of our own shipped orders have every parcel delivered, asked by some of theirs.

    A mirrored order is left to its own shop's word; one that shipped in part waits for the rest.
    """
    facts = {
        "parcels": list(parcels),
        "shipped": Fulfilment.SHIPPED.value,
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
        "direction": Direction(row.direction),
    }
    return Parcel(**fields)
