"""Counts in SQL: what is to be counted, what was, and what the levels said at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from orders_core.catalog.tables import sku
from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.tables import level, stock_count, stock_count_line
from orders_core.tx import Tx

# The moment of counting is the statement's: what the level says there and then is kept.
WRITE_LINE = """
INSERT INTO stock_count_line AS l
  (count_id, sku_id, counted, on_hand_then, counted_by, counted_at)
SELECT %(count_id)s, %(sku_id)s, %(counted)s,
       coalesce((SELECT on_hand FROM level
                 WHERE sku_id = %(sku_id)s AND warehouse = %(warehouse)s), 0), %(by)s, %(at)s
ON CONFLICT (count_id, sku_id) DO UPDATE SET counted = excluded.counted,
  on_hand_then = excluded.on_hand_then, counted_by = excluded.counted_by,
  counted_at = excluded.counted_at
"""

OVERLAPPING = """
SELECT c.id, s.code FROM stock_count c
JOIN stock_count_line l ON l.count_id = c.id
JOIN sku s ON s.id = l.sku_id
WHERE c.state = 'open' AND c.warehouse = %(warehouse)s AND l.sku_id = ANY(%(skus)s)
  AND c.id <> %(but)s
ORDER BY s.code LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A count as it stands; times are business time."""

    id: UUID
    warehouse: str
    state: str
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One SKU of a count; `counted` is None until somebody counted, `on_hand_then` with it."""

    sku_id: SkuId
    code: str
    counted: int | None
    on_hand_then: int | None
    counted_by: str | None
    counted_at: datetime | None

    @property
    def difference(self) -> int:
        """Units found more (or fewer) than the level said at the moment of counting."""
        if self.counted is None or self.on_hand_then is None:
            return 0
        return self.counted - self.on_hand_then


COLUMNS = [stock_count.c[name] for name in Row.__dataclass_fields__]


def skus(tx: Tx, warehouse: str, codes: Sequence[str] | None) -> dict[str, SkuId]:
    """Find SKUs by their codes, or all that a warehouse has a level of."""
    query = select(sku.c.code, sku.c.id)
    if codes is None:
        query = query.join(level, level.c.sku_id == sku.c.id).where(level.c.warehouse == warehouse)
    else:
        query = query.where(sku.c.code.in_(codes))
    return {row.code: SkuId(row.id) for row in tx.execute(query)}


def overlapping(
    tx: Tx, warehouse: str, sku_ids: Sequence[SkuId], *, but: UUID
) -> tuple[UUID, str] | None:
    """Return another open count of one of these SKUs there, and the SKU's code."""
    asked = {"warehouse": warehouse, "skus": list(sku_ids), "but": but}
    row = tx.exec_driver_sql(OVERLAPPING, asked).one_or_none()
    return (row.id, row.code) if row else None


def write(tx: Tx, row: Row, sku_ids: Sequence[SkuId]) -> None:
    """Write a new count and what it is to count."""
    tx.execute(
        insert(stock_count), [{name: getattr(row, name) for name in Row.__dataclass_fields__}]
    )
    lines = [{"count_id": row.id, "sku_id": sku_id} for sku_id in sku_ids]
    if lines:
        tx.execute(insert(stock_count_line), lines)


def read(tx: Tx, count_id: UUID) -> Row | None:
    """Read a count."""
    row = tx.execute(select(*COLUMNS).where(stock_count.c.id == count_id)).mappings().one_or_none()
    return Row(**row) if row else None


def lock(tx: Tx, count_id: UUID) -> Row | None:
    """Lock a count, its lease being held, and read it."""
    row = tx.execute(select(*COLUMNS).where(stock_count.c.id == count_id).with_for_update())
    found = row.mappings().one_or_none()
    return Row(**found) if found else None


def lines(tx: Tx, count_id: UUID) -> list[Line]:
    """Return what a count counts, in SKU order."""
    rows = tx.execute(
        select(stock_count_line, sku.c.code)
        .join(sku, sku.c.id == stock_count_line.c.sku_id)
        .where(stock_count_line.c.count_id == count_id)
        .order_by(sku.c.code)
    )
    return [
        Line(**{name: getattr(row, name) for name in Line.__dataclass_fields__}) for row in rows
    ]


def has_line(tx: Tx, count_id: UUID, sku_id: SkuId) -> bool:
    """Say whether a SKU is among those of a count."""
    found = select(stock_count_line.c.sku_id).where(
        stock_count_line.c.count_id == count_id, stock_count_line.c.sku_id == sku_id
    )
    return tx.scalar(found) is not None


def write_line(tx: Tx, row: Row, sku_id: SkuId, counted: int, *, change: Change) -> None:
    """Write what was counted, and what the level says at this moment."""
    values: dict[str, Any] = {
        "count_id": row.id,
        "sku_id": sku_id,
        "counted": counted,
        "warehouse": row.warehouse,
        "by": change.by,
        "at": change.at,
    }
    tx.exec_driver_sql(WRITE_LINE, values)


def end(tx: Tx, count_id: UUID, state: str, *, change: Change) -> None:
    """End a locked count."""
    tx.execute(
        update(stock_count)
        .where(stock_count.c.id == count_id)
        .values(state=state, closed_by=change.by, closed_at=change.at)
    )


def open_counts(tx: Tx, *, at_most: int) -> list[Row]:
    """Return the counts that are open, the longest open first."""
    rows = tx.execute(
        select(*COLUMNS)
        .where(stock_count.c.state == "open")
        .order_by(stock_count.c.opened_at, stock_count.c.id)
        .limit(at_most)
    )
    return [Row(**row) for row in rows.mappings()]
