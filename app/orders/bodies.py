"""What the order doors read and show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Line, Minor, Prose, PublicId, Whole
from orders_core.catalog.sku import Sku, canonical
from orders_core.errors import UnknownCurrency
from orders_core.ids import PersonId, show
from orders_core.money import Money, check_currency
from orders_core.orders.address import ShipTo
from orders_core.orders.choose import LARGEST_QUANTITY, MOST_LINES, PlaceRequest, Wanted
from orders_core.orders.gift import Gift
from orders_core.orders.outcome import Placed
from orders_core.parcels.parcel import Parcel


def _currency(code: str) -> str:
    try:
        return check_currency(code)
    except UnknownCurrency as fault:
        raise PydanticCustomError("unknown_currency", "{says}", {"says": str(fault)}) from None


MOST_BACKORDERED = 1_000_000  # units of one SKU that may be owed: no shop promises without end
Quantity = Annotated[int, Whole(1, LARGEST_QUANTITY, "quantity_out_of_range")]
Units = Annotated[int, Whole(0, 10**9)]
Code = Annotated[str, Line(64), AfterValidator(canonical)]
Currency = Annotated[str, Line(8), AfterValidator(_currency)]


class LineWish(Body):
    """So many units of one SKU."""

    sku: Code
    quantity: Quantity


class AddressBody(Body):
    """Whom an order goes to, and where: a street, or a station that it is fetched from."""

    name: Annotated[str, Line(80)]
    country: Annotated[str, Line(2)]  # ISO 3166-1 alpha-2
    phone: Annotated[str, Line(24)] | None = None
    region: Annotated[str, Line(200)] | None = None
    city: Annotated[str, Line(200)] | None = None
    street: Annotated[str, Line(200)] | None = None
    postal_code: Annotated[str, Line(12)] | None = None
    station: Annotated[str, Line(200)] | None = None

    def ship_to(self) -> ShipTo:
        """Return the core's form of it.

        Raises:
            BadAddress: If a field cannot be right.
        """
        return ShipTo(**self.model_dump())


class GiftBody(Body):
    """An order that is given away: to whom, from whom, and with which words.

    The receiver hears of it when it is at their door and not before, and never what it cost.
    """

    person: Annotated[UUID, PublicId("per")] | None = None
    giver: Annotated[str, Line(60)] | None = None
    words: Annotated[str, Prose(500)] | None = None

    def gift(self) -> Gift:
        """Return the core's form of it."""
        receiver = PersonId(self.person) if self.person else None
        return Gift(person_id=receiver, giver=self.giver, words=self.words)


class OrderWish(Body):
    """What somebody wants to buy; prices are the shop's, never the caller's.

    They are those of a `price_list`, or in a `currency`, or without either each SKU's own. With a
    `reservation` the units come from what was booked before.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "per_01kaqh3m2xf0t8w1v5y7z9b3cd",
                    "lines": [{"sku": "UMBRELLA-RED", "quantity": 1}],
                    "ship_to": {
                        "name": "林小雨",
                        "country": "CN",
                        "region": "浙江省",
                        "city": "杭州市",
                        "street": "文三路 1 号",
                        "phone": "+86 139 0000 0000",
                    },
                    "gift": {"giver": "小雨", "words": "下雨天也要记得出门走走。"},
                }
            ]
        }
    )

    person: Annotated[UUID, PublicId("per")]
    lines: Annotated[tuple[LineWish, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)]
    reference: Annotated[str, Line(64)] | None = None
    ship_to: AddressBody | None = None
    price_list: Code | None = None
    currency: Currency | None = None
    reservation: Annotated[UUID, PublicId("res")] | None = None
    gift: GiftBody | None = None

    @model_validator(mode="after")
    def _is_given_to_somebody_else(self) -> Self:
        if self.gift is not None and self.gift.person == self.person:
            raise PydanticCustomError(
                "gift_to_oneself", "gift: must go to somebody else than who buys it"
            )
        return self

    @model_validator(mode="after")
    def _asks_for_one_price(self) -> Self:
        if self.price_list is not None and self.currency is not None:
            raise PydanticCustomError(
                "one_of_two", "name a price_list or a currency: a list has its own currency"
            )
        return self

    def request(
        self, *, scope: str, key: str | None, fingerprint: bytes, is_trial: bool = False
    ) -> PlaceRequest:
        """Return the core's form of the wish."""
        return PlaceRequest(
            person_id=PersonId(self.person),
            lines=tuple(Wanted(wish.sku, wish.quantity) for wish in self.lines),
            scope=scope,
            key=key,
            fingerprint=fingerprint,
            reference=self.reference,
            price_list=self.price_list,
            currency=self.currency,
            ship_to=self.ship_to.ship_to() if self.ship_to else None,
            gift=self.gift.gift() if self.gift else None,
            is_trial=is_trial,
        )


class MoneyBody(Body):
    """An amount in minor units of an ISO 4217 currency."""

    amount_minor: Minor
    currency: Currency


class SkuBody(Body):
    """A SKU's titles in both languages, the price of one unit, and the product it is of."""

    title_zh: Annotated[str, Line(200)]
    title_en: Annotated[str, Line(200)]
    price: MoneyBody
    product: Code | None = None

    def sku(self, code: str) -> Sku:
        """Return the SKU under its canonical code."""
        price = Money(self.price.amount_minor, self.price.currency)
        return Sku(
            code=canonical(code),
            title_zh=self.title_zh,
            title_en=self.title_en,
            price=price,
            product=self.product,
        )


def gift_body(gift: Gift | None) -> dict[str, Any] | None:
    """Show a gift, or that an order is none."""
    if gift is None:
        return None
    receiver = show("per", gift.person_id) if gift.person_id else None
    return {"person": receiver, "giver": gift.giver, "words": gift.words}


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Show an amount."""
    return {"amount_minor": amount_minor, "currency": currency}


def _money_or_none(amount_minor: int | None, currency: str) -> dict[str, Any] | None:
    return None if amount_minor is None else money(amount_minor, currency)


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
        "deposit": _money_or_none(placed.deposit_minor, placed.currency),
        "placed_at": instant(placed.placed_at),
        "pay_until": instant(placed.pay_until),
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


def sku_body(sku: Sku) -> Mapping[str, Any]:
    """Show a SKU."""
    return {
        "code": sku.code,
        "title_zh": sku.title_zh,
        "title_en": sku.title_en,
        "price": money(sku.price.amount_minor, sku.price.currency),
        "product": sku.product,
    }
