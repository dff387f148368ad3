"""What became of one request to place an order, and how it is kept under its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from orders_core.errors import CoreError
from orders_core.ids import OrderId
from orders_core.orders.choose import Choice, Fits, PlaceRequest
from orders_core.orders.refusals import (
    CannotPlace,
    MixedCurrencies,
    NoPrice,
    NotTogether,
    SoldOut,
    UnknownPriceList,
    UnknownSku,
)

PLACED = "placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The order stands; money in minor units, times in business time.

    `deposit_minor` is paid first where the order has a pre-order's goods; unpaid at `pay_until`
    the order ends.
    """

    order_id: OrderId
    number: int
    total_minor: int
    currency: str
    placed_at: datetime
    deposit_minor: int | None = None
    pay_until: datetime | None = None
    is_new: bool = field(default=False, compare=False)  #: placed now, not recalled under its key


class KeyMismatch(CoreError):
    """The same idempotency key came with another body."""


Outcome = Placed | CannotPlace | KeyMismatch


@dataclass(frozen=True, slots=True)
class Draft:
    """A request and the id its order gets if it fits: its key names the order from the start."""

    request: PlaceRequest
    order_id: OrderId

    def promise(self) -> dict[str, str]:
        """Return what is kept under the key from the start: where the answer will stand."""
        return {"outcome": PLACED, "order_id": str(self.order_id)}


@dataclass(frozen=True, slots=True)
class Writing:
    """A draft with its choice and the number its order gets if it fits."""

    draft: Draft
    choice: Choice
    number: int

    def outcome(self, at: datetime, *, pay_until: datetime | None = None) -> Outcome:
        """Say what the caller is told."""
        if not isinstance(self.choice, Fits):
            return self.choice
        bill = self.choice.bill
        return Placed(
            order_id=self.draft.order_id,
            number=self.number,
            total_minor=bill.total_minor,
            currency=bill.currency,
            placed_at=at,
            deposit_minor=bill.deposit_minor,
            pay_until=pay_until,
            is_new=True,
        )


def remember(refusal: CannotPlace) -> dict[str, Any]:
    """Turn a refusal into the JSON that is kept under its key."""
    match refusal:
        case SoldOut():
            return {"outcome": refusal.code, "short": refusal.short}
        case UnknownSku() | NotTogether():
            return {"outcome": refusal.code, "codes": refusal.codes}
        case MixedCurrencies():
            return {"outcome": refusal.code, "currencies": refusal.currencies}
        case NoPrice():
            return {"outcome": refusal.code, "asked": refusal.asked, "codes": refusal.codes}
        case UnknownPriceList():
            return {"outcome": refusal.code, "price_list": refusal.price_list}
    raise TypeError(f"{type(refusal).__name__} is never kept under a key")


RECALLED: Mapping[str, Callable[[Mapping[str, Any]], CannotPlace]] = {
    SoldOut.code: lambda kept: SoldOut(
        {sku: (want, left) for sku, (want, left) in kept["short"].items()}
    ),
    UnknownSku.code: lambda kept: UnknownSku(kept["codes"]),
    NotTogether.code: lambda kept: NotTogether(kept["codes"]),
    MixedCurrencies.code: lambda kept: MixedCurrencies(kept["currencies"]),
    NoPrice.code: lambda kept: NoPrice(kept["asked"], kept["codes"]),
    UnknownPriceList.code: lambda kept: UnknownPriceList(kept["price_list"]),
}


def recall(answer: Mapping[str, Any], born: Mapping[str, Any] | None) -> Outcome:
    """Read what `remember` or a draft's promise wrote; `born` is how the order first stood."""
    if refused := RECALLED.get(answer["outcome"]):
        return refused(answer)
    if born is None:
        raise ValueError(f"the first state of order {answer['order_id']} is gone from history")
    pay_until = born.get("pay_until")
    return Placed(
        order_id=OrderId(UUID(answer["order_id"])),
        number=born["number"],
        total_minor=born["total_minor"],
        currency=born["currency"],
        placed_at=datetime.fromisoformat(born["placed_at"]),
        deposit_minor=born.get("deposit_minor"),
        pay_until=datetime.fromisoformat(pay_until) if pay_until else None,
    )
