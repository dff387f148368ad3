"""Price lists: what goods cost in one currency, for as long as each price holds."""

from dataclasses import dataclass
from datetime import datetime

from orders_core.catalog import price_store as store
from orders_core.catalog import store as skus
from orders_core.catalog.price_store import Price, PriceList
from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.tx import Tx


class CatalogError(CoreError):
    """The catalog cannot be written so."""


class CurrencyFixed(CatalogError):
    """A price list that has prices keeps its currency."""

    def __init__(self, code: str, currency: str) -> None:
        self.code, self.currency = code, currency
        super().__init__(f"price list {code} has prices in {currency}; write a list of its own")


class DefaultTaken(CatalogError):
    """A currency has one list that is asked without being named."""

    def __init__(self, currency: str, code: str) -> None:
        self.currency, self.code = currency, code
        super().__init__(f"price list {code} is the default for {currency}; take that back first")


class NeverValid(CatalogError):
    """The price would end before it begins."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """How long a price holds, in business time; an end that is absent is open."""

    valid_from: datetime | None = None
    valid_until: datetime | None = None


def put_list(tx: Tx, wanted: PriceList) -> None:
    """Write a price list under its code.

    Raises:
        CurrencyFixed: If it has prices in another currency.
        DefaultTaken: If another list is the default for its currency.
    """
    present = store.lock_list(tx, wanted.code)
    if present and present.currency != wanted.currency and store.has_prices(tx, wanted.code):
        raise CurrencyFixed(wanted.code, present.currency)
    other = store.default_of(tx, wanted.currency) if wanted.is_default else None
    if other not in (None, wanted.code):
        raise DefaultTaken(wanted.currency, str(other))
    store.put_list(tx, wanted)


def put(
    tx: Tx, price_list: str, sku: str, price_minor: int, span: Span, *, change: Change
) -> Price:
    """Write what a SKU costs in a list; the price that begins at the same time is replaced.

    Of the prices that hold at a time the one that began last counts, so a sale is laid over the
    usual price and the usual price is back when the sale ends.

    Raises:
        NotFound: If there is no such list or SKU.
        NeverValid: If it would end before it begins.
    """
    if store.lock_list(tx, price_list) is None:
        raise NotFound("price list", price_list)
    sku_id = skus.id_of(tx, sku)
    begins, ends = span.valid_from, span.valid_until
    if begins and ends and ends <= begins:
        raise NeverValid("valid_until lies not after valid_from: the price would never hold")
    price = Price(sku=sku, price_minor=price_minor, valid_from=begins, valid_until=ends)
    store.put(tx, price_list, sku_id, price, change=change)
    return price
