"""The reservations that shortages are about, and the levels and orders that count them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, column, insert, select, tuple_, update, values

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.orders.tables import orders
from orders_core.stock.shelf_store import Key
from orders_core.stock.tables import level, reservation
from orders_core.tx import Tx

HELD, SHORT, RELEASED = "held", "short", "released"


@dataclass(frozen=True, slots=True)
class Claim:
    """One reservation row: what an order claims of a level."""

    id: UUID
    order_id: OrderId
    sku_id: SkuId
    warehouse: str
    units: int

    @property
    def place(self) -> Key:
        """The level it claims."""
        return self.sku_id, self.warehouse


CLAIM = (
    reservation.c.id,
    reservation.c.order_id,
    reservation.c.sku_id,
    reservation.c.warehouse,
    reservation.c.quantity,
)


@dataclass(frozen=True, slots=True)
class Room:
    """What a locked level has: all it could hold for orders, and what it holds and owes."""

    on_hand: int
    oversell_limit: int
    reserved: int
    short: int

    @property
    def to_give(self) -> int:
        """Units that may be held for those who are short, kept back for others by nobody.

        Units that are there. Where more is held than is there, short orders stand in the same line
        as those that wait for what was oversold, as far as may be oversold.
        """
        there = self.on_hand - self.reserved
        return max(there if there >= 0 else there + self.oversell_limit, 0)


def lock_levels(tx: Tx, places: Sequence[Key]) -> Mapping[Key, Room]:
    """Lock levels in SKU order and return what they have."""
    if not places:
        return {}
    rows = tx.execute(
        select(level)
        .where(tuple_(level.c.sku_id, level.c.warehouse).in_(sorted(set(places))))
        .order_by(level.c.sku_id, level.c.warehouse)
        .with_for_update()
    )
    names = Room.__dataclass_fields__
    return {
        (SkuId(row.sku_id), row.warehouse): Room(*(getattr(row, name) for name in names))
        for row in rows
    }


def lock_orders(tx: Tx, ids: Sequence[OrderId]) -> Sequence[OrderId]:
    """Lock orders in id order; their levels are locked already."""
    wanted = select(orders.c.id).where(orders.c.id.in_(ids)).order_by(orders.c.id)
    return [OrderId(found) for found in tx.scalars(wanted.with_for_update())]


def claims(tx: Tx, ids: Sequence[OrderId], *, state: str, places: Sequence[Key]) -> list[Claim]:
    """Return what orders claim of (locked) levels in one state, first made first."""
    if not ids or not places:
        return []
    rows = tx.execute(
        select(*CLAIM)
        .where(
            reservation.c.order_id.in_(ids),
            reservation.c.state == state,
            tuple_(reservation.c.sku_id, reservation.c.warehouse).in_(places),
        )
        .order_by(reservation.c.id)
    )
    return [Claim(*row) for row in rows]


def turn(
    tx: Tx, found: Sequence[Claim], units: int, *, into: str, ended_at: datetime | None = None
) -> int:
    """Turn so many units of an order's claims into another state; return how many there were.

    A claim of which only a part turns is split into two rows.
    """
    left, whole = units, []
    for claim in found:
        if left <= 0:
            break
        if claim.units <= left:
            whole.append(claim.id)
            left -= claim.units
            continue
        _split(tx, claim, left, into=into, ended_at=ended_at)
        left = 0
    if whole:
        turning = update(reservation).where(reservation.c.id.in_(whole))
        tx.execute(turning.values(state=into, ended_at=ended_at))
    return units - left


def _split(tx: Tx, claim: Claim, units: int, *, into: str, ended_at: datetime | None) -> None:
    row = tx.execute(
        update(reservation)
        .where(reservation.c.id == claim.id)
        .values(quantity=reservation.c.quantity - units)
        .returning(reservation)
    ).one()
    part = {"id": new_id(), "quantity": units, "state": into, "ended_at": ended_at}
    tx.execute(insert(reservation).values({**row._mapping, **part}))


def shift_levels(tx: Tx, *, reserved: Counter[Key], short: Counter[Key], change: Change) -> None:
    """Add to what (locked) levels hold and owe, each level once; negative numbers take away."""
    rows = [(*place, reserved[place], short[place]) for place in sorted({*reserved, *short})]
    if not rows:
        return
    more = values(
        column("sku_id", Uuid),
        column("warehouse", Text),
        column("reserved", Integer),
        column("short", Integer),
        name="more",
    ).data(rows)
    tx.execute(
        update(level)
        .where(level.c.sku_id == more.c.sku_id, level.c.warehouse == more.c.warehouse)
        .values(
            reserved=level.c.reserved + more.c.reserved,
            short=level.c.short + more.c.short,
            **about(change),
        )
    )


def shift_orders(tx: Tx, units: Mapping[OrderId, int], *, change: Change) -> None:
    """Add to the units that (locked) orders are short of, each order once."""
    rows = [(order_id, more) for order_id, more in units.items() if more]
    if not rows:
        return
    more = values(column("id", Uuid), column("units", Integer), name="more").data(rows)
    tx.execute(
        update(orders)
        .where(orders.c.id == more.c.id)
        .values(short_units=orders.c.short_units + more.c.units, **about(change))
    )


def about(change: Change) -> dict[str, object]:
    """Return the columns that say who changed a tracked row, why, when, and who may hear."""
    return {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }
