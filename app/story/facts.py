"""What is known of one order: read once, then told in any language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.people.recipient import Recipient
from app.story import mask
from orders_core.ids import ParcelId
from orders_core.orders.address import ShipTo
from orders_core.orders.gift import Gift
from orders_core.orders.invoice import Invoice
from orders_core.orders.line import LineUnits, OwnLine
from orders_core.orders.order import Fulfilment, Order, OrderStatus, Payment, Refund
from orders_core.parcels.parcel import Checkpoint, Parcel, ParcelStatus
from orders_core.returns.rma import Return
from orders_core.shortage.choice import Offer

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
class Left:
    """So many units of one SKU that left, in a parcel or handed over."""

    code: str
    quantity: int
    parcel_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One order as it stands; parcels, refunds and returns oldest first, `decided` newest first.

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
    address: ShipTo | None = None
    invoice: Invoice | None = None
    refunds: tuple[Refund, ...] = ()
    lines: tuple[OwnLine, ...] = ()
    units: Mapping[str, LineUnits] = field(default_factory=dict)  #: by SKU code
    left: tuple[Left, ...] = ()
    shorts: tuple[Offer, ...] = ()
    returns: tuple[Return, ...] = ()
    is_muted: bool = False
    more_on: str | None = None  #: the bell that the person asked to ring for every step
    is_shared: bool = False  #: told to somebody to whom the page was passed on
    gift: Gift | None = None

    @property
    def is_paid(self) -> bool:
        """Whether a payment is in the books, dated or not; a deposit alone is none."""
        order = self.order
        if order.payment is Payment.DEPOSIT_PAID:
            return False
        known = order.paid_at is not None or order.payment_reference is not None
        return known or order.paid_minor > 0 or order.status is OrderStatus.PAID

    @property
    def is_parted(self) -> bool:
        """Whether some units left and some are still to go."""
        return self.order.fulfilment is Fulfilment.PARTLY_SHIPPED

    @property
    def has_moved(self) -> bool:
        """Whether a carrier has the goods, whatever the order's own state says."""
        is_gone = self.order.status is OrderStatus.SHIPPED or self.is_parted
        return is_gone or any(
            parcel.status is not ParcelStatus.ANNOUNCED for parcel in self.parcels
        )

    @property
    def has_arrived(self) -> bool:
        """Whether all of it was handed over, whatever the order's own state says."""
        is_whole = bool(self.parcels) and not self.is_parted
        return is_whole and all(parcel.status is ParcelStatus.DELIVERED for parcel in self.parcels)

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
            more_on=None,
            address=mask.address(self.address) if self.address else None,
            returns=(),
            invoice=None,
            parcels=tuple(
                replace(one, number=mask.parcel_number(one.number), pickup_code=None)
                for one in self.parcels
            ),
            checkpoints={
                parcel_id: tuple(replace(one, words="", pickup_code=None) for one in said)
                for parcel_id, said in self.checkpoints.items()
            },
        )

    def for_receiver(self) -> "Facts":
        """Return what may be seen by whoever is given the order: where it is, no goods, no money.

        The page that is passed on of a gift is as good as in the receiver's hands.
        """
        order = replace(
            self.order,
            lines=(),
            total_minor=0,
            deposit_minor=None,
            paid_minor=0,
            refund_minor=0,
            short_units=0,
        )
        return replace(
            self.for_strangers(),
            order=order,
            pay_by=None,
            pictured=frozenset(),
            refunds=(),
            lines=(),
            units={},
            left=(),
            shorts=(),
        )

    def until_proven(self) -> "Facts":
        """Return what whoever holds the link may see before they say who they are."""
        name = self.person.name
        return replace(
            self,
            checkpoints={
                parcel_id: tuple(
                    replace(one, words=mask.without_digits(one.words, name=name)) for one in said
                )
                for parcel_id, said in self.checkpoints.items()
            },
        )


def pay_by(order: Order) -> datetime | None:
    """Say until when an order can be paid; None where that has no end, and for other shops'."""
    if order.mirrored or order.status is not OrderStatus.PLACED:
        return None
    return order.pay_until
