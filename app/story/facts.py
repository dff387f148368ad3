"""What is known of one order: read once, then told in any language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.people.recipient import Recipient
from app.story.mask import parcel_number, without_digits
from orders_core.ids import ParcelId
from orders_core.orders.order import Order, OrderStatus
from orders_core.parcels.parcel import Checkpoint, Parcel, ParcelStatus

UNPAID = "unpaid"  #: the reason that the books give where no payment came in time
NOT_SHIPPED = frozenset({OrderStatus.PLACED, OrderStatus.PAID})


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message of a verdict; `state` as it is stored."""

    id: UUID
    channel: str
    state: str
    due_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One notice about the order, what was decided about it, and the messages that came of it."""

    id: UUID
    notice: str
    answer: str  # send, wait, skip
    because: str | None
    until: datetime | None
    trace: tuple[tuple[str, str, Mapping[str, Any]], ...]
    at: datetime
    sent: tuple[Sent, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One order as it stands; parcels oldest first, `decided` newest first.

    `pay_by` is when an unpaid order is cancelled; None where nobody cancels it for that.
    """

    order: Order
    person: Recipient
    cancelled_because: str | None = None
    pay_by: datetime | None = None
    parcels: tuple[Parcel, ...] = ()
    checkpoints: Mapping[ParcelId, tuple[Checkpoint, ...]] = field(default_factory=dict)
    decided: tuple[Decided, ...] = ()
    pictured: frozenset[str] = frozenset()
    is_muted: bool = False
    is_shared: bool = False  #: told to somebody to whom the page was passed on

    @property
    def is_paid(self) -> bool:
        """Whether a payment is in the books, dated or not."""
        order = self.order
        known = order.paid_at is not None or order.payment_reference is not None
        return known or order.status is OrderStatus.PAID

    @property
    def has_moved(self) -> bool:
        """Whether a carrier has the goods, whatever the order's own state says."""
        return self.order.status is OrderStatus.SHIPPED or any(
            parcel.status is not ParcelStatus.ANNOUNCED for parcel in self.parcels
        )

    @property
    def has_arrived(self) -> bool:
        """Whether every parcel was handed over, whatever the order's own state says."""
        return bool(self.parcels) and all(
            parcel.status is ParcelStatus.DELIVERED for parcel in self.parcels
        )

    @property
    def under_way(self) -> tuple[Parcel, ...]:
        """The parcels that were not handed over yet."""
        return tuple(one for one in self.parcels if one.status is not ParcelStatus.DELIVERED)

    def for_strangers(self) -> "Facts":
        """Return what somebody may see to whom the page was passed on.

        Nothing that names or reaches the person, that fetches a parcel, or tells what they like to
        hear; carriers write names and numbers into their words, so those go too.
        """
        return replace(
            self,
            is_shared=True,
            person=replace(self.person, name="", addresses={}),
            decided=(),
            is_muted=False,
            parcels=tuple(
                replace(one, number=parcel_number(one.number), pickup_code=None)
                for one in self.parcels
            ),
            checkpoints={
                parcel_id: tuple(replace(one, words="", pickup_code=None) for one in said)
                for parcel_id, said in self.checkpoints.items()
            },
        )

    def until_proven(self) -> "Facts":
        """Return what whoever holds the link may see before they say who they are."""
        name = self.person.name
        return replace(
            self,
            checkpoints={
                parcel_id: tuple(
                    replace(one, words=without_digits(one.words, name=name)) for one in said
                )
                for parcel_id, said in self.checkpoints.items()
            },
        )


def pay_by(order: Order, *, minutes: int) -> datetime | None:
    """Say until when an order can be paid; None for `minutes` 0 and for orders of other shops."""
    if minutes <= 0 or order.mirrored or order.status is not OrderStatus.PLACED:
        return None
    return order.placed_at + timedelta(minutes=minutes)
