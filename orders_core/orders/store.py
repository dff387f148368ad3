"""Reading orders."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, desc, select, tuple_

from orders_core.ids import OrderId, PersonId
from orders_core.orders.order import Fulfilment, Line, Order, OrderStatus, Payment, Standing
from orders_core.orders.tables import order_line, orders
from orders_core.tx import Tx

COLUMNS = [orders.c[name] for name in Order.__dataclass_fields__ if name != "lines"]


def _order(row: Row[Any], lines: Sequence[Line]) -> Order:
    words = {
        "status": OrderStatus(row.status),
        "standing": Standing(row.standing),
        "payment": Payment(row.payment),
        "fulfilment": Fulfilment(row.fulfilment),
    }
    return Order(**{**row._mapping, **words, "lines": tuple(lines)})


def _with_lines(tx: Tx, rows: Sequence[Row[Any]]) -> list[Order]:
    lines = lines_of(tx, [row.id for row in rows])
    return [_order(row, lines.get(row.id, ())) for row in rows]


def lines_of(tx: Tx, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Line]]:
    """Read the lines of several orders, in their order on each."""
    rows = tx.execute(
        select(order_line)
        .where(order_line.c.order_id.in_(ids), order_line.c.until_version.is_(None))
        .order_by(order_line.c.order_id, order_line.c.position)
    )
    found: dict[OrderId, list[Line]] = {}
    for row in rows:
        line = Line(
            code=row.code,
            title=row.title,
            title_zh=row.title_zh,
            quantity=row.quantity,
            unit_minor=row.unit_minor,
        )
        found.setdefault(OrderId(row.order_id), []).append(line)
    return found


def many(tx: Tx, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
    """Read several orders with their lines; those that do not exist are left out."""
    rows = tx.execute(select(*COLUMNS).where(orders.c.id.in_(ids))).all()
    return {order.id: order for order in _with_lines(tx, rows)}


def page(tx: Tx, *, person_id: PersonId | None, after: OrderId | None, at_most: int) -> list[Order]:
    """Read orders newest first, of one person or of all, that were made before `after`."""
    query = select(*COLUMNS).order_by(desc(orders.c.id)).limit(at_most)
    if person_id is not None:
        query = query.where(orders.c.person_id == person_id)
    if after is not None:
        query = query.where(orders.c.id < after)
    return _with_lines(tx, tx.execute(query).all())


def find(tx: Tx, *, number: int | None, reference: str | None) -> list[Order]:
    """Find orders by our number or by the number their own shop gave them."""
    matches: list[Row[Any]] = []
    if number is not None:
        matches += tx.execute(select(*COLUMNS).where(orders.c.number == number)).all()
    if reference is not None:
        query = select(*COLUMNS).where(orders.c.reference == reference).limit(20)
        matches += tx.execute(query).all()
    return _with_lines(tx, matches)


def ids_of(tx: Tx, names: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], OrderId]:
    """Find orders by (source, reference)."""
    rows = tx.execute(
        select(orders.c.source, orders.c.reference, orders.c.id).where(
            tuple_(orders.c.source, orders.c.reference).in_(names)
        )
    )
    return {(row.source, row.reference): OrderId(row.id) for row in rows}
