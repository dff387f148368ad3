"""A parcel's state, folded from what its carrier said: any order, any doubles, one answer."""

from collections.abc import Collection, Sequence
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
    DELIVERED = "delivered"  #: handed over; only a refusal said afterwards changes that
    RETURNING = "returning"  #: on the way back to who sent it
    RETURNED = "returned"  #: back there; nothing said later changes that


class Direction(StrEnum):
    """Which way a parcel goes."""

    OUT = "out"  #: from the shop to the shopper
    BACK = "back"  #: what a shopper sends back


class ExpectedSource(StrEnum):
    """Who says when a parcel will arrive."""

    SHOP = "shop"  #: promised at checkout
    CARRIER = "carrier"  #: said by its latest scan that named a day
    MODEL = "model"  #: computed
    CLERK = "clerk"  #: typed by a person: stands until a person changes it


RANK = {status: rank for rank, status in enumerate(ParcelStatus)}
#: Whose day stands when several name one; a clerk's stands until a person changes it.
WEIGHT = {
    source: weight
    for weight, source in enumerate(
        (ExpectedSource.SHOP, ExpectedSource.MODEL, ExpectedSource.CARRIER, ExpectedSource.CLERK)
    )
}


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
    """A parcel as it is stored. `order_id` is absent until the order that ships in it is known.

    One that was relabelled says by which parcel it was `replaced_by`; that one lives on with the
    scans of both.
    """

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
    direction: Direction = Direction.OUT
    replaced_by: ParcelId | None = None

    def told(self, state: ParcelState) -> "Parcel":
        """Return the parcel as its checkpoints say it is; a clerk's day outlives the carrier's."""
        news = replace(
            self,
            status=state.status,
            last_scan_at=state.last_scan_at,
            last_place=state.last_place,
            pickup_code=state.pickup_code,
        )
        if state.expected_at is None:
            return news
        return news.expected(state.expected_at, ExpectedSource.CARRIER)

    def expected(self, at: datetime, source: ExpectedSource) -> "Parcel":
        """Return the parcel with a new day, unless who named the present one weighs more.

        A model says nothing of a parcel that has arrived or turned back.
        """
        if self.expected_source and WEIGHT[source] < WEIGHT[self.expected_source]:
            return self
        if source is ExpectedSource.MODEL and self.status in SETTLED:
            return self
        return replace(self, expected_at=at, expected_source=source)

    def without_clerk(self, state: ParcelState) -> "Parcel":
        """Return the parcel as if no clerk had named a day: the carrier's, else the promise."""
        if self.expected_source is not ExpectedSource.CLERK:
            return self
        if state.expected_at:
            source, at = ExpectedSource.CARRIER, state.expected_at
            return replace(self, expected_at=at, expected_source=source)
        source_left = ExpectedSource.SHOP if self.promised_at else None
        return replace(self, expected_at=self.promised_at, expected_source=source_left)

    def carrying(
        self,
        order_id: OrderId,
        promised_at: datetime | None,
        direction: Direction = Direction.OUT,
    ) -> "Parcel":
        """Return the parcel tied to an order; of several promises the earliest stands.

        Until somebody who knows better names a day, the promise is also what is expected. Which way
        it goes is said once, with its order.
        """
        promised = min((at for at in (self.promised_at, promised_at) if at), default=None)
        way = direction if self.order_id is None else self.direction
        tied = replace(self, order_id=order_id, promised_at=promised, direction=way)
        return tied.expected(promised, ExpectedSource.SHOP) if promised else tied


def canonical(carrier: str, number: str) -> tuple[str, str]:
    """Write a parcel's name one way: carrier in lower case, number in upper, no blanks around."""
    return carrier.strip().lower(), number.strip().upper()


def fold(checkpoints: Collection[Checkpoint]) -> ParcelState:
    """Say where a parcel stands, whatever order its checkpoints came in and however often.

    The latest by time decides, at one instant the later stage of a journey. The first delivery ends
    the way out: later scans are late news of its way, not of its state. The way back begins with
    the carrier's word that it is `returning`, after a delivery only if that was refused; it ends
    where the parcel is handed over again, which is at its sender's.
    """
    if not checkpoints:
        return ParcelState()
    in_order = sorted(checkpoints, key=_place_in_time)
    turned = _turning(in_order)
    told, status = _way_out(in_order) if turned is None else _way_back(in_order, turned)
    last = told[-1]
    codes = [c.pickup_code for c in told if c.pickup_code]
    days = [c.expected_at for c in told if c.expected_at]
    return ParcelState(
        status=status,
        last_scan_at=last.at,
        last_place=last.place or None,
        pickup_code=codes[-1] if codes and status not in SETTLED else None,
        expected_at=days[-1] if days else None,
    )


BACK = frozenset({ParcelStatus.RETURNING, ParcelStatus.RETURNED})
SETTLED = frozenset({ParcelStatus.DELIVERED}) | BACK  # nobody fetches it with a code any more
REFUSED = frozenset({ParcelStatus.EXCEPTION, ParcelStatus.ATTEMPT_FAILED})


def _turning(in_order: Sequence[Checkpoint]) -> int | None:
    """Return where the way back begins; a delivery that nobody refused has none."""
    is_delivered = False
    for at, said in enumerate(in_order):
        if said.code in BACK and not is_delivered:
            return at
        if said.code is ParcelStatus.DELIVERED:
            is_delivered = True
        elif said.code in REFUSED:
            is_delivered = False
    return None


def _way_out(in_order: Sequence[Checkpoint]) -> tuple[Sequence[Checkpoint], ParcelStatus]:
    """Return what was said on the way out up to its first delivery, and the status it comes to."""
    codes = [said.code for said in in_order]
    if ParcelStatus.DELIVERED in codes:
        return in_order[: codes.index(ParcelStatus.DELIVERED) + 1], ParcelStatus.DELIVERED
    return in_order, codes[-1]


def _way_back(
    in_order: Sequence[Checkpoint], turned: int
) -> tuple[Sequence[Checkpoint], ParcelStatus]:
    """Return what was said until it was back at its sender's, and whether it is."""
    home = (ParcelStatus.RETURNED, ParcelStatus.DELIVERED)
    for at, said in enumerate(in_order[turned:], turned):
        if said.code in home:
            return in_order[: at + 1], ParcelStatus.RETURNED
    return in_order, ParcelStatus.RETURNING


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


def is_likely(parcel: Parcel) -> bool:
    """Say whether a parcel's day is computed: likely, and nobody's word."""
    return parcel.expected_source is ExpectedSource.MODEL


def silence(last_scan_at: datetime | None, now: datetime) -> timedelta | None:
    """Say for how long a parcel was not scanned; None where it never was."""
    return None if last_scan_at is None else max(now - last_scan_at, timedelta(0))
