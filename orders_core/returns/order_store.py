"""What a return needs to know of its order, and the one statement that changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from orders_core.events import Change
from orders_core.ids import OrderId, PersonId, SkuId
from orders_core.orders.order import Fulfilment, OrderStatus, Standing
from orders_core.orders.refund import asking
from orders_core.orders.tables import order_line, orders
from orders_core.returns.store import about
from orders_core.stock.tables import reservation
from orders_core.tx import Tx

RETURNED: Mapping[str, Any] = {
    "fulfilment": Fulfilment.RETURNED,
    "status": OrderStatus.DELIVERED,  # the word for it: all parcels arrived, if back here
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An order as its returns look at it; money in minor units."""

    id: OrderId
    person_id: PersonId
    standing: Standing
    fulfilment: Fulfilment
    mirrored: bool
    currency: str
    paid_minor: int
    refund_minor: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """A line as it stands."""

    position: int
    sku_id: SkuId
    code: str
    quantity: int
    unit_minor: int


def lock(tx: Tx, order_id: OrderId) -> Sent | None:
    """Lock an order and read it."""
    names = Sent.__dataclass_fields__
    wanted = select(*(orders.c[name] for name in names)).where(orders.c.id == order_id)
    row = tx.execute(wanted.with_for_update()).mappings().one_or_none()
    if row is None:
        return None
    words = {
        "standing": Standing(row["standing"]),
        "fulfilment": Fulfilment(row["fulfilment"]),
    }
    return Sent(**{**row, **words})


def lines(tx: Tx, order_id: OrderId) -> Mapping[int, SentLine]:
    """Read the lines of an order as they stand, by their position."""
    names = SentLine.__dataclass_fields__
    rows = tx.execute(
        select(*(order_line.c[name] for name in names)).where(
            order_line.c.order_id == order_id, order_line.c.until_version.is_(None)
        )
    ).mappings()
    return {row["position"]: SentLine(**{**row, "sku_id": SkuId(row["sku_id"])}) for row in rows}


def left(tx: Tx, order_id: OrderId) -> Mapping[SkuId, int]:
    """Return how many units of each SKU have left the stock for an order."""
    rows = tx.execute(
        select(reservation.c.sku_id, func.sum(reservation.c.quantity).label("units"))
        .where(reservation.c.order_id == order_id, reservation.c.state == "confirmed")
        .group_by(reservation.c.sku_id)
    )
    return {SkuId(row.sku_id): int(row.units) for row in rows}


def give_back(
    tx: Tx, order_id: OrderId, *, refund_minor: int, is_whole: bool, change: Change
) -> None:
    """Write on a locked order, once, that money is asked back and whether all of it came back."""
    values = {**asking(refund_minor), **(RETURNED if is_whole else {})}
    if values:
        changing = update(orders).where(orders.c.id == order_id)
        tx.execute(changing.values(**values, **about(change)))
