"""SKUs that could go instead of what is short, and the levels that have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from orders_core.catalog.tables import sku
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id
from orders_core.stock.shelf_store import Key
from orders_core.stock.tables import level, reservation, warehouse
from orders_core.tx import Tx

#: Units that somebody new may be promised, as a column.
FOR_SALE = (
    level.c.on_hand
    + level.c.oversell_limit
    - level.c.safety_stock
    - level.c.reserved
    - level.c.short
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A SKU as an order takes it: its names, and the price of one unit."""

    sku_id: SkuId
    code: str
    title_zh: str
    title_en: str
    price_minor: int
    currency: str


GOODS = (
    sku.c.id.label("sku_id"),
    *(sku.c[name] for name in ("code", "title_zh", "title_en", "price_minor", "currency")),
)


def goods(tx: Tx, code: str) -> Goods | None:
    """Find a SKU by its canonical code."""
    row = tx.execute(select(*GOODS).where(sku.c.code == code)).mappings().one_or_none()
    return Goods(**row) if row else None


def places_of(tx: Tx, sku_id: SkuId, *, near: str) -> Sequence[Key]:
    """Return the levels of a SKU in the order to take it from: the near warehouse first."""
    rows = tx.execute(
        select(level.c.sku_id, level.c.warehouse)
        .outerjoin(warehouse, warehouse.c.code == level.c.warehouse)
        .where(level.c.sku_id == sku_id, func.coalesce(warehouse.c.sells, True))
        .order_by(level.c.warehouse != near, warehouse.c.priority, level.c.warehouse)
    )
    return [(SkuId(row.sku_id), row.warehouse) for row in rows]


def could_go(tx: Tx, *, but: SkuId, units: int, price: tuple[int, str], first: int) -> list[Goods]:
    """Return SKUs at that price or a lower one of which some warehouse has enough, dearest first.

    `price` is in minor units, with its currency.
    """
    at_most_minor, currency = price
    has_enough = (
        select(level.c.sku_id)
        .outerjoin(warehouse, warehouse.c.code == level.c.warehouse)
        .where(level.c.sku_id == sku.c.id, func.coalesce(warehouse.c.sells, True))
        .where(units <= FOR_SALE)
        .exists()
    )
    wanted = (
        select(*GOODS)
        .where(
            sku.c.id != but,
            sku.c.currency == currency,
            sku.c.price_minor <= at_most_minor,
            has_enough,
        )
        .order_by(sku.c.price_minor.desc(), sku.c.code)
        .limit(first)
    )
    return [Goods(**row) for row in tx.execute(wanted).mappings()]


def hold(tx: Tx, order_id: OrderId, place: Key, units: int, *, change: Change) -> None:
    """Write that an order holds units of a locked level; the level counts them already."""
    sku_id, name = place
    row = {
        "id": new_id(),
        "order_id": order_id,
        "sku_id": sku_id,
        "warehouse": name,
        "quantity": units,
        "held_at": change.at,
    }
    tx.execute(insert(reservation).values(row))
