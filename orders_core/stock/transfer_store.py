"""Transfers between warehouses in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from orders_core.catalog.tables import sku
from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.tables import stock_transfer, stock_transfer_line
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A transfer as it stands; times are business time."""

    id: UUID
    from_warehouse: str
    to_warehouse: str
    state: str
    reference: str | None
    sent_by: str
    sent_at: datetime
    arrived_by: str | None
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Units of one SKU that were sent; `arrived` is None until they were counted."""

    sku_id: SkuId
    code: str
    sent: int
    arrived: int | None

    @property
    def difference(self) -> int:
        """Units that arrived more (or fewer) than were sent; 0 until they were counted."""
        return 0 if self.arrived is None else self.arrived - self.sent


COLUMNS = [stock_transfer.c[name] for name in Row.__dataclass_fields__]


def skus(tx: Tx, codes: Sequence[str]) -> dict[str, SkuId]:
    """Find SKUs by their codes."""
    rows = tx.execute(select(sku.c.code, sku.c.id).where(sku.c.code.in_(codes)))
    return {row.code: SkuId(row.id) for row in rows}


def write(tx: Tx, row: Row, units: Mapping[SkuId, int]) -> None:
    """Write a new transfer and what was sent."""
    values = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    tx.execute(insert(stock_transfer), [values])
    lines = [{"transfer_id": row.id, "sku_id": key, "sent": count} for key, count in units.items()]
    tx.execute(insert(stock_transfer_line), lines)


def read(tx: Tx, transfer_id: UUID) -> Row | None:
    """Read a transfer."""
    query = select(*COLUMNS).where(stock_transfer.c.id == transfer_id)
    row = tx.execute(query).mappings().one_or_none()
    return Row(**row) if row else None


def lock(tx: Tx, transfer_id: UUID) -> Row | None:
    """Lock a transfer, its lease being held, and read it."""
    query = select(*COLUMNS).where(stock_transfer.c.id == transfer_id).with_for_update()
    row = tx.execute(query).mappings().one_or_none()
    return Row(**row) if row else None


def lines(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """Return what transfers carry, each in SKU order."""
    rows = tx.execute(
        select(stock_transfer_line, sku.c.code)
        .join(sku, sku.c.id == stock_transfer_line.c.sku_id)
        .where(stock_transfer_line.c.transfer_id.in_(ids))
        .order_by(sku.c.code)
    )
    found: dict[UUID, list[Line]] = {transfer_id: [] for transfer_id in ids}
    for row in rows:
        line = Line(sku_id=row.sku_id, code=row.code, sent=row.sent, arrived=row.arrived)
        found[row.transfer_id].append(line)
    return found


def write_arrived(tx: Tx, transfer_id: UUID, units: Mapping[SkuId, int]) -> None:
    """Write what was counted on arrival; a SKU that was never sent joins with 0 sent."""
    if not units:
        return
    rows: list[dict[str, Any]] = [
        {"transfer_id": transfer_id, "sku_id": sku_id, "sent": 0, "arrived": count}
        for sku_id, count in sorted(units.items())
    ]
    writing = upsert(stock_transfer_line).values(rows)
    tx.execute(
        writing.on_conflict_do_update(
            index_elements=["transfer_id", "sku_id"], set_={"arrived": writing.excluded.arrived}
        )
    )


def fill_arrived(tx: Tx, transfer_id: UUID) -> None:
    """Take what nobody counted as arrived as it was sent."""
    tx.execute(
        update(stock_transfer_line)
        .where(
            stock_transfer_line.c.transfer_id == transfer_id,
            stock_transfer_line.c.arrived.is_(None),
        )
        .values(arrived=stock_transfer_line.c.sent)
    )


def arrive(tx: Tx, transfer_id: UUID, *, change: Change) -> None:
    """Write that a locked transfer has arrived."""
    tx.execute(
        update(stock_transfer)
        .where(stock_transfer.c.id == transfer_id)
        .values(state="arrived", arrived_by=change.by, arrived_at=change.at)
    )


def page(tx: Tx, *, state: str | None, after: UUID | None, at_most: int) -> list[Row]:
    """Return transfers, the last sent first."""
    query = select(*COLUMNS).order_by(stock_transfer.c.id.desc()).limit(at_most)
    if state is not None:
        query = query.where(stock_transfer.c.state == state)
    if after is not None:
        query = query.where(stock_transfer.c.id < after)
    return [Row(**row) for row in tx.execute(query).mappings()]
