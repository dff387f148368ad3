"""Products in SQL, and which SKUs are theirs."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog.sku import Product
from orders_core.catalog.tables import product, sku
from orders_core.errors import NotFound
from orders_core.tx import Tx


def put(tx: Tx, goods: Product, *, now: datetime) -> None:
    """Write a product under its code; one that exists takes the new titles."""
    titles = {"title_zh": goods.title_zh, "title_en": goods.title_en}
    writing = insert(product).values(code=goods.code, created_at=now, **titles)
    tx.execute(writing.on_conflict_do_update(index_elements=["code"], set_=titles))


def set_skus(tx: Tx, code: str, skus: Collection[str]) -> None:
    """Let a product have these SKUs and no others; each leaves the product it was of.

    Raises:
        NotFound: If the shop has no such SKU.
    """
    touched = or_(sku.c.code.in_(skus), sku.c.product == code)
    locked = select(sku.c.code).where(touched).order_by(sku.c.id).with_for_update()
    if missing := sorted(set(skus) - set(tx.scalars(locked))):
        raise NotFound("SKU", ", ".join(missing))
    gone = update(sku).where(sku.c.product == code, sku.c.code.not_in(skus))
    tx.execute(gone.values(product=None))
    tx.execute(update(sku).where(sku.c.code.in_(skus)).values(product=code))


def read(tx: Tx, code: str) -> tuple[Product, Sequence[str]]:
    """Read a product and the codes of its SKUs.

    Raises:
        NotFound: If there is no such product.
    """
    row = tx.execute(select(product).where(product.c.code == code)).one_or_none()
    if row is None:
        raise NotFound("product", code)
    skus = tx.scalars(select(sku.c.code).where(sku.c.product == code).order_by(sku.c.code)).all()
    return Product(code=code, title_zh=row.title_zh, title_en=row.title_en), skus


def demand(tx: Tx, codes: Collection[str]) -> None:
    """Make sure that products exist.

    Raises:
        NotFound: If one does not.
    """
    if not codes:
        return
    known = set(tx.scalars(select(product.c.code).where(product.c.code.in_(codes))))
    if missing := sorted(set(codes) - known):
        raise NotFound("product", ", ".join(missing))
