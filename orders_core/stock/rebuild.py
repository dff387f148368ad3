"""Levels rebuilt from what explains them: movements, reservations and buckets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orders_core.events import Change
from orders_core.ids import SkuId
from orders_core.stock import rebuild_store as store
from orders_core.stock import shelf_store
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Counters:
    """The three counters of a level, in units."""

    on_hand: int
    reserved: int
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A level that is not what explains it. `can_be` says whether a level may hold that at all."""

    code: str
    warehouse: str
    present: Counters
    due: Counters
    can_be: bool


def compare(tx: Tx) -> list[Drift]:
    """Name every level that is not the sum of what explains it; changes nothing, locks nothing."""
    return [_shown(row) for row in store.drift(tx)]


def repair(tx: Tx, *, change: Change) -> list[Drift]:
    """Set every level to what explains it, under its lock; return those that differed.

    What no level may hold, more promised than there is, stays and is returned with `can_be` False:
    a count comes first there.
    """
    keys = [(SkuId(row["sku_id"]), row["warehouse"]) for row in store.drift(tx)]
    if not keys:
        return []
    store.open_levels(tx, keys, change=change)
    shelf_store.lock(tx, keys, now=change.at)
    found = store.drift(tx, keys)
    repaired = [row for row in found if _can_be(row)]
    if repaired:
        store.set_levels(tx, repaired, change=change)
    return [_shown(row) for row in found]


def _can_be(row: dict[str, Any]) -> bool:
    limit = row["on_hand_due"] + row["oversell_limit"]
    return bool(row["on_hand_due"] >= 0 and row["reserved_due"] <= limit)


def _shown(row: dict[str, Any]) -> Drift:
    return Drift(
        code=row["code"],
        warehouse=row["warehouse"],
        present=Counters(int(row["on_hand"]), int(row["reserved"]), int(row["short"])),
        due=Counters(int(row["on_hand_due"]), int(row["reserved_due"]), int(row["short_due"])),
        can_be=_can_be(row),
    )


def unrepaired(found: Sequence[Drift]) -> list[Drift]:
    """Return those that no repair can set right before somebody counts."""
    return [drift for drift in found if not drift.can_be]
