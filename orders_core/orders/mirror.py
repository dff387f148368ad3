"""An order that lives in another shop, joined from snapshots in any order and any number.

`merge` is a join: commutative, associative, idempotent. What the newest snapshot says of the goods,
the person and the total counts; status only ever goes up; of each moment the earliest word stands.
So a snapshot that comes late fills in what it knows and takes nothing back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from orders_core.ids import PersonId
from orders_core.orders.gift import Gift
from orders_core.orders.order import Line, OrdersError, OrderStatus

Moments = Mapping[OrderStatus, datetime]

#: What an order passes on its way; only what lies between can be skipped.
ROAD = (OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
RANK = {status: rank for rank, status in enumerate((*ROAD, OrderStatus.CANCELLED))}
OUR_OWN = "shop"  # the source of orders placed here


class BadSnapshot(OrdersError):
    """The snapshot contradicts itself."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a shop says of an order as a whole; money in minor units of `currency`."""

    person_id: PersonId
    currency: str
    total_minor: int
    lines: tuple[Line, ...] = ()
    gift: Gift | None = None

    @property
    def sort_key(self) -> tuple[object, ...]:
        """A total order over contents, which breaks a tie between snapshots of one version."""
        lines = tuple((x.code, x.title, x.quantity, x.unit_minor) for x in self.lines)
        gift = self.gift
        given = (str(gift.person_id), gift.giver or "", gift.words or "") if gift else ()
        return self.total_minor, self.currency, str(self.person_id), lines, given


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An order as its shop saw it at `occurred_at`.

    `source_version` grows with every change the shop makes. `moments` are the times the shop gives
    for states the order has reached. A snapshot `is_guessed` when nobody knows when its state was
    reached: it sets no moment, and nobody is told of it.

    Raises:
        BadSnapshot: If a moment is given of a state beyond the snapshot's own, or the source is
            this shop itself, whose orders are placed and not mirrored.
    """

    source: str
    reference: str
    source_version: int
    occurred_at: datetime
    status: OrderStatus
    content: Content
    moments: Moments = field(default_factory=dict)
    is_guessed: bool = False

    def __post_init__(self) -> None:
        if self.source == OUR_OWN:
            raise BadSnapshot(f"{OUR_OWN!r} is this shop: its orders are placed, not mirrored")
        for reached in self.moments:
            if RANK[reached] > RANK[self.status]:
                raise BadSnapshot(f"the order is {self.status} and has a time for {reached}")

    @property
    def name(self) -> tuple[str, str]:
        """The shop and its own number of the order."""
        return self.source, self.reference

    @property
    def age(self) -> tuple[object, ...]:
        """Orders the snapshots of one order from oldest to newest."""
        return self.source_version, self.occurred_at, RANK[self.status], self.content.sort_key

    def alone(self) -> "Mirror":
        """Return the order as this snapshot alone shows it."""
        known = dict(self.moments)
        if not self.is_guessed:
            known.setdefault(self.status, self.occurred_at)
        known.setdefault(OrderStatus.PLACED, min([self.occurred_at, *known.values()]))
        return Mirror(
            source_version=self.source_version,
            occurred_at=self.occurred_at,
            content=self.content,
            status=self.status,
            skipped=_between(OrderStatus.PLACED, self.status),
            moments=known,
        )


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """An order as all its snapshots together show it.

    `source_version` and `occurred_at` are of the newest. `skipped` are the states on the way to
    `status` that no snapshot was seen in.
    """

    source_version: int
    occurred_at: datetime
    content: Content
    status: OrderStatus
    skipped: tuple[OrderStatus, ...]
    moments: Moments

    @property
    def placed_at(self) -> datetime:
        """When the order was placed, or the earliest moment known of it."""
        return self.moments[OrderStatus.PLACED]


class Came(StrEnum):
    """How a snapshot stands to what is known."""

    NEWS = "accepted"  #: newer than all before
    LATE = "stale"  #: older: it may fill gaps, and tells nobody
    AGAIN = "duplicate"  #: known to the last word


def merge(known: Mirror | None, snapshot: Snapshot) -> Mirror:
    """Fold one snapshot into what is known of its order."""
    alone = snapshot.alone()
    return alone if known is None else join(known, alone)


def join(one: Mirror, other: Mirror) -> Mirror:
    """Return the least that holds what both say."""
    newest = max(one, other, key=_age)
    status = max(one.status, other.status, key=RANK.__getitem__)
    missed = set(_between(OrderStatus.PLACED, status)) - _seen(one) - _seen(other)
    return Mirror(
        source_version=newest.source_version,
        occurred_at=newest.occurred_at,
        content=newest.content,
        status=status,
        skipped=tuple(sorted(missed, key=RANK.__getitem__)),
        moments=_earliest(one.moments, other.moments),
    )


def came(known: Mirror | None, snapshot: Snapshot) -> Came:
    """Say whether a snapshot is news, late, or was seen before."""
    if known is None:
        return Came.NEWS
    if merge(known, snapshot) == known:
        is_the_newest = (snapshot.source_version, snapshot.occurred_at) == _version(known)
        return Came.AGAIN if is_the_newest else Came.LATE
    return Came.NEWS if _age(snapshot.alone()) > _age(known) else Came.LATE


def _version(mirror: Mirror) -> tuple[int, datetime]:
    return mirror.source_version, mirror.occurred_at


def _age(mirror: Mirror) -> tuple[object, ...]:
    return *_version(mirror), mirror.content.sort_key


def _between(start: OrderStatus, end: OrderStatus) -> tuple[OrderStatus, ...]:
    """Name the states between two; a cancelled order may come from any, so it skips none."""
    if end not in ROAD:
        return ()
    return ROAD[ROAD.index(start) + 1 : ROAD.index(end)]


def _seen(mirror: Mirror) -> set[OrderStatus]:
    """Name the states in which some snapshot was seen, for the road that still counts."""
    passed = set(_between(OrderStatus.PLACED, mirror.status)) - set(mirror.skipped)
    return passed | {mirror.status}


def _earliest(one: Moments, other: Moments) -> Moments:
    return {
        status: min(at for at in (one.get(status), other.get(status)) if at)
        for status in RANK
        if status in one or status in other
    }
