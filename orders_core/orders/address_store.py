"""The addresses of orders: appended, never changed; each order points at the one in force."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, update

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.address import ShipTo
from orders_core.orders.order import Fulfilment, Standing
from orders_core.orders.tables import orders, ship_to
from orders_core.tx import Tx

COLUMNS = [ship_to.c[field.name] for field in fields(ShipTo)]


class Present(NamedTuple):
    """Where a locked order goes, and what decides whether that may change."""

    address_id: UUID | None
    address: ShipTo | None
    standing: Standing
    fulfilment: Fulfilment
    is_mirrored: bool


def lock(tx: Tx, order_id: OrderId) -> Present | None:
    """Lock an order; return its address and standing, or None if there is no such order."""
    row = tx.execute(
        select(orders.c.ship_to, orders.c.standing, orders.c.fulfilment, orders.c.mirrored)
        .where(orders.c.id == order_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return Present(
        address_id=row.ship_to,
        address=addresses(tx, [order_id]).get(order_id),
        standing=Standing(row.standing),
        fulfilment=Fulfilment(row.fulfilment),
        is_mirrored=row.mirrored,
    )


def point_at(tx: Tx, order_id: OrderId, address_id: UUID, *, change: Change) -> bool:
    """Put an address in force where nothing left yet; say whether that was so."""
    moved = tx.execute(
        update(orders)
        .where(
            orders.c.id == order_id,
            orders.c.standing == Standing.OPEN,
            orders.c.fulfilment == Fulfilment.UNFULFILLED,
            ~orders.c.mirrored,
        )
        .values(
            ship_to=address_id,
            changed_by=change.by,
            change_reason=change.why,
            changed_at=change.at,
            ring=change.ring,
        )
    )
    return moved.rowcount == 1


def add(tx: Tx, order_id: OrderId, address_id: UUID, to: ShipTo, *, change: Change) -> None:
    """Write an address down."""
    values = {"id": address_id, "order_id": order_id, "set_by": change.by, "set_at": change.at}
    tx.execute(insert(ship_to).values(**values, **asdict(to)))


def addresses(tx: Tx, order_ids: Sequence[OrderId]) -> Mapping[OrderId, ShipTo]:
    """Read the addresses in force."""
    rows = tx.execute(
        select(orders.c.id, *COLUMNS)
        .join(ship_to, ship_to.c.id == orders.c.ship_to)
        .where(orders.c.id.in_(order_ids))
    )
    return {OrderId(row.id): ShipTo.kept(row._asdict()) for row in rows}


def earlier(tx: Tx, order_id: OrderId) -> Sequence[tuple[UUID, ShipTo]]:
    """Read the addresses that were in force before, the last first."""
    rows = tx.execute(
        select(ship_to.c.id, *COLUMNS)
        .join(orders, orders.c.id == ship_to.c.order_id)
        .where(ship_to.c.order_id == order_id, ship_to.c.id != orders.c.ship_to)
        .order_by(ship_to.c.set_at.desc(), ship_to.c.id.desc())
    )
    return [(row.id, ShipTo.kept(row._asdict())) for row in rows]
