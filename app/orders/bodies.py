"""What the order doors read and show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Line, Minor, PublicId, Whole
from orders_core.catalog.sku import Sku, canonical
from orders_core.errors import UnknownCurrency
from orders_core.ids import PersonId, show
from orders_core.money import Money, check_currency
from orders_core.orders.choose import LARGEST_QUANTITY, MOST_LINES, PlaceRequest, Wanted
from orders_core.orders.order import Order
from orders_core.orders.outcome import Placed
from orders_core.parcels.parcel import Parcel
from orders_core.stock.store import Level


def _currency(code: str) -> str:
    try:
        return check_currency(code)
    except UnknownCurrency as fault:
        raise PydanticCustomError("unknown_currency", "{says}", {"says": str(fault)}) from None


Quantity = Annotated[int, Whole(1, LARGEST_QUANTITY, "quantity_out_of_range")]
Units = Annotated[int, Whole(0, 10**9)]
Code = Annotated[str, Line(64), AfterValidator(canonical)]
Currency = Annotated[str, Line(8), AfterValidator(_currency)]


class LineWish(Body):
    """So many units of one SKU."""

    sku: Code
    quantity: Quantity


class OrderWish(Body):
    """What somebody wants to buy; prices are the shop's, never the caller's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "per_01kaqh3m2xf0t8w1v5y7z9b3cd",
                    "lines": [{"sku": "UMBRELLA-RED", "quantity": 1}],
                }
            ]
        }
    )

    person: Annotated[UUID, PublicId("per")]
    lines: Annotated[tuple[LineWish, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)]
    reference: Annotated[str, Line(64)] | None = None

    def request(self, *, scope: str, key: str | None, fingerprint: bytes) -> PlaceRequest:
        """Return the core's form of the wish."""
        return PlaceRequest(
            person_id=PersonId(self.person),
            lines=tuple(Wanted(wish.sku, wish.quantity) for wish in self.lines),
            scope=scope,
            key=key,
            fingerprint=fingerprint,
            reference=self.reference,
        )


class MoneyBody(Body):
    """An amount in minor units of an ISO 4217 currency."""

    amount_minor: Minor
    currency: Currency


class SkuBody(Body):
    """A SKU's titles in both languages and the price of one unit."""

    title_zh: Annotated[str, Line(200)]
    title_en: Annotated[str, Line(200)]
    price: MoneyBody

    def sku(self, code: str) -> Sku:
        """Return the SKU under its canonical code."""
        price = Money(self.price.amount_minor, self.price.currency)
        return Sku(
            code=canonical(code), title_zh=self.title_zh, title_en=self.title_en, price=price
        )


class CountBody(Body):
    """What was counted on the shelf."""

    on_hand: Units
    oversell_limit: Units | None = None


class PaymentBody(Body):
    """The gateway's own reference of the payment."""

    reference: Annotated[str, Line(128)]


class ParcelBody(Body):
    """A parcel that the order leaves in."""

    carrier: Annotated[str, Line(40)]
    number: Annotated[str, Line(64)]
    promised_at: Instant | None = None


class ShipBody(Body):
    """The parcels of a shipment; none where the goods are handed over."""

    parcels: Annotated[tuple[ParcelBody, ...], Field(max_length=50, strict=False)] = ()


class CancelBody(Body):
    """Why the order is called off."""

    reason: Annotated[str, Line(200)] = "asked_by_shopper"


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Show an amount."""
    return {"amount_minor": amount_minor, "currency": currency}


def instant(at: datetime | None) -> str | None:
    """Show a time in UTC, to the microsecond where it has one."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def placed_body(placed: Placed) -> dict[str, Any]:
    """Show an order that was just placed."""
    return {
        "id": show("ord", placed.order_id),
        "number": str(placed.number),
        "status": "placed",
        "total": money(placed.total_minor, placed.currency),
        "placed_at": instant(placed.placed_at),
    }


def order_body(order: Order, parcels: Sequence[Parcel] = ()) -> dict[str, Any]:
    """Show an order with its lines and parcels."""
    times = {
        f"{name}_at": instant(getattr(order, f"{name}_at"))
        for name in ("placed", "paid", "shipped", "delivered", "cancelled")
    }
    return {
        "id": show("ord", order.id),
        "number": str(order.number),
        "source": order.source,
        "reference": order.reference,
        "mirrored": order.mirrored,
        "person": show("per", order.person_id),
        "status": order.status,
        "total": money(order.total_minor, order.currency),
        "lines": [
            {
                "sku": line.code,
                "title": line.title,
                "quantity": line.quantity,
                "unit": money(line.unit_minor, order.currency),
            }
            for line in order.lines
        ],
        **times,
        "parcels": [parcel_body(parcel) for parcel in parcels],
        "version": order.version,
    }


def parcel_body(parcel: Parcel) -> dict[str, Any]:
    """Show a parcel as far as its carrier has told."""
    return {
        "carrier": parcel.carrier,
        "number": parcel.number,
        "status": parcel.status,
        "promised_at": instant(parcel.promised_at),
        "expected_at": instant(parcel.expected_at),
        "expected_source": parcel.expected_source,
        "last_scan_at": instant(parcel.last_scan_at),
        "last_place": parcel.last_place,
        "pickup_code": parcel.pickup_code,
    }


def level_body(level: Level) -> dict[str, Any]:
    """Show what a warehouse holds of a SKU."""
    return {
        "sku": level.code,
        "warehouse": level.warehouse,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "available": level.available,
        "oversell_limit": level.oversell_limit,
    }


def sku_body(sku: Sku) -> Mapping[str, Any]:
    """Show a SKU."""
    return {
        "code": sku.code,
        "title_zh": sku.title_zh,
        "title_en": sku.title_en,
        "price": money(sku.price.amount_minor, sku.price.currency),
    }
