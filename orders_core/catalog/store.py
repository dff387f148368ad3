"""SKUs in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog import product_store
from orders_core.catalog.sku import Sku
from orders_core.catalog.tables import sku
from orders_core.errors import NotFound
from orders_core.ids import SkuId, new_id
from orders_core.money import Money
from orders_core.tx import Tx


def put(tx: Tx, goods: Sequence[Sku], *, now: datetime) -> None:
    """Write SKUs under their codes; those that exist take the new titles and price.

    Without a product a SKU keeps the one it has.

    Raises:
        NotFound: If a product is named that does not exist.
    """
    product_store.demand(tx, {s.product for s in goods if s.product})
    rows = [
        {
            "id": new_id(),
            "code": s.code,
            "title_zh": s.title_zh,
            "title_en": s.title_en,
            "price_minor": s.price.amount_minor,
            "currency": s.price.currency,
            "created_at": now,
            "product": s.product,
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
                "product": func.coalesce(new.product, sku.c.product),
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
            product=row.product,
        )
        for row in rows
    ]


def id_of(tx: Tx, code: str) -> SkuId:
    """Find a SKU by its canonical code.

    Raises:
        NotFound: If the shop has no such SKU.
    """
    found = tx.scalar(select(sku.c.id).where(sku.c.code == code))
    if found is None:
        raise NotFound("SKU", code)
    return SkuId(found)


def lock(tx: Tx, sku_id: SkuId) -> Money:
    """Keep others from changing a SKU or its pre-order meanwhile; return its own price."""
    wanted = select(sku.c.price_minor, sku.c.currency).where(sku.c.id == sku_id)
    row = tx.execute(wanted.with_for_update(key_share=True)).one()
    return Money(row.price_minor, row.currency)


def code_of(tx: Tx, sku_id: SkuId) -> str:
    """Return the code of a SKU that exists."""
    return str(tx.execute(select(sku.c.code).where(sku.c.id == sku_id)).scalar_one())
