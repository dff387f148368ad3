"""A parcel's state, folded from what its carrier said: any order, any doubles, one answer."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from orders_core.ids import OrderId, ParcelId


class ParcelStatus(StrEnum):
    """What the last word on a parcel was. Listed in the order of a journey."""

    ANNOUNCED = "announced"  #: the carrier knows its number, nobody has seen it
    PICKED_UP = "picked_up"  #: the carrier has it
    IN_TRANSIT = "in_transit"  #: seen on the way
    AT_STATION = "at_station"  #: waits to be fetched, with a pickup code where there is one
    OUT_FOR_DELIVERY = "out_for_delivery"  #: on the van today
    ATTEMPT_FAILED = "attempt_failed"  #: nobody was there
    EXCEPTION = "exception"  #: damaged, refused, held: somebody must look
    DELIVERED = "delivered"  #: handed over; nothing said later changes that


class ExpectedSource(StrEnum):
    """Who says when a parcel will arrive."""

    SHOP = "shop"  #: promised at checkout
    CARRIER = "carrier"  #: said by its latest scan that named a day
    MODEL = "model"  #: computed
    CLERK = "clerk"  #: typed by a person: stands until a person changes it


RANK = {status: rank for rank, status in enumerate(ParcelStatus)}


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """One thing a carrier said of a parcel; `at` and `expected_at` are business time."""

    at: datetime
    code: ParcelStatus
    place: str = ""
    words: str = ""
    pickup_code: str | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelState:
    """All that a parcel's checkpoints say together.

    `last_scan_at` is a fact with an age, never a guess where the parcel is now. `pickup_code` is
    gone once the parcel is delivered. `expected_at` is the carrier's own word.
    """

    status: ParcelStatus = ParcelStatus.ANNOUNCED
    last_scan_at: datetime | None = None
    last_place: str | None = None
    pickup_code: str | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel as it is stored. `order_id` is absent until the order that ships in it is known."""

    id: ParcelId
    carrier: str
    number: str
    order_id: OrderId | None = None
    status: ParcelStatus = ParcelStatus.ANNOUNCED
    promised_at: datetime | None = None
    expected_at: datetime | None = None
    expected_source: ExpectedSource | None = None
    last_scan_at: datetime | None = None
    last_place: str | None = None
    pickup_code: str | None = None

    def told(self, state: ParcelState) -> "Parcel":
        """Return the parcel as its checkpoints say it is; a clerk's day outlives the carrier's."""
        is_clerks = self.expected_source is ExpectedSource.CLERK
        news = replace(
            self,
            status=state.status,
            last_scan_at=state.last_scan_at,
            last_place=state.last_place,
            pickup_code=state.pickup_code,
        )
        if state.expected_at is None or is_clerks:
            return news
        return replace(news, expected_at=state.expected_at, expected_source=ExpectedSource.CARRIER)

    def carrying(self, order_id: OrderId, promised_at: datetime | None) -> "Parcel":
        """Return the parcel tied to an order; of several promises the earliest stands.

        Until somebody who knows better names a day, the promise is also what is expected.
        """
        promised = min((at for at in (self.promised_at, promised_at) if at), default=None)
        tied = replace(self, order_id=order_id, promised_at=promised)
        if promised is None or self.expected_source not in (None, ExpectedSource.SHOP):
            return tied
        return replace(tied, expected_at=promised, expected_source=ExpectedSource.SHOP)


def canonical(carrier: str, number: str) -> tuple[str, str]:
    """Write a parcel's name one way: carrier in lower case, number in upper, no blanks around."""
    return carrier.strip().lower(), number.strip().upper()


def fold(checkpoints: Collection[Checkpoint]) -> ParcelState:
    """Say where a parcel stands, whatever order its checkpoints came in and however often.

    The latest by time decides, at one instant the later stage of a journey; the first delivery ends
    it: later scans of a delivered parcel are late news of its way, not of its state.
    """
    if not checkpoints:
        return ParcelState()
    in_order = sorted(checkpoints, key=_place_in_time)
    arrival = next((c for c in in_order if c.code is ParcelStatus.DELIVERED), None)
    last = arrival or in_order[-1]
    told = [c for c in in_order if _place_in_time(c) <= _place_in_time(last)]
    codes = [c.pickup_code for c in told if c.pickup_code]
    days = [c.expected_at for c in told if c.expected_at]
    return ParcelState(
        status=last.code,
        last_scan_at=last.at,
        last_place=last.place or None,
        pickup_code=codes[-1] if codes and arrival is None else None,
        expected_at=days[-1] if days else None,
    )


def _place_in_time(checkpoint: Checkpoint) -> tuple[object, ...]:
    """Order checkpoints totally, so that a tie is broken by content and never by arrival."""
    return (
        checkpoint.at,
        RANK[checkpoint.code],
        checkpoint.place,
        checkpoint.words,
        checkpoint.pickup_code or "",
        checkpoint.expected_at or checkpoint.at,
        checkpoint.expected_at is not None,
    )


def silence(last_scan_at: datetime | None, now: datetime) -> timedelta | None:
    """Say for how long a parcel was not scanned; None where it never was."""
    return None if last_scan_at is None else max(now - last_scan_at, timedelta(0))
