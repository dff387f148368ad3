"""An order of the locks lab, written by hand: its units come out of buckets."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert

from orders_core.ids import OrderId, PersonId, SkuId, new_id
from orders_core.orders.tables import order_line, orders
from orders_core.stock.store import sku_id_of
from orders_core.tx import Tx

PRICE_MINOR = 15_800


def skus(tx: Tx, codes: Sequence[str]) -> dict[str, SkuId]:
    """Return the ids of goods by their codes."""
    found = {code: sku_id_of(tx, code) for code in codes}
    return {code: SkuId(sku_id) for code, sku_id in found.items() if sku_id is not None}


def write_order(
    tx: Tx, goods: Sequence[tuple[str, SkuId]], *, who: PersonId, at: datetime
) -> OrderId:
    """Write an order of one unit each, lines first; return its id."""
    order_id = OrderId(new_id())
    lines = [
        {
            "order_id": order_id,
            "position": position,
            "sku_id": sku_id,
            "code": code,
            "title": code,
            "quantity": 1,
            "unit_minor": PRICE_MINOR,
        }
        for position, (code, sku_id) in enumerate(goods, start=1)
    ]
    tx.execute(insert(order_line), lines)
    tx.execute(
        insert(orders).values(
            id=order_id,
            number=func.nextval("order_number"),
            source="shop",
            person_id=who,
            status="placed",
            currency="CNY",
            total_minor=PRICE_MINOR * len(goods),
            placed_at=at,
            changed_by="lab",
            change_reason="bought",
            changed_at=at,
        )
    )
    return order_id
