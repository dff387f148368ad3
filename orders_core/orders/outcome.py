"""What became of one request to place an order, and how it is kept under its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from orders_core.errors import CoreError
from orders_core.ids import OrderId
from orders_core.orders.choose import (
    CannotPlace,
    Choice,
    Fits,
    MixedCurrencies,
    PlaceRequest,
    SoldOut,
    UnknownSku,
)

PLACED = "placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The order stands; money in minor units, `placed_at` in business time."""

    order_id: OrderId
    number: int
    total_minor: int
    currency: str
    placed_at: datetime


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

    def outcome(self, at: datetime) -> Outcome:
        """Say what the caller is told."""
        if not isinstance(self.choice, Fits):
            return self.choice
        return Placed(
            order_id=self.draft.order_id,
            number=self.number,
            total_minor=self.choice.total_minor,
            currency=self.choice.currency,
            placed_at=at,
        )


def remember(refusal: CannotPlace) -> dict[str, Any]:
    """Turn a refusal into the JSON that is kept under its key."""
    match refusal:
        case SoldOut():
            return {"outcome": refusal.code, "short": refusal.short}
        case UnknownSku():
            return {"outcome": refusal.code, "codes": refusal.codes}
        case MixedCurrencies():
            return {"outcome": refusal.code, "currencies": refusal.currencies}
    raise TypeError(f"{type(refusal).__name__} is never kept under a key")


def recall(answer: Mapping[str, Any], born: Mapping[str, Any] | None) -> Outcome:
    """Read what `remember` or a draft's promise wrote; `born` is how the order first stood."""
    match answer["outcome"]:
        case SoldOut.code:
            return SoldOut({sku: (want, left) for sku, (want, left) in answer["short"].items()})
        case UnknownSku.code:
            return UnknownSku(answer["codes"])
        case MixedCurrencies.code:
            return MixedCurrencies(answer["currencies"])
    if born is None:
        raise ValueError(f"the first state of order {answer['order_id']} is gone from history")
    return Placed(
        order_id=OrderId(UUID(answer["order_id"])),
        number=born["number"],
        total_minor=born["total_minor"],
        currency=born["currency"],
        placed_at=datetime.fromisoformat(born["placed_at"]),
    )
