"""What the doors of the catalog read and show."""

from collections.abc import Sequence
from typing import Annotated, Any

from babel.core import get_global
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Line, Minor, Whole
from app.orders.bodies import MOST_BACKORDERED, Code, Currency, instant, money
from orders_core.catalog.preorder_store import Preorder
from orders_core.catalog.price import Span
from orders_core.catalog.price_store import Price, PriceList
from orders_core.catalog.sku import Product, canonical
from orders_core.catalog.warehouse_store import Warehouse

MOST_SKUS = 500
MOST_HOURS = 24 * 365
USUAL_HOURS = 72


def _country(code: str) -> str:
    if code not in get_global("territory_languages"):
        raise PydanticCustomError(
            "unknown_country", "must be a country of ISO 3166-1, two capital letters: CN, NL"
        )
    return code


Country = Annotated[str, Line(2, least=2), AfterValidator(_country)]
Name = Annotated[str, Line(200)]


def _shows(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class PriceListBody(Body):
    """A price list: its names and its currency.

    What is ordered in a currency without naming a list takes that currency's default list.
    """

    model_config = _shows(name_zh="欧洲", name_en="Europe", currency="EUR", is_default=True)

    name_zh: Name
    name_en: Name
    currency: Currency
    is_default: bool = False

    def price_list(self, code: str) -> PriceList:
        """Return the core's form of it, under its canonical code."""
        return PriceList(code=canonical(code), **self.model_dump())


class PriceBody(Body):
    """What one unit costs, in minor units of the list's currency, and how long."""

    model_config = _shows(amount_minor=1290, valid_from="2026-11-27T00:00:00Z")

    amount_minor: Minor
    valid_from: Instant | None = None
    valid_until: Instant | None = None

    def span(self) -> Span:
        """Return how long the price holds."""
        return Span(valid_from=self.valid_from, valid_until=self.valid_until)


class ProductBody(Body):
    """A product's titles, and the SKUs that can be bought of it; left out: they stay."""

    model_config = _shows(
        title_zh="雨伞", title_en="Umbrella", skus=["UMBRELLA-RED", "UMBRELLA-BLUE"]
    )

    title_zh: Name
    title_en: Name
    skus: Annotated[tuple[Code, ...], Field(max_length=MOST_SKUS, strict=False)] | None = None

    def product(self, code: str) -> Product:
        """Return the core's form of it, under its canonical code."""
        return Product(code=canonical(code), title_zh=self.title_zh, title_en=self.title_en)


class PreorderBody(Body):
    """So many units are sold before they are there.

    `deposit_minor` is paid first for each unit, in minor units of the SKU's own currency; without
    one the whole price is paid at once. The rest is due within `balance_hours` from the release.
    """

    model_config = _shows(units=200, release_at="2026-12-01T02:00:00Z", deposit_minor=5000)

    units: Annotated[int, Whole(1, MOST_BACKORDERED)]
    release_at: Instant
    deposit_minor: Annotated[int, Whole(1, 10**15)] | None = None
    balance_hours: Annotated[int, Whole(1, MOST_HOURS)] = USUAL_HOURS
    warehouse: Annotated[str, Line(40)] = "main"

    def preorder(self) -> Preorder:
        """Return the core's form of it."""
        return Preorder(**self.model_dump())


class WarehouseBody(Body):
    """A warehouse: its names, where it stands, and whether orders may take goods from it.

    Of those that sell, the one with the least `priority` is asked first.
    """

    model_config = _shows(
        name_zh="鹿特丹仓", name_en="Rotterdam", country="NL", region="Zuid-Holland", priority=200
    )

    name_zh: Name
    name_en: Name
    country: Country
    region: Name | None = None
    priority: Annotated[int, Whole(0, 1_000_000)] = 100
    sells: bool = True

    def warehouse(self, code: str) -> Warehouse:
        """Return the core's form of it."""
        return Warehouse(code=code, **self.model_dump())


def price_list_body(found: PriceList, prices: Sequence[Price]) -> dict[str, Any]:
    """Show a price list with a page of its prices."""
    return {
        "code": found.code,
        "name_zh": found.name_zh,
        "name_en": found.name_en,
        "currency": found.currency,
        "is_default": found.is_default,
        "prices": [price_body(price, found.currency) for price in prices],
    }


def price_body(price: Price, currency: str) -> dict[str, Any]:
    """Show one price of a list."""
    return {
        "sku": price.sku,
        "price": money(price.price_minor, currency),
        "valid_from": instant(price.valid_from),
        "valid_until": instant(price.valid_until),
    }


def product_body(product: Product, skus: Sequence[str]) -> dict[str, Any]:
    """Show a product and its SKUs' codes."""
    return {
        "code": product.code,
        "title_zh": product.title_zh,
        "title_en": product.title_en,
        "skus": list(skus),
    }


def preorder_body(code: str, preorder: Preorder) -> dict[str, Any]:
    """Show a pre-order: what it promises, and what of it arrived."""
    return {
        "sku": code,
        "warehouse": preorder.warehouse,
        "units": preorder.units,
        "arrived": preorder.arrived,
        "release_at": instant(preorder.release_at),
        "deposit_minor": preorder.deposit_minor,
        "balance_hours": preorder.balance_hours,
        "ended_at": instant(preorder.ended_at),
    }


def warehouse_body(found: Warehouse) -> dict[str, Any]:
    """Show a warehouse."""
    return {
        "code": found.code,
        "name_zh": found.name_zh,
        "name_en": found.name_en,
        "country": found.country,
        "region": found.region,
        "priority": found.priority,
        "sells": found.sells,
    }
