"""Price lists and their prices in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog.tables import price, price_list, sku
from orders_core.events import Change
from orders_core.ids import SkuId, new_id
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """Prices in one currency; the default of a currency is asked without being named."""

    code: str
    name_zh: str
    name_en: str
    currency: str
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one unit of a SKU costs in a list, in its currency's minor units, and how long."""

    sku: str
    price_minor: int
    valid_from: datetime | None
    valid_until: datetime | None


def lock_list(tx: Tx, code: str) -> PriceList | None:
    """Read a price list so that nobody else changes it meanwhile."""
    return _list(tx, code, lock=True)


def read_list(tx: Tx, code: str) -> PriceList | None:
    """Read a price list; None if there is no such."""
    return _list(tx, code, lock=False)


def _list(tx: Tx, code: str, *, lock: bool) -> PriceList | None:
    wanted = select(price_list).where(price_list.c.code == code)
    row = tx.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return PriceList(**row._mapping) if row else None


def put_list(tx: Tx, wanted: PriceList) -> None:
    """Write a price list under its code."""
    values = asdict(wanted)
    changes = {name: value for name, value in values.items() if name != "code"}
    writing = insert(price_list).values(values)
    tx.execute(writing.on_conflict_do_update(index_elements=["code"], set_=changes))


def has_prices(tx: Tx, code: str) -> bool:
    """Say whether a list has any price, past ones included."""
    return bool(tx.scalar(select(exists().where(price.c.price_list == code))))


def default_of(tx: Tx, currency: str) -> str | None:
    """Return the code of a currency's default list."""
    wanted = price_list.c.is_default, price_list.c.currency == currency
    return tx.scalar(select(price_list.c.code).where(*wanted))


def put(tx: Tx, code: str, sku_id: SkuId, wanted: Price, *, change: Change) -> None:
    """Write a price; one of the same list, SKU and beginning takes the new amount and end."""
    changes = {
        "price_minor": wanted.price_minor,
        "valid_until": wanted.valid_until,
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
        "ring": change.ring,
    }
    writing = insert(price).values(
        id=new_id(), price_list=code, sku_id=sku_id, valid_from=wanted.valid_from, **changes
    )
    same = ["price_list", "sku_id", "valid_from"]
    tx.execute(writing.on_conflict_do_update(index_elements=same, set_=changes))


def page(tx: Tx, code: str, *, after: str, at_most: int) -> Sequence[Price]:
    """Read a list's prices by SKU code, those behind `after`; a SKU's prices stay together."""
    rows = tx.execute(
        select(
            sku.c.code.label("sku"), price.c.price_minor, price.c.valid_from, price.c.valid_until
        )
        .join(sku, sku.c.id == price.c.sku_id)
        .where(price.c.price_list == code, sku.c.code > after)
        .order_by(sku.c.code)
        .fetch(at_most, with_ties=True)
    )
    found = [Price(**row._mapping) for row in rows]
    return sorted(found, key=lambda p: (p.sku, p.valid_from is not None, p.valid_from))
