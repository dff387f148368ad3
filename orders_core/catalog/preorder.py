"""Pre-orders: goods that are sold, up to a threshold, before any are there.

The threshold stands in the level itself, as its `oversell_limit`: the lock and the CHECK that guard
every sale guard this one. What arrives was promised already, so each unit that comes lowers the
limit by one; at the release what was not sold by then is no longer promised.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from orders_core.catalog import preorder_store as store
from orders_core.catalog import store as skus
from orders_core.catalog.preorder_store import Preorder
from orders_core.catalog.price import CatalogError
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.tx import Tx

BY, WHY = "catalog.preorder", "released"


class ReleasePast(CatalogError):
    """A pre-order is released at some time to come."""


class DepositTooHigh(CatalogError):
    """The deposit is not less than the price."""


class PreorderElsewhere(CatalogError):
    """A SKU's pre-order waits for goods at one warehouse."""

    def __init__(self, code: str, warehouse: str) -> None:
        self.code, self.warehouse = code, warehouse
        super().__init__(f"the pre-order of {code} waits at warehouse {warehouse} for its goods")


class PreorderPromised(CatalogError):
    """More units are promised than the pre-order would have."""

    def __init__(self, code: str, units: int, least: int) -> None:
        self.code, self.units, self.least = code, units, least
        super().__init__(f"the pre-order of {code} needs at least {least} units, not {units}")


class PreorderSetsLimit(CatalogError):
    """While goods of a pre-order are awaited, it alone says what may be promised of them."""

    def __init__(self, code: str, limit: int) -> None:
        self.code, self.limit = code, limit
        super().__init__(
            f"{code} is on pre-order, which leaves an oversell_limit of {limit}; change its units"
        )


def put(tx: Tx, code: str, wanted: Preorder, *, change: Change) -> Preorder:
    """Sell a SKU before it is there; return the pre-order as it stands, with what arrived.

    Locks the SKU, then the level.

    Raises:
        NotFound: If the shop has no such SKU.
        ReleasePast: If the release is not in the future.
        DepositTooHigh: If one unit's deposit is not less than its price.
        PreorderElsewhere: If units that were promised are awaited at another warehouse.
        PreorderPromised: If more units are promised already.
    """
    if wanted.release_at <= change.at:
        raise ReleasePast("release_at has passed: a pre-order is released at some time to come")
    sku_id = skus.id_of(tx, code)
    price = skus.lock(tx, sku_id)
    if wanted.deposit_minor is not None and wanted.deposit_minor >= price.amount_minor:
        raise DepositTooHigh(f"the deposit must be less than the price, {price.amount_minor}")
    held = store.lock_level(tx, sku_id, wanted.warehouse)
    present = store.read(tx, sku_id)
    if present and present.warehouse != wanted.warehouse and present.awaited:
        raise PreorderElsewhere(code, present.warehouse)
    goes_on = present is not None and present.ended_at is None
    arrived = present.arrived if present and goes_on else 0
    least = arrived + held.owed
    if wanted.units < max(least, 1):
        raise PreorderPromised(code, wanted.units, max(least, 1))
    after = replace(wanted, arrived=arrived)
    store.put(tx, sku_id, after)
    store.set_limit(tx, sku_id, after.warehouse, after.awaited, change=change)
    return after


def end(tx: Tx, code: str, *, change: Change) -> Preorder:
    """Promise no more units than are promised; ending twice is ending once.

    Raises:
        NotFound: If the SKU has no pre-order.
    """
    ended = _end(tx, skus.id_of(tx, code), change=change)
    if ended is None:
        raise NotFound("pre-order", code)
    return ended


def release(tx: Tx, *, now: datetime, at_most: int) -> Sequence[SkuId]:
    """End up to `at_most` pre-orders whose release has come, as of that time; return their SKUs."""
    due = store.due(tx, now=now, at_most=at_most)
    for sku_id, found in due:
        _end(tx, sku_id, change=Change(by=BY, why=WHY, at=found.release_at))
    return [sku_id for sku_id, _ in due]


def _end(tx: Tx, sku_id: SkuId, *, change: Change) -> Preorder | None:
    skus.lock(tx, sku_id)
    present = store.read(tx, sku_id)
    if present is None or present.ended_at is not None:
        return present
    held = store.lock_level(tx, sku_id, present.warehouse)
    arrived = store.read(tx, sku_id) or present  # with what came while this waited for the level
    after = replace(arrived, units=arrived.arrived + held.owed, ended_at=change.at)
    store.put(tx, sku_id, after)
    store.set_limit(tx, sku_id, after.warehouse, after.awaited, change=change)
    return after


def limit_after(
    tx: Tx, sku_id: SkuId, warehouse: str, *, came: int, asked: int | None = None
) -> int | None:
    """Say what a (locked) level's limit is once so many units came; None: it stays.

    `asked` is the limit that a clerk sets: on goods without a pre-order it is taken as it is.

    Raises:
        PreorderSetsLimit: If a clerk sets another limit than the pre-order leaves.
    """
    present = store.read(tx, sku_id)
    if present is None or present.warehouse != warehouse or not present.awaited:
        return asked
    after = present.having(came)
    if asked not in (None, present.awaited, after.awaited):
        raise PreorderSetsLimit(skus.code_of(tx, sku_id), present.awaited)
    if after != present:
        store.put(tx, sku_id, after)
    return after.awaited
