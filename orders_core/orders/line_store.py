"""The statements about an order's lines: as they stand, as they stood, and their next version."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from orders_core.catalog.tables import sku
from orders_core.ids import OrderId, SkuId
from orders_core.orders.line import LineUnits, OwnLine
from orders_core.orders.tables import order_line
from orders_core.stock.tables import reservation
from orders_core.tx import Tx

COLUMNS = [order_line.c[name] for name in OwnLine.__dataclass_fields__]


def current(tx: Tx, order_id: OrderId) -> list[OwnLine]:
    """Read the lines of an order of ours as they stand, in their order."""
    return _lines(tx, order_id, order_line.c.until_version.is_(None))


def at_version(tx: Tx, order_id: OrderId, version: int) -> list[OwnLine]:
    """Read the lines of an order as they were at one of its versions."""
    until = order_line.c.until_version
    was_there = or_(until.is_(None), until > version)
    return _lines(tx, order_id, (order_line.c.since_version <= version) & was_there)


def _lines(tx: Tx, order_id: OrderId, which: ColumnElement[bool]) -> list[OwnLine]:
    rows = tx.execute(
        select(*COLUMNS)
        .where(order_line.c.order_id == order_id, which)
        .order_by(order_line.c.position)
    )
    return [OwnLine(**row._mapping) for row in rows]


def last_position(tx: Tx, order_id: OrderId) -> int:
    """Return the highest position that a line of the order ever had; 0 where it had none."""
    highest = select(func.max(order_line.c.position)).where(order_line.c.order_id == order_id)
    return int(tx.scalar(highest) or 0)


def rewrite(
    tx: Tx,
    order_id: OrderId,
    *,
    closing: Collection[int],
    opening: Sequence[OwnLine],
    version: int,
) -> None:
    """Close lines by position and open others, as of the version the order is about to get."""
    if closing:
        tx.execute(
            update(order_line)
            .where(
                order_line.c.order_id == order_id,
                order_line.c.position.in_(closing),
                order_line.c.until_version.is_(None),
            )
            .values(until_version=version)
        )
    if opening:
        rows = [
            {name: getattr(line, name) for name in OwnLine.__dataclass_fields__}
            | {"order_id": order_id, "since_version": version}
            for line in opening
        ]
        tx.execute(insert(order_line), rows)


def units_of(tx: Tx, ids: Sequence[OrderId]) -> Mapping[OrderId, Mapping[str, LineUnits]]:
    """Say of each order of ours what became of its units, by SKU code."""
    rows = tx.execute(
        select(
            reservation.c.order_id,
            sku.c.code,
            reservation.c.state,
            func.sum(reservation.c.quantity),
        )
        .join(sku, sku.c.id == reservation.c.sku_id)
        .where(reservation.c.order_id.in_(ids))
        .group_by(reservation.c.order_id, sku.c.code, reservation.c.state)
    )
    sums: dict[OrderId, dict[str, dict[str, Any]]] = {}
    for order_id, code, state, units in rows:
        sums.setdefault(OrderId(order_id), {}).setdefault(code, {})[state] = int(units)
    return {
        order_id: {code: LineUnits(**states) for code, states in by_code.items()}
        for order_id, by_code in sums.items()
    }


def sku_ids(tx: Tx, codes: Collection[str]) -> dict[str, SkuId]:
    """Find SKUs by their canonical codes; those the shop does not sell are left out."""
    rows = tx.execute(select(sku.c.code, sku.c.id).where(sku.c.code.in_(codes)))
    return {row.code: SkuId(row.id) for row in rows}


def titles(tx: Tx, codes: Collection[str]) -> Mapping[str, tuple[str, str | None]]:
    """Read the titles of SKUs by code, as a line keeps them: the English one, then the Chinese."""
    rows = tx.execute(
        select(sku.c.code, sku.c.title_en, sku.c.title_zh).where(sku.c.code.in_(codes))
    )
    return {row.code: (row.title_en, row.title_zh) for row in rows}
