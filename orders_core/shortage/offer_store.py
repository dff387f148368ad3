"""The shortages of an order with the names and prices of their goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from orders_core.catalog.tables import sku
from orders_core.ids import OrderId
from orders_core.orders.tables import orders
from orders_core.shortage.short import OWED, Act
from orders_core.shortage.store import COLUMNS, Shortage, read
from orders_core.shortage.swap_store import GOODS, Goods
from orders_core.shortage.tables import shortage
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """A shortage, its goods, and the currency of its order."""

    shortage: Shortage
    goods: Goods
    currency: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Units of one SKU that an order is short of, and what may be chosen of every one of them."""

    title_en: str
    title_zh: str
    units: int
    choices: frozenset[Act]


def missing(tx: Tx, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Missing]]:
    """Return what orders are still short of, in the order of its codes."""
    if not ids:
        return {}
    rows = tx.execute(
        select(shortage, sku.c.title_en, sku.c.title_zh)
        .join(sku, sku.c.id == shortage.c.sku_id)
        .where(shortage.c.order_id.in_(ids), shortage.c.state.in_(OWED))
        .order_by(sku.c.code)
    )
    found: dict[OrderId, dict[UUID, Missing]] = {}
    for row in rows:
        one = Missing(row.title_en, row.title_zh, row.quantity, frozenset(map(Act, row.choices)))
        known = found.setdefault(OrderId(row.order_id), {})
        if before := known.get(row.sku_id):
            both = before.choices & one.choices
            one = replace(one, units=before.units + one.units, choices=both)
        known[row.sku_id] = one
    return {order_id: list(known.values()) for order_id, known in found.items()}


def of_order(tx: Tx, order_id: OrderId) -> list[Asked]:
    """Read the shortages of an order, first found first."""
    known = {goods.sku_id: goods for goods in _goods(tx, order_id)}
    currency = tx.scalar(select(orders.c.currency).where(orders.c.id == order_id))
    wanted = select(*COLUMNS).where(shortage.c.order_id == order_id)
    rows = tx.execute(wanted.order_by(shortage.c.found_at, shortage.c.id)).mappings()
    return [Asked(one, known[one.sku_id], str(currency)) for one in read(rows)]


def _goods(tx: Tx, order_id: OrderId) -> list[Goods]:
    short = select(shortage.c.sku_id).where(shortage.c.order_id == order_id)
    rows = tx.execute(select(*GOODS).where(sku.c.id.in_(short))).mappings()
    return [Goods(**row) for row in rows]
