"""Warehouses in SQL: where goods lie, and whether orders may take them from there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from orders_core.errors import NotFound
from orders_core.stock.tables import warehouse
from orders_core.tx import Tx

NOWHERE = "ZZ"  # ISO 3166's "unknown": counted in before anybody described it


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """A place where goods lie; of those that sell the least `priority` is asked first."""

    code: str
    name_zh: str
    name_en: str
    country: str  #: ISO 3166-1 alpha-2
    region: str | None = None
    priority: int = 100
    sells: bool = True


def put(tx: Tx, wanted: Warehouse) -> None:
    """Write a warehouse under its code."""
    values = asdict(wanted)
    changes = {name: value for name, value in values.items() if name != "code"}
    writing = insert(warehouse).values(values)
    tx.execute(writing.on_conflict_do_update(index_elements=["code"], set_=changes))


def meet(tx: Tx, code: str) -> None:
    """Make sure that a warehouse is known; a new one does not sell until somebody says so."""
    new = Warehouse(
        code=code, name_zh=code, name_en=code, country=NOWHERE, priority=200, sells=False
    )
    tx.execute(insert(warehouse).values(asdict(new)).on_conflict_do_nothing())


def read(tx: Tx, code: str) -> Warehouse:
    """Read a warehouse.

    Raises:
        NotFound: If there is no such.
    """
    row = tx.execute(select(warehouse).where(warehouse.c.code == code)).one_or_none()
    if row is None:
        raise NotFound("warehouse", code)
    return Warehouse(**row._mapping)


def every(tx: Tx) -> Sequence[Warehouse]:
    """Read all warehouses, those that are asked first at the top."""
    rows = tx.execute(
        select(warehouse).order_by(warehouse.c.sells.desc(), warehouse.c.priority, warehouse.c.code)
    )
    return [Warehouse(**row._mapping) for row in rows]


def selling(tx: Tx, *, but: str | None = None) -> int:
    """Count the warehouses that sell, one that is named left out."""
    wanted = select(func.count()).select_from(warehouse).where(warehouse.c.sells)
    if but is not None:
        wanted = wanted.where(warehouse.c.code != but)
    return int(tx.scalar(wanted) or 0)


def sells(tx: Tx, code: str) -> bool:
    """Say whether a warehouse sells; one that nobody knows does not."""
    return bool(tx.scalar(select(warehouse.c.sells).where(warehouse.c.code == code)))
