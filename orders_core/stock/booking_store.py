"""Bookings in SQL. Lock order: levels, then the booking, then its reservations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, insert, select, text, tuple_, update

from orders_core.catalog.tables import sku
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.stock.shelf_store import Key
from orders_core.stock.tables import booking, booking_line, level, reservation
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A booking as it stands in its table."""

    id: UUID
    reference: str | None
    person_id: UUID | None
    state: str
    expires_at: datetime
    booked_at: datetime
    ended_at: datetime | None
    booked_by: str
    ended_by: str | None


COLUMNS = [booking.c[name] for name in Row.__dataclass_fields__]


def write(tx: Tx, row: Row, units: Mapping[Key, int]) -> None:
    """Write a booking, what it asked for, and the reservations that hold it."""
    tx.execute(insert(booking), [{name: getattr(row, name) for name in Row.__dataclass_fields__}])
    lines = [
        {"booking_id": row.id, "sku_id": sku_id, "warehouse": warehouse, "quantity": count}
        for (sku_id, warehouse), count in units.items()
    ]
    tx.execute(insert(booking_line), lines)
    hold(tx, row.id, units, at=row.booked_at, until=row.expires_at)


def hold(
    tx: Tx, booking_id: UUID, units: Mapping[Key, int], *, at: datetime, until: datetime
) -> None:
    """Write reservations for units that the levels count already."""
    rows = [
        {
            "id": new_id(),
            "order_id": booking_id,
            "sku_id": sku_id,
            "warehouse": warehouse,
            "quantity": count,
            "held_at": at,
            "expires_at": until,
        }
        for (sku_id, warehouse), count in units.items()
    ]
    tx.execute(insert(reservation), rows)


def lines(tx: Tx, ids: Sequence[UUID]) -> list[tuple[UUID, str, Key, int]]:
    """Return what bookings asked for: booking, SKU code, level, units."""
    rows = tx.execute(
        select(booking_line, sku.c.code)
        .join(sku, sku.c.id == booking_line.c.sku_id)
        .where(booking_line.c.booking_id.in_(ids))
        .order_by(sku.c.code, booking_line.c.warehouse)
    )
    return [(r.booking_id, r.code, (SkuId(r.sku_id), r.warehouse), r.quantity) for r in rows]


def lock_levels(tx: Tx, ids: Sequence[UUID]) -> None:
    """Lock every level that bookings ever asked units of, in SKU order."""
    keys = select(booking_line.c.sku_id, booking_line.c.warehouse).where(
        booking_line.c.booking_id.in_(ids)
    )
    tx.execute(
        select(level.c.sku_id)
        .where(tuple_(level.c.sku_id, level.c.warehouse).in_(keys))
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update()
    )


def lock(tx: Tx, ids: Sequence[UUID]) -> list[Row]:
    """Lock bookings in the order of their ids, and return them as they stand."""
    rows = tx.execute(
        select(*COLUMNS).where(booking.c.id.in_(ids)).order_by(booking.c.id).with_for_update()
    )
    return [Row(**row) for row in rows.mappings()]


def read(tx: Tx, booking_id: UUID) -> Row | None:
    """Read a booking as it stands."""
    row = tx.execute(select(*COLUMNS).where(booking.c.id == booking_id)).mappings().one_or_none()
    return Row(**row) if row else None


def postpone(tx: Tx, booking_id: UUID, until: datetime) -> None:
    """Let a booking and what it holds end at another time."""
    tx.execute(update(booking).where(booking.c.id == booking_id).values(expires_at=until))
    tx.execute(
        update(reservation)
        .where(reservation.c.order_id == booking_id, reservation.c.state == "held")
        .values(expires_at=until)
    )


def end(tx: Tx, booking_id: UUID, state: str, *, at: datetime | None, by: str | None) -> None:
    """Write how a locked booking stands from now on; without a time it is held again."""
    changes: dict[str, Any] = {"state": state, "ended_at": at, "ended_by": by}
    tx.execute(update(booking).where(booking.c.id == booking_id).values(changes))


def overdue(tx: Tx, *, now: datetime, at_most: int) -> Sequence[UUID]:
    """Return bookings past their time, the longest overdue first; locks nothing."""
    return tx.scalars(
        select(booking.c.id)
        .where(booking.c.state == "held", booking.c.expires_at <= now)
        .order_by(booking.c.expires_at, booking.c.id)
        .limit(at_most)
    ).all()


HELD = text(
    "SELECT coalesce(sum(quantity), 0) FROM reservation WHERE order_id = :id AND state = 'held'"
)
# What is let go before its time was up ends now, whatever now is.
LET_GO = text(
    "UPDATE reservation SET state = 'released', ended_at = least(expires_at, :now)"
    " WHERE order_id = ANY(:ids) AND state = 'held' RETURNING sku_id, warehouse, quantity"
)


def held(tx: Tx, booking_id: UUID) -> int:
    """Count the units that a booking holds."""
    return int(tx.execute(HELD, {"id": booking_id}).scalar_one())


def let_go(tx: Tx, ids: Sequence[UUID], *, now: datetime) -> dict[Key, int]:
    """End what locked bookings still hold, as of their time where that has come; return units."""
    freed: dict[Key, int] = {}
    for sku_id, warehouse, units in tx.execute(LET_GO, {"ids": list(ids), "now": now}):
        key = (SkuId(sku_id), warehouse)
        freed[key] = freed.get(key, 0) + units
    return freed


def expire(tx: Tx, ids: Sequence[UUID], *, by: str) -> None:
    """End locked, overdue bookings as of their time."""
    tx.execute(
        update(booking)
        .where(booking.c.id.in_(ids), booking.c.state == "held")
        .values(state="expired", ended_at=booking.c.expires_at, ended_by=by)
    )


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first end after `after`, at most `until`, of a booking that is held."""
    first = select(func.min(booking.c.expires_at)).where(
        booking.c.state == "held", booking.c.expires_at > after, booking.c.expires_at <= until
    )
    return cast("datetime | None", tx.scalar(first))


def ids_of(tx: Tx, codes: Sequence[str]) -> Mapping[str, SkuId]:
    """Find SKUs by their canonical codes."""
    rows = tx.execute(select(sku.c.code, sku.c.id).where(sku.c.code.in_(codes)))
    return {row.code: SkuId(row.id) for row in rows}


def as_order(booking_id: UUID) -> OrderId:
    """Return a booking's id as reservations know it."""
    return OrderId(booking_id)
