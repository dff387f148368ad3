"""What makes people write, counted by half hour out of the shop's own history.

An event counts in the half hour in which it happened, and is known when that is over, or when it
was told, whichever is later. One told more than a day late is none: it would say that a past day
had been known that was not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import numpy as np

from app.forecast import exposures_store
from ml.load.series import SLOT, Exposure
from orders_core.events import EventType
from orders_core.tx import Tx

#: The event that is counted, and the exposure it counts for.
COUNTED: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.ORDER_PLACED: "orders",
        EventType.ORDER_SHIPPED: "shipped",
        EventType.ORDER_SHORT: "short",
        EventType.PARCEL_ATTEMPT_FAILED: "parcels_in_trouble",
        EventType.PARCEL_EXCEPTION: "parcels_in_trouble",
        EventType.PARCEL_RETURNING: "parcels_in_trouble",
        EventType.REFUND_ASKED: "refunds",
        EventType.RETURN_REQUESTED: "returns",
        EventType.STOCK_OUT: "stock_out",
        EventType.PRICE_CHANGED: "prices",
    }
)


def fold(tx: Tx) -> int:
    """Count a stretch of history that was not counted yet; return how many rows it had."""
    return exposures_store.fold(tx, [str(one) for one in COUNTED], list(COUNTED.values()))


def exposures(tx: Tx, *, since: datetime, until: datetime) -> Sequence[Exposure]:
    """Return what was counted from a half hour up to another: those of which anything ever was.

    Before an exposure's first event it is not known, for nobody may have told of them; after that
    a half hour without any has none. `until` should be the half hour that has begun.
    """
    counted: dict[str, list[exposures_store.Counted]] = {}
    for one in exposures_store.read(tx, since=since, until=until):
        counted.setdefault(one.name, []).append(one)
    slots = (until - since) // SLOT
    return [_exposure(name, of, since, slots) for name, of in counted.items()]


def _exposure(
    name: str, of: Sequence[exposures_store.Counted], since: datetime, slots: int
) -> Exposure:
    values = np.zeros(slots)
    start = np.datetime64(since.replace(tzinfo=None), "s")
    known_at = start + np.arange(1, slots + 1) * np.timedelta64(SLOT)
    for one in of:
        row = (one.slot - since) // SLOT
        values[row] = one.events
        told_at = np.datetime64(one.known_at.replace(tzinfo=None), "s")
        known_at[row] = max(known_at[row], told_at)
    values[: (of[0].slot - since) // SLOT] = np.nan
    return Exposure(name=name, values=values, known_at=known_at.astype("datetime64[s]"))
