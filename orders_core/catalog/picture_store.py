"""Pictures of SKUs in SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog.picture import Picture
from orders_core.catalog.tables import sku, sku_picture
from orders_core.errors import NotFound
from orders_core.tx import Tx


def put(tx: Tx, code: str, picture: Picture, *, now: datetime) -> None:
    """Write the picture of a SKU in the place of the one it had.

    Raises:
        NotFound: If the shop has no SKU of this canonical code.
    """
    if tx.scalar(select(sku.c.id).where(sku.c.code == code)) is None:
        raise NotFound("SKU", code)
    drawn = {"media_type": picture.media_type, "bytes": picture.content, "changed_at": now}
    writing = insert(sku_picture).values(code=code, **drawn)
    tx.execute(writing.on_conflict_do_update(index_elements=["code"], set_=drawn))


def read(tx: Tx, code: str) -> Picture:
    """Read the picture of a SKU.

    Raises:
        NotFound: If it has none.
    """
    row = tx.execute(select(sku_picture).where(sku_picture.c.code == code)).one_or_none()
    if row is None:
        raise NotFound("picture", code)
    return Picture(row.media_type, bytes(row.bytes))


def have(tx: Tx, codes: Collection[str]) -> frozenset[str]:
    """Say which of these SKUs have a picture."""
    return frozenset(
        tx.scalars(select(sku_picture.c.code).where(sku_picture.c.code.in_(list(codes))))
    )
