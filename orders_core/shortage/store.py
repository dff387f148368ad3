"""Shortages in SQL: written when they are found, settled once each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from orders_core.ids import OrderId, SkuId, new_id
from orders_core.shortage.short import OWED, Act, State
from orders_core.shortage.tables import shortage
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """One finding for one order; times are business time."""

    id: UUID
    order_id: OrderId
    sku_id: SkuId
    warehouse: str
    quantity: int
    state: State
    choices: frozenset[Act]
    found_by: str
    found_why: str
    found_at: datetime
    wait_until: datetime | None = None
    chosen_by: str | None = None
    chosen_at: datetime | None = None
    swapped_for: SkuId | None = None
    settled_at: datetime | None = None

    @property
    def place(self) -> tuple[SkuId, str]:
        """The level its units are missing in."""
        return self.sku_id, self.warehouse


COLUMNS = [shortage.c[name] for name in Shortage.__dataclass_fields__]


def add(tx: Tx, found: Sequence[Shortage]) -> None:
    """Write what was found."""
    if found:
        tx.execute(insert(shortage), [_row(one) for one in found])


def of_orders(tx: Tx, ids: Sequence[OrderId]) -> list[Shortage]:
    """Return every shortage orders ever had, first found first."""
    wanted = select(*COLUMNS).where(shortage.c.order_id.in_(ids))
    return read(tx.execute(wanted.order_by(shortage.c.found_at, shortage.c.id)).mappings())


def lock(tx: Tx, ids: Collection[UUID]) -> list[Shortage]:
    """Lock those that are still owed, their orders being locked; return them as they stand."""
    wanted = (
        select(*COLUMNS)
        .where(shortage.c.id.in_(ids), shortage.c.state.in_(OWED))
        .order_by(shortage.c.id)
        .with_for_update()
    )
    return read(tx.execute(wanted).mappings())


def settle(tx: Tx, one: Shortage, units: int, values: dict[str, Any]) -> None:
    """Settle so many units of a locked shortage; what is left of it stays owed."""
    if units == one.quantity:
        tx.execute(update(shortage).where(shortage.c.id == one.id).values(values))
        return
    rest = update(shortage).where(shortage.c.id == one.id)
    tx.execute(rest.values(quantity=shortage.c.quantity - units))
    tx.execute(insert(shortage).values(_row(one) | {"id": new_id(), "quantity": units} | values))


def wait(tx: Tx, ids: Sequence[UUID], *, until: datetime, by: str, at: datetime) -> None:
    """Let locked shortages wait until a day, where they do not already."""
    waiting = update(shortage).where(
        shortage.c.id.in_(ids),
        shortage.c.state.in_(OWED),
        shortage.c.wait_until.is_distinct_from(until),
    )
    tx.execute(waiting.values(state=State.WAITING, wait_until=until, chosen_by=by, chosen_at=at))


def read(rows: Any) -> list[Shortage]:
    """Read shortages out of rows with their columns."""
    return [
        Shortage(
            **{
                **row,
                "state": State(row["state"]),
                "choices": frozenset(Act(word) for word in row["choices"]),
            }
        )
        for row in rows
    ]


def _row(one: Shortage) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Shortage.__dataclass_fields__} | {
        "choices": sorted(one.choices)
    }
