"""Reading orders."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, desc, select, tuple_

from orders_core.ids import OrderId, PersonId
from orders_core.orders.order import Fulfilment, Line, Order, OrderStatus, Payment, Standing
from orders_core.orders.tables import order_line, orders
from orders_core.tx import Tx

COLUMNS = [orders.c[name] for name in Order.__dataclass_fields__ if name != "lines"]


def order_of(row: Row[Any], lines: Sequence[Line] = ()) -> Order:
    """Make an order of a row of `COLUMNS`."""
    words = {
        "status": OrderStatus(row.status),
        "standing": Standing(row.standing),
        "payment": Payment(row.payment),
        "fulfilment": Fulfilment(row.fulfilment),
    }
    return Order(**{**row._mapping, **words, "lines": tuple(lines)})


def _with_lines(tx: Tx, rows: Sequence[Row[Any]]) -> list[Order]:
    """Read the lines as they stood at the version that was read, whoever changed them since."""
    lines = lines_of(tx, [row.id for row in rows], versions={row.id: row.version for row in rows})
    return [order_of(row, lines.get(row.id, ())) for row in rows]


def lines_of(
    tx: Tx, ids: Sequence[OrderId], *, versions: Mapping[OrderId, int] | None = None
) -> Mapping[OrderId, Sequence[Line]]:
    """Read the lines of several orders, in their order on each.

    `versions` says of each order as of which version; without it they are read as they stand.
    """
    wanted = (
        select(order_line)
        .where(order_line.c.order_id.in_(ids))
        .order_by(order_line.c.order_id, order_line.c.position)
    )
    if versions is None:
        wanted = wanted.where(order_line.c.until_version.is_(None))
    found: dict[OrderId, list[Line]] = {}
    for row in tx.execute(wanted):
        if versions and not _stood(row, versions[row.order_id]):
            continue
        line = Line(
            code=row.code,
            title=row.title,
            title_zh=row.title_zh,
            quantity=row.quantity,
            unit_minor=row.unit_minor,
            position=row.position,
        )
        found.setdefault(OrderId(row.order_id), []).append(line)
    return found


def _stood(line: Row[Any], version: int) -> bool:
    return line.since_version <= version and (
        line.until_version is None or line.until_version > version
    )


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
