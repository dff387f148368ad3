"""A shop with several warehouses, price lists and pre-orders, for tests of what can be bought."""

from datetime import datetime, timedelta

from sqlalchemy import text

from orders_core.catalog import preorder, price, warehouse_store
from orders_core.catalog.preorder_store import Preorder
from orders_core.catalog.price import Span
from orders_core.catalog.price_store import PriceList
from orders_core.catalog.warehouse_store import Warehouse
from orders_core.orders.address import ShipTo
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import change
from tests.shop import MORNING

MAIN, EAST, ROTTERDAM = "main", "east", "rotterdam"
RELEASE = MORNING + timedelta(days=7)
HOME = ShipTo(name="Ana", country="CN", region="Shanghai", street="1 Wukang Road")


def open_warehouse(
    tx: Tx, code: str, units: dict[str, int], *, sells: bool = True, priority: int = 200
) -> None:
    """Let a warehouse sell, with so many of each on its shelf."""
    country = "NL" if code == ROTTERDAM else "CN"
    region = "Shanghai" if code == EAST else None
    wanted = Warehouse(
        code=code,
        name_zh=code,
        name_en=code,
        country=country,
        region=region,
        priority=priority,
        sells=sells,
    )
    warehouse_store.put(tx, wanted)
    for sku, on_hand in units.items():
        counting.count(tx, sku, code, on_hand=on_hand, oversell_limit=None, change=change("clerk"))


def price_in(tx: Tx, code: str, currency: str, prices: dict[str, int], **more: bool) -> None:
    """Write a price list with prices that hold for good."""
    price.put_list(tx, PriceList(code=code, name_zh=code, name_en=code, currency=currency, **more))
    for sku, amount in prices.items():
        price.put(tx, code, sku, amount, Span(), change=change("clerk"))


def sell_ahead(
    tx: Tx,
    sku: str,
    units: int,
    *,
    deposit_minor: int | None = 5_000,
    release_at: datetime = RELEASE,
    at: datetime = MORNING,
) -> Preorder:
    """Put a SKU on pre-order."""
    wanted = Preorder(
        warehouse=MAIN,
        units=units,
        release_at=release_at,
        deposit_minor=deposit_minor,
        balance_hours=48,
    )
    return preorder.put(tx, sku, wanted, change=change("clerk", at=at))


def held(tx: Tx, sku: str) -> dict[str, tuple[int, int]]:
    """Return what each warehouse holds and has promised of a SKU."""
    rows = tx.execute(
        text(
            "SELECT l.warehouse, l.on_hand, l.reserved FROM level l JOIN sku s ON s.id = l.sku_id"
            " WHERE s.code = :sku"
        ),
        {"sku": sku},
    )
    return {row.warehouse: (row.on_hand, row.reserved) for row in rows}


def claims(tx: Tx) -> list[tuple[str, str, int]]:
    """Return the claims that are held, in the order of SKU and warehouse."""
    rows = tx.execute(
        text(
            "SELECT s.code, r.warehouse, r.quantity FROM reservation r"
            " JOIN sku s ON s.id = r.sku_id WHERE r.state = 'held' ORDER BY 1, 2, 3"
        )
    )
    return [(row.code, row.warehouse, row.quantity) for row in rows]
