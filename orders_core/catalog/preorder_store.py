"""Pre-orders in SQL, and the limit of the level that each stands for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from orders_core.catalog.tables import preorder, sku
from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock.tables import level
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Preorder:
    """Goods sold before they are there: how many, from where, until when, and how they are paid.

    `deposit_minor` is paid first for each unit, in the SKU's own currency; None: all at once.
    Whoever paid it has `balance_hours` from the release to pay the rest.
    """

    warehouse: str
    units: int
    release_at: datetime
    deposit_minor: int | None
    balance_hours: int
    arrived: int = 0
    ended_at: datetime | None = None

    @property
    def awaited(self) -> int:
        """Units that may be promised and did not arrive yet: the level's limit."""
        return self.units - self.arrived

    def having(self, came: int) -> "Preorder":
        """Return the pre-order once so many more units are there."""
        return replace(self, arrived=self.arrived + min(max(came, 0), self.awaited))


@dataclass(frozen=True, slots=True)
class Held:
    """What a level holds and has promised."""

    on_hand: int
    reserved: int

    @property
    def owed(self) -> int:
        """Units that are promised and not there."""
        return max(0, self.reserved - self.on_hand)


COLUMNS = [preorder.c[name] for name in Preorder.__dataclass_fields__]


def lock_level(tx: Tx, sku_id: SkuId, warehouse: str) -> Held:
    """Make sure that a level exists, lock it and return what it holds."""
    new = insert(level).values(sku_id=sku_id, warehouse=warehouse, on_hand=0)
    tx.execute(new.on_conflict_do_nothing())
    wanted = select(level.c.on_hand, level.c.reserved).where(
        level.c.sku_id == sku_id, level.c.warehouse == warehouse
    )
    row = tx.execute(wanted.with_for_update()).one()
    return Held(row.on_hand, row.reserved)


def set_limit(tx: Tx, sku_id: SkuId, warehouse: str, limit: int, *, change: Change) -> None:
    """Write how many units a (locked) level may promise beyond those it holds."""
    tx.execute(
        update(level)
        .where(level.c.sku_id == sku_id, level.c.warehouse == warehouse)
        .values(
            oversell_limit=limit,
            changed_by=change.by,
            change_reason=change.why,
            changed_at=change.at,
            ring=change.ring,
        )
    )


def read(tx: Tx, sku_id: SkuId) -> Preorder | None:
    """Read a SKU's pre-order, an ended one too; None if it never had one."""
    row = tx.execute(select(*COLUMNS).where(preorder.c.sku_id == sku_id)).one_or_none()
    return Preorder(**row._mapping) if row else None


def put(tx: Tx, sku_id: SkuId, wanted: Preorder) -> None:
    """Write a SKU's pre-order."""
    values = asdict(wanted)
    writing = insert(preorder).values(sku_id=sku_id, **values)
    tx.execute(writing.on_conflict_do_update(index_elements=["sku_id"], set_=values))


def due(tx: Tx, *, now: datetime, at_most: int) -> Sequence[tuple[SkuId, Preorder]]:
    """Read the pre-orders whose release has come, in SKU order, which is that of the locks."""
    first = (
        select(preorder)
        .where(preorder.c.ended_at.is_(None), preorder.c.release_at <= now)
        .order_by(preorder.c.release_at, preorder.c.sku_id)
        .limit(at_most)
        .subquery()
    )
    rows = tx.execute(select(first).order_by(first.c.sku_id))
    return [
        (SkuId(row.sku_id), Preorder(**{name: getattr(row, name) for name in _names()}))
        for row in rows
    ]


def _names() -> Sequence[str]:
    return list(Preorder.__dataclass_fields__)


def first_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first release between two times that has not been seen to."""
    first: datetime | None = tx.scalar(
        select(func.min(preorder.c.release_at)).where(
            preorder.c.ended_at.is_(None),
            preorder.c.release_at > after,
            preorder.c.release_at <= until,
        )
    )
    return first


def on_sale(tx: Tx, *, now: datetime) -> frozenset[str]:
    """Return the codes of the SKUs that are on pre-order."""
    wanted = (
        select(sku.c.code)
        .join(preorder, preorder.c.sku_id == sku.c.id)
        .where(preorder.c.ended_at.is_(None), preorder.c.release_at > now)
    )
    return frozenset(tx.scalars(wanted))
