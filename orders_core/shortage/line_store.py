"""An order whose lines change because something is short: read, and written once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import Fulfilment, OrderStatus, Payment
from orders_core.orders.refund import asking
from orders_core.orders.tables import order_line, orders
from orders_core.shortage.claim_store import about
from orders_core.shortage.cut import Cut, Row
from orders_core.tx import Tx

ROW = [order_line.c[name] for name in Row.__dataclass_fields__]
#: What the last units change that an order still had to send.
ALL_SENT: Mapping[str, str] = {"fulfilment": Fulfilment.SHIPPED, "status": OrderStatus.SHIPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a locked order is worth, in minor units, and where it stands."""

    version: int
    payment: Payment
    fulfilment: Fulfilment
    currency: str
    total_minor: int
    paid_minor: int
    refund_minor: int
    short_units: int


def facts(tx: Tx, order_id: OrderId) -> Facts:
    """Read a locked order."""
    names = Facts.__dataclass_fields__
    row = tx.execute(select(*(orders.c[name] for name in names)).where(orders.c.id == order_id))
    values = dict(row.mappings().one())
    words = {"payment": Payment(values["payment"]), "fulfilment": Fulfilment(values["fulfilment"])}
    return Facts(**{**values, **words})


def lines(tx: Tx, order_id: OrderId) -> list[Row]:
    """Read an order's lines as they stand, in their order."""
    rows = tx.execute(
        select(*ROW)
        .where(order_line.c.order_id == order_id, order_line.c.until_version.is_(None))
        .order_by(order_line.c.position)
    )
    return [Row(**{**row, "sku_id": SkuId(row["sku_id"])}) for row in rows.mappings()]


def summed(rows: Sequence[Row]) -> Mapping[SkuId, int]:
    """Sum the units of lines by SKU."""
    units: Counter[SkuId] = Counter()
    for row in rows:
        units[row.sku_id] += row.quantity
    return units


def next_position(tx: Tx, order_id: OrderId) -> int:
    """Return a position that no line of the order ever had."""
    last = tx.scalar(
        select(func.max(order_line.c.position)).where(order_line.c.order_id == order_id)
    )
    return (last or 0) + 1


def write_lines(tx: Tx, order_id: OrderId, cut: Cut, *, version: int) -> None:
    """End lines with the version an order has, and begin others with its next."""
    tx.execute(
        update(order_line)
        .where(
            order_line.c.order_id == order_id,
            order_line.c.position.in_(cut.ended),
            order_line.c.until_version.is_(None),
        )
        .values(until_version=version + 1)
    )
    begun = [
        {name: getattr(row, name) for name in Row.__dataclass_fields__}
        | {"order_id": order_id, "since_version": version + 1}
        for row in cut.begun
    ]
    if begun:
        tx.execute(insert(order_line), begun)


def change_order(
    tx: Tx, order_id: OrderId, *, less_minor: int, refund_minor: int, values: Any, change: Change
) -> None:
    """Write the order, once: worth less, money asked back, and what `values` says."""
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id)
        .values(
            total_minor=orders.c.total_minor - less_minor,
            **asking(refund_minor),
            **values,
            **about(change),
        )
    )
