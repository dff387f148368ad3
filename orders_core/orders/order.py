"""An order's states and what may follow what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders_core.errors import CoreError
from orders_core.ids import OrderId, PersonId, show


class OrderStatus(StrEnum):
    """Where an order stands."""

    PLACED = "placed"  #: accepted, its stock is held
    PAID = "paid"  #: the gateway's reference is on it
    SHIPPED = "shipped"  #: left the warehouse, the stock with it
    DELIVERED = "delivered"  #: all parcels arrived
    CANCELLED = "cancelled"  #: will not be shipped, its stock is free again


class Standing(StrEnum):
    """The order axis: whether it is still meant to happen."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Payment(StrEnum):
    """The payment axis: what the shopper's money has done."""

    UNPAID = "unpaid"
    DEPOSIT_PAID = "deposit_paid"  #: the first part of a pre-order's price is here
    PAID = "paid"
    REFUND_DUE = "refund_due"  #: money must go back and has not yet
    REFUNDED = "refunded"  #: all of it went back


class Fulfilment(StrEnum):
    """The fulfilment axis: where the goods are."""

    UNFULFILLED = "unfulfilled"
    PARTLY_SHIPPED = "partly_shipped"  #: some units left, some are still to go
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"  #: every unit came back


class Cause(StrEnum):
    """What gave rise to a refund. Append only: stored refunds are read for years."""

    CANCELLED = "cancelled"  #: the order or some of its units were called off
    EDITED = "edited"  #: the order was changed and costs less
    RETURNED = "returned"  #: goods came back
    SHORT = "short"  #: promised and not there
    PAID_LATE = "paid_late"  #: the payment came when the order had ended
    PAID_TWICE = "paid_twice"


#: A pre-order whose balance is open is no more paid than one that nobody paid at all.
NOT_YET_PAID = frozenset({Payment.UNPAID, Payment.DEPOSIT_PAID})


@dataclass(frozen=True, slots=True)
class Axes:
    """Where an order stands on its three axes; its status is the one word they come to."""

    standing: Standing = Standing.OPEN
    payment: Payment = Payment.UNPAID
    fulfilment: Fulfilment = Fulfilment.UNFULFILLED

    @property
    def status(self) -> OrderStatus:
        """The one word for it; the table checks that status and axes never part."""
        if self.standing is Standing.CANCELLED:
            return OrderStatus.CANCELLED
        match self.fulfilment:
            case Fulfilment.DELIVERED | Fulfilment.RETURNED:
                return OrderStatus.DELIVERED
            case Fulfilment.SHIPPED:
                return OrderStatus.SHIPPED
        return OrderStatus.PLACED if self.payment in NOT_YET_PAID else OrderStatus.PAID


def axes_of(status: OrderStatus, *, was_paid: bool = False) -> Axes:
    """Return the axes of an order that another shop sums up in one word."""
    match status:
        case OrderStatus.PLACED:
            return Axes()
        case OrderStatus.PAID:
            return Axes(payment=Payment.PAID)
        case OrderStatus.SHIPPED:
            return Axes(payment=Payment.PAID, fulfilment=Fulfilment.SHIPPED)
        case OrderStatus.DELIVERED:
            return Axes(payment=Payment.PAID, fulfilment=Fulfilment.DELIVERED)
    payment = Payment.PAID if was_paid else Payment.UNPAID
    return Axes(standing=Standing.CANCELLED, payment=payment)


class OrdersError(CoreError):
    """An order cannot do what was asked of it."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why an order may not make a move: which guard refused, and what would help."""

    order_id: OrderId
    present: OrderStatus
    move: str
    does: str
    guard: str
    says: str
    helps: str

    def __str__(self) -> str:
        name = show("ord", self.order_id)
        return f"order {name} is {self.present} and may not {self.does}: {self.says}; {self.helps}"


class IllegalMove(OrdersError):
    """The order may not make the move that was asked for."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))

    @property
    def facts(self) -> Mapping[str, str]:
        """What a program needs of the refusal."""
        return {
            "move": self.refusal.move,
            "guard": self.refusal.guard,
            "helps": self.refusal.helps,
        }


class PaymentConflict(OrdersError):
    """The payment reference and the order do not belong together."""

    def __init__(self, order_id: OrderId, reference: str, because: str) -> None:
        self.order_id, self.reference, self.because = order_id, reference, because
        super().__init__(f"order {show('ord', order_id)} cannot take this payment: {because}")


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What became of each order that was asked to move."""

    done: Collection[OrderId]
    already: Collection[OrderId] = ()  #: were there before; told twice counts as done
    refused: Mapping[OrderId, Refusal] = field(default_factory=dict)
    missing: Collection[OrderId] = ()


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money of an order that must go back, in minor units, or went when it was `made`."""

    id: UUID
    order_id: OrderId
    amount_minor: int
    currency: str
    cause: Cause
    cause_id: UUID  #: what gave rise to it: once each
    asked_at: datetime
    status: str = "asked"
    reference: str | None = None  #: the gateway's own, once it was made
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of goods on an order; `unit_minor` is in the order's currency."""

    code: str
    title: str
    quantity: int
    unit_minor: int
    title_zh: str | None = None  #: none where the source names its goods in one language only
    position: int = field(default=0, compare=False)  #: its place on its order, from 1

    def title_in(self, locale: str) -> str:
        """Return the title in a language, as far as it has one there."""
        return self.title_zh if locale == "zh" and self.title_zh else self.title


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it stands; times are business time, absent until they happened."""

    id: OrderId
    number: int
    source: str
    reference: str | None
    mirrored: bool
    person_id: PersonId
    status: OrderStatus
    currency: str
    total_minor: int
    payment_reference: str | None
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    version: int
    standing: Standing = Standing.OPEN
    payment: Payment = Payment.UNPAID
    fulfilment: Fulfilment = Fulfilment.UNFULFILLED
    paid_minor: int = 0  #: what came in
    refund_minor: int = 0  #: what must go back, or went
    deposit_minor: int | None = None  #: of a pre-order: what is paid first
    short_units: int = 0  #: promised, and not there to be shipped
    pay_until: datetime | None = None  #: unpaid at this time, it ends
    balance_from: datetime | None = None
    balance_until: datetime | None = None
    ship_to: UUID | None = None
    invoice: UUID | None = None
    lines_version: int = 1  #: the version its lines are of
    is_trial: bool = False  #: placed to try things out: what is told of it reaches nobody
    lines: tuple[Line, ...] = ()

    def moved(self, **changes: Any) -> "Order":
        """Return the order with other facts, its status in agreement with its axes."""
        after = replace(self, **changes)
        axes = Axes(after.standing, after.payment, after.fulfilment)
        return replace(after, status=axes.status)

    def asking_back(self, amount_minor: int) -> "Order":
        """Return the order once so much more of its money is asked back.

        Once that is all that came in the money is due; before, the order is as paid as it was. A
        deposit never made it paid, so its return does not either while the order is open.
        """
        if not amount_minor:
            return self
        asked = self.refund_minor + amount_minor
        is_all = asked == self.paid_minor
        is_open_deposit = (
            self.payment is Payment.DEPOSIT_PAID and self.standing is not Standing.CANCELLED
        )
        payment = Payment.REFUND_DUE if is_all and not is_open_deposit else self.payment
        return self.moved(refund_minor=asked, payment=payment)
