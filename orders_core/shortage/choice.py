"""What a shopper may choose when something of their order is short. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from orders_core.ids import OrderId, show
from orders_core.shortage.short import Act, ShortageError, State

LONGEST_WAIT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for goods until a day; past it the units are refunded."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Swap:
    """Send another SKU instead, named by its code: at the same price or a lower one."""

    instead: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Take the units off the order and give their money back."""


Choice = Wait | Swap | Refund
ACTS = {Wait: Act.WAIT, Swap: Act.SWAP, Refund: Act.REFUND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """A SKU that could go instead, and what one unit of it costs."""

    code: str
    title_zh: str
    title_en: str
    unit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One kind of goods that an order is short of, and what its shopper may choose.

    Money is in minor units of `currency`. `may` holds what is still open to choose, nothing once
    it is settled; `instead` is filled where `swap` is among it.
    """

    code: str
    title_zh: str | None
    title_en: str
    units: int
    unit_minor: int
    currency: str
    state: State
    may: frozenset[Act]
    found_at: datetime
    wait_until: datetime | None
    instead: tuple[Instead, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What became of a choice; `is_new` is False where the same was chosen before."""

    order_id: OrderId
    act: Act
    units: int
    refunded_minor: int = 0
    refund_id: UUID | None = None
    is_new: bool = True


class NothingShort(ShortageError):
    """The order is short of nothing that could be chosen about, or no longer."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        super().__init__(f"order {show('ord', order_id)} is short of nothing that is still open")


class NotOffered(ShortageError):
    """This is not among what the shopper was offered."""

    def __init__(self, order_id: OrderId, act: Act) -> None:
        self.order_id, self.act = order_id, act
        super().__init__(f"order {show('ord', order_id)} was not offered to {act}")


class BadWait(ShortageError):
    """The day to wait until is past or too far off."""


class CannotSwap(ShortageError):
    """The other SKU cannot go instead: it is unknown, dearer, or there are too few of it."""

    def __init__(self, code: str, because: str) -> None:
        self.code, self.because = code, because
        super().__init__(f"{code} cannot go instead: {because}")
