"""How many units of some levels may be promised at this moment, exactly, and claiming them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.stock import shelf_store as store
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx


class NotEnough(CoreError):
    """Fewer units may be promised than were asked for; `short` says of each SKU wanted and left."""

    def __init__(self, short: Mapping[str, tuple[int, int]]) -> None:
        self.short = short
        said = ", ".join(f"{code}: {wanted} of {left}" for code, (wanted, left) in short.items())
        super().__init__(f"not enough is left: {said}")

    @property
    def facts(self) -> dict[str, Any]:
        """What is short, as members of an answer."""
        return {
            "short": [
                {"sku": code, "wanted": wanted, "available": left}
                for code, (wanted, left) in self.short.items()
            ]
        }


def lock(tx: Tx, keys: Collection[Key], *, now: datetime) -> dict[Key, int]:
    """Lock levels in their order and return how many units of each may be promised.

    What a booking holds past its time is let go first, so that it counts as free.
    """
    free = store.lock(tx, keys, now=now)
    for key, units in store.let_go(tx, keys, now=now).items():
        free[key] += units
    return free


def claim(tx: Tx, wanted: Mapping[Key, int], *, names: Mapping[Key, str], change: Change) -> None:
    """Lock the levels and count the units wanted as reserved: all of them, or none.

    Raises:
        NotEnough: If a level has fewer; `names` says under which code it is named.
    """
    free = lock(tx, wanted.keys(), now=change.at)
    short = {
        names[key]: (units, max(free.get(key, 0), 0))
        for key, units in wanted.items()
        if free.get(key, 0) < units
    }
    if short:
        raise NotEnough(short)
    store.promise(tx, wanted, change=change)
