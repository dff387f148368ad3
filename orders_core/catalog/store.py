"""SKUs in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog.sku import Sku
from orders_core.catalog.tables import sku
from orders_core.ids import new_id
from orders_core.money import Money
from orders_core.tx import Tx


def put(tx: Tx, goods: Sequence[Sku], *, now: datetime) -> None:
    """Write SKUs under their codes; those that exist take the new titles and price."""
    rows = [
        {
            "id": new_id(),
            "code": s.code,
            "title_zh": s.title_zh,
            "title_en": s.title_en,
            "price_minor": s.price.amount_minor,
            "currency": s.price.currency,
            "created_at": now,
        }
        for s in sorted(goods, key=lambda s: s.code)
    ]
    writing = insert(sku).values(rows)
    new = writing.excluded
    tx.execute(
        writing.on_conflict_do_update(
            index_elements=["code"],
            set_={
                "title_zh": new.title_zh,
                "title_en": new.title_en,
                "price_minor": new.price_minor,
                "currency": new.currency,
            },
        )
    )


def page(tx: Tx, *, after: str = "", at_most: int = 200) -> list[Sku]:
    """Read SKUs in code order, those behind `after`."""
    rows = tx.execute(select(sku).where(sku.c.code > after).order_by(sku.c.code).limit(at_most))
    return [
        Sku(
            code=row.code,
            title_zh=row.title_zh,
            title_en=row.title_en,
            price=Money(row.price_minor, row.currency),
        )
        for row in rows
    ]
