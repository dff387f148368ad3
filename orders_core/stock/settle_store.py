"""The statements that end reservations: whole ones, and units split off them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Integer,
    Text,
    Uuid,
    case,
    column,
    func,
    insert,
    select,
    update,
    values,
)
from sqlalchemy import cast as as_type

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.stock.tables import level, movement, reservation
from orders_core.tx import Tx

LevelKey = tuple[SkuId, str]  # and the warehouse
LIVE = ("held", "short")


@dataclass(frozen=True, slots=True)
class Claim:
    """So many units of one reservation, as it stood before or as it ended; `state` is its own."""

    id: UUID
    order_id: OrderId
    sku_id: SkuId
    warehouse: str
    quantity: int
    state: str
    held_at: datetime
    expires_at: datetime | None = None


CLAIM = [reservation.c[name] for name in Claim.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one claim that end together, in a parcel or in none."""

    claim: Claim
    quantity: int
    parcel_id: UUID | None = None


def lock_levels_of(
    tx: Tx, orders: Sequence[OrderId], *, also: Collection[SkuId] = ()
) -> frozenset[LevelKey]:
    """Lock the levels that the orders' live reservations claim, in SKU order; name them.

    `also` are SKUs of which every level is locked with them.
    """
    claimed = (
        select(reservation.c.sku_id, reservation.c.warehouse)
        .where(reservation.c.order_id.in_(orders), reservation.c.state.in_(LIVE))
        .distinct()
    )
    if also:
        others = select(level.c.sku_id, level.c.warehouse).where(level.c.sku_id.in_(also))
        wanted = claimed.union(others).subquery()
    else:
        wanted = claimed.subquery()
    rows = tx.execute(
        select(level.c.sku_id, level.c.warehouse)
        .join(
            wanted,
            (wanted.c.sku_id == level.c.sku_id) & (wanted.c.warehouse == level.c.warehouse),
        )
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update(of=level)
    )
    return frozenset((SkuId(row.sku_id), row.warehouse) for row in rows)


def live(tx: Tx, orders: Sequence[OrderId]) -> list[Claim]:
    """Read what the orders hold or are owed: short units first, then the longest held."""
    rows = tx.execute(
        select(*CLAIM)
        .where(reservation.c.order_id.in_(orders), reservation.c.state.in_(LIVE))
        .order_by(
            reservation.c.order_id,
            case((reservation.c.state == "short", 0), else_=1),
            reservation.c.id,
        )
    )
    return [Claim(*row) for row in rows]


def end_reservations(
    tx: Tx, orders: Sequence[OrderId], ending: str, *, of: Sequence[str], at: datetime
) -> list[Claim]:
    """End the orders' reservations that are in one of these states; return them as they were.

    One that is released after its time was up ended when it was.
    """
    before = (
        select(*CLAIM)
        .where(reservation.c.order_id.in_(orders), reservation.c.state.in_(of))
        .cte("before")
    )
    ended = tx.execute(
        update(reservation)
        .where(reservation.c.id == before.c.id, reservation.c.state.in_(of))
        .values(
            state=ending,
            ended_at=at if ending == "confirmed" else func.least(reservation.c.expires_at, at),
        )
        .returning(*before.c)
    )
    return [Claim(*row) for row in ended]


def end_pieces(
    tx: Tx, pieces: Sequence[Piece], rest: Mapping[UUID, int], ending: str, *, at: datetime
) -> list[Claim]:
    """End units of claims: a claim with a rest keeps its row, the last piece of any other takes it.

    `rest` says of each claim how many of its units stay as they are. Returned are the claims that
    ended, each of its own row and as it stood before.
    """
    last_of = {piece.claim.id: place for place, piece in enumerate(pieces)}
    taking: list[Piece] = []
    apart: list[Piece] = []
    for place, piece in enumerate(pieces):
        takes_row = last_of[piece.claim.id] == place and not rest[piece.claim.id]
        (taking if takes_row else apart).append(piece)
    _take_rows(tx, taking, ending, at=at)
    kept = {p.claim.id: rest[p.claim.id] for p in apart if rest[p.claim.id]}
    _keep_rest(tx, kept)
    made = _split_off(tx, apart, ending, at=at)
    return [replace(p.claim, quantity=p.quantity) for p in taking] + made


def _take_rows(tx: Tx, pieces: Sequence[Piece], ending: str, *, at: datetime) -> None:
    if not pieces:
        return
    taken = values(
        column("id", Uuid), column("quantity", Integer), column("parcel_id", Uuid), name="taken"
    ).data([(piece.claim.id, piece.quantity, piece.parcel_id) for piece in pieces])
    tx.execute(
        update(reservation)
        .where(reservation.c.id == taken.c.id, reservation.c.state.in_(LIVE))
        .values(
            state=ending,
            quantity=taken.c.quantity,
            parcel_id=as_type(taken.c.parcel_id, Uuid),
            ended_at=at,
        )
    )


