"""Returns in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, desc, func, insert, select, update

from orders_core.events import Change
from orders_core.ids import OrderId, PersonId, SkuId
from orders_core.orders.tables import orders
from orders_core.returns.rma import Line, Payer, Reason, Return, State
from orders_core.returns.tables import order_return, return_line
from orders_core.tx import Tx

COLUMNS = [order_return.c[name] for name in Return.__dataclass_fields__ if name != "lines"]
LINE = [return_line.c[name] for name in Line.__dataclass_fields__]
CAME = (State.RECEIVED, State.CLOSED)


def about(change: Change) -> dict[str, Any]:
    """Return the columns that say who changed a tracked row, why, when, and who may hear."""
    return {
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }


def add(tx: Tx, one: Return, *, change: Change) -> None:
    """Write a return, its lines first."""
    rows = [
        {name: getattr(line, name) for name in Line.__dataclass_fields__} | {"return_id": one.id}
        for line in one.lines
    ]
    tx.execute(insert(return_line), rows)
    values = {c.name: getattr(one, c.name) for c in COLUMNS}
    tx.execute(insert(order_return).values(**values, **about(change)))


def move(tx: Tx, one: Return, to: State, values: Mapping[str, Any], *, change: Change) -> None:
    """Move a locked return from the state it was read in."""
    moving = update(order_return).where(
        order_return.c.id == one.id, order_return.c.state == one.state
    )
    tx.execute(moving.values(state=to, **values, **about(change)))


def came(tx: Tx, return_id: UUID, units: Mapping[int, tuple[int, int]]) -> None:
    """Write of each line how many units were restocked and scrapped."""
    for position, (restocked, scrapped) in sorted(units.items()):
        line = update(return_line).where(
            return_line.c.return_id == return_id, return_line.c.position == position
        )
        tx.execute(line.values(restocked=restocked, scrapped=scrapped))


def find(tx: Tx, return_id: UUID) -> Return | None:
    """Read one return with its lines."""
    return next(iter(_read(tx, select(*COLUMNS).where(order_return.c.id == return_id))), None)


def lock(tx: Tx, return_id: UUID) -> Return | None:
    """Lock one return, its order being locked, and read it with its lines."""
    wanted = select(*COLUMNS).where(order_return.c.id == return_id).with_for_update()
    return next(iter(_read(tx, wanted)), None)


def of_orders(tx: Tx, ids: Sequence[OrderId]) -> list[Return]:
    """Read the returns of orders, oldest first."""
    wanted = select(*COLUMNS).where(order_return.c.order_id.in_(ids))
    return _read(tx, wanted.order_by(order_return.c.id))


def page(tx: Tx, *, state: State | None, after: UUID | None, at_most: int) -> list[Return]:
    """Read returns newest first, of one state or of all, that were asked for before `after`."""
    wanted = select(*COLUMNS).order_by(desc(order_return.c.id)).limit(at_most)
    if state is not None:
        wanted = wanted.where(order_return.c.state == state)
    if after is not None:
        wanted = wanted.where(order_return.c.id < after)
    return _read(tx, wanted)


def spoken_for(tx: Tx, order_id: OrderId) -> Mapping[int, int]:
    """Return of each line how many units came back or may: of what was received, what came."""
    rows = tx.execute(
        select(return_line.c.position, func.sum(_taken()).label("units"))
        .join(order_return, order_return.c.id == return_line.c.return_id)
        .where(order_return.c.order_id == order_id, order_return.c.state != State.REJECTED)
        .group_by(return_line.c.position)
    )
    return {row.position: int(row.units) for row in rows}


def _taken() -> ColumnElement[int]:
    received = return_line.c.restocked + return_line.c.scrapped
    return case((order_return.c.state.in_(CAME), received), else_=return_line.c.quantity)


def received_units(tx: Tx, order_id: OrderId) -> int:
    """Count the units of an order that came back."""
    received = return_line.c.restocked + return_line.c.scrapped
    counted = (
        select(func.coalesce(func.sum(received), 0))
        .join(order_return, order_return.c.id == return_line.c.return_id)
        .where(order_return.c.order_id == order_id)
    )
    return int(tx.execute(counted).scalar_one())


def came_among(tx: Tx, return_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some returns are past their approval: their goods have come."""
    if not return_ids:
        return frozenset()
    wanted = select(order_return.c.id).where(
        order_return.c.id.in_(return_ids), order_return.c.state.in_(CAME)
    )
    return frozenset(tx.scalars(wanted))


def count_of(tx: Tx, person_id: PersonId) -> int:
    """Count the returns a person ever asked for and was not refused."""
    counted = (
        select(func.count())
        .select_from(order_return)
        .join(orders, orders.c.id == order_return.c.order_id)
        .where(orders.c.person_id == person_id, order_return.c.state != State.REJECTED)
    )
    return int(tx.execute(counted).scalar_one())


def _read(tx: Tx, wanted: Any) -> list[Return]:
    rows = tx.execute(wanted).mappings().all()
    lines = _lines(tx, [row["id"] for row in rows])
    return [
        Return(
            **{
                **row,
                "state": State(row["state"]),
                "reason": Reason(row["reason"]),
                "who_pays": Payer(row["who_pays"]),
            },
            lines=tuple(lines.get(row["id"], ())),
        )
        for row in rows
    ]


def _lines(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, list[Line]]:
    rows = tx.execute(
        select(return_line.c.return_id, *LINE)
        .where(return_line.c.return_id.in_(ids))
        .order_by(return_line.c.return_id, return_line.c.position)
    ).mappings()
    found: dict[UUID, list[Line]] = {}
    for row in rows:
        values = {name: row[name] for name in Line.__dataclass_fields__}
        line = Line(**values | {"sku_id": SkuId(row["sku_id"])})
        found.setdefault(row["return_id"], []).append(line)
    return found