def _keep_rest(tx: Tx, rest: Mapping[UUID, int]) -> None:
    if not rest:
        return
    kept = values(column("id", Uuid), column("quantity", Integer), name="kept").data(
        list(rest.items())
    )
    tx.execute(
        update(reservation)
        .where(reservation.c.id == kept.c.id, reservation.c.state.in_(LIVE))
        .values(quantity=kept.c.quantity)
    )


def _split_off(tx: Tx, pieces: Sequence[Piece], ending: str, *, at: datetime) -> list[Claim]:
    if not pieces:
        return []
    made = [replace(p.claim, id=new_id(), quantity=p.quantity) for p in pieces]
    rows = [
        {
            "id": claim.id,
            "order_id": claim.order_id,
            "sku_id": claim.sku_id,
            "warehouse": claim.warehouse,
            "quantity": claim.quantity,
            "state": ending,
            "parcel_id": piece.parcel_id,
            "held_at": claim.held_at,
            "expires_at": claim.expires_at,
            "ended_at": at,
        }
        for claim, piece in zip(made, pieces, strict=True)
    ]
    tx.execute(insert(reservation), rows)
    return made


def write_sales(tx: Tx, ended: Sequence[Claim], *, change: Change) -> None:
    """Record that confirmed units left, once for each reservation."""
    tx.execute(
        insert(movement),
        [
            {
                "id": new_id(),
                "sku_id": e.sku_id,
                "warehouse": e.warehouse,
                "delta": -e.quantity,
                "cause": "sale",
                "cause_id": e.id,
                "moved_by": change.by,
                "moved_at": change.at,
            }
            for e in ended
        ],
    )


def lower_levels(tx: Tx, ended: Sequence[Claim], *, leaves: bool, change: Change) -> None:
    """Take ended reservations off their levels, and the goods too where they left."""
    held: Counter[LevelKey] = Counter()
    short: Counter[LevelKey] = Counter()
    for e in ended:
        (short if e.state == "short" else held)[e.sku_id, e.warehouse] += e.quantity
    keys = sorted(held.keys() | short.keys())
    fewer = values(
        column("sku_id", Uuid),
        column("warehouse", Text),
        column("held", Integer),
        column("short", Integer),
        name="fewer",
    ).data([(*key, held[key], short[key]) for key in keys])
    changes: dict[Any, Any] = {
        level.c.reserved: level.c.reserved - fewer.c.held,
        level.c.short: level.c.short - fewer.c.short,
        level.c.changed_by: change.by,
        level.c.change_reason: change.why,
        level.c.changed_at: change.at,
        level.c.ring: change.ring,
    }
    if leaves:
        changes[level.c.on_hand] = level.c.on_hand - fewer.c.held
    tx.execute(
        update(level)
        .where(level.c.sku_id == fewer.c.sku_id, level.c.warehouse == fewer.c.warehouse)
        .values(changes)
    )


def claim(
    tx: Tx,
    order_id: OrderId,
    units: Mapping[LevelKey, int],
    *,
    until: datetime | None,
    change: Change,
) -> None:
    """Hold more units for an order on (locked) levels that have them; none: until it moves on."""
    rows = [
        {
            "id": new_id(),
            "order_id": order_id,
            "sku_id": sku_id,
            "warehouse": warehouse,
            "quantity": quantity,
            "held_at": change.at,
            "expires_at": until,
        }
        for (sku_id, warehouse), quantity in units.items()
    ]
    tx.execute(insert(reservation), rows)
    more = values(
        column("sku_id", Uuid), column("warehouse", Text), column("units", Integer), name="more"
    ).data([(*key, n) for key, n in units.items()])
    tx.execute(
        update(level)
        .where(level.c.sku_id == more.c.sku_id, level.c.warehouse == more.c.warehouse)
        .values(
            reserved=level.c.reserved + more.c.units,
            changed_by=change.by,
            change_reason=change.why,
            changed_at=change.at,
            ring=change.ring,
        )
    )


def hold_until(tx: Tx, order_id: OrderId, until: datetime | None) -> None:
    """Set until when the order's held units are held; None: until it moves on."""
    tx.execute(
        update(reservation)
        .where(reservation.c.order_id == order_id, reservation.c.state == "held")
        .values(expires_at=as_type(until, DateTime(timezone=True)))
    )
