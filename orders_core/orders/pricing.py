"""What an order's goods cost: by the SKU itself, by a price list, in a currency. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from orders_core.orders.refusals import CannotPlace, MixedCurrencies, NoPrice, UnknownPriceList


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price list as it stands at one time: what one unit of each SKU costs, by code."""

    code: str
    currency: str
    is_default: bool  #: what is asked for by currency alone is looked up here
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Preorder:
    """Goods that are sold before they are there.

    `deposit_minor` is paid first for one unit, in the SKU's own currency; None: all at once.
    """

    release_at: datetime
    deposit_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """What one unit of a SKU costs by itself."""

    price_minor: int
    currency: str
    preorder: Preorder | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order costs: the price of one unit of each SKU, the sum, and the currency.

    `deposit_minor` is paid first, the rest from `balance_from` on; None where all is paid at once.
    """

    unit_minor: Mapping[str, int]
    total_minor: int
    currency: str
    deposit_minor: int | None = None
    balance_from: datetime | None = None


def bill(
    quantities: Mapping[str, int],
    tags: Mapping[str, Tag],
    *,
    price_list: str | None = None,
    currency: str | None = None,
    tariffs: Mapping[str, Tariff] | None = None,
) -> Bill | CannotPlace:
    """Price so many units of each SKU; a list that is named must have every price itself.

    A currency takes its default list, and the SKU's own price where that is in the currency.
    """
    known = tariffs or {}
    if price_list is not None:
        if price_list not in known:
            return UnknownPriceList(price_list)
        return _by_tariff(quantities, tags, known[price_list])
    if currency is not None:
        return _in_currency(quantities, tags, currency, known)
    currencies = {tags[code].currency for code in quantities}
    if len(currencies) > 1:
        return MixedCurrencies(sorted(currencies))
    units = {code: tags[code].price_minor for code in quantities}
    return _sum(quantities, tags, units, currencies.pop())


def _by_tariff(
    quantities: Mapping[str, int], tags: Mapping[str, Tag], tariff: Tariff
) -> Bill | CannotPlace:
    if missing := [code for code in quantities if code not in tariff.prices]:
        return NoPrice(tariff.code, missing)
    units = {code: tariff.prices[code] for code in quantities}
    return _sum(quantities, tags, units, tariff.currency)


def _in_currency(
    quantities: Mapping[str, int],
    tags: Mapping[str, Tag],
    currency: str,
    tariffs: Mapping[str, Tariff],
) -> Bill | CannotPlace:
    usual = (t for t in tariffs.values() if t.is_default and t.currency == currency)
    listed = next((tariff.prices for tariff in usual), {})
    own = {code: tags[code].price_minor for code in quantities if tags[code].currency == currency}
    units = {**own, **{code: listed[code] for code in quantities if code in listed}}
    if missing := [code for code in quantities if code not in units]:
        return NoPrice(currency, missing)
    return _sum(quantities, tags, units, currency)


def _sum(
    quantities: Mapping[str, int],
    tags: Mapping[str, Tag],
    units: Mapping[str, int],
    currency: str,
) -> Bill:
    total = sum(units[code] * quantity for code, quantity in quantities.items())
    coming = {
        code: tag.preorder.release_at
        for code in quantities
        if (tag := tags[code]).preorder is not None and tag.preorder.deposit_minor is not None
    }
    if not coming:
        return Bill(units, total, currency)
    first = sum(
        (_deposit(tags[code], units[code]) if code in coming else units[code]) * quantity
        for code, quantity in quantities.items()
    )
    if not 0 < first < total:
        return Bill(units, total, currency)
    return Bill(units, total, currency, first, max(coming.values()))


def _deposit(tag: Tag, unit_minor: int) -> int:
    """Return the deposit of one unit: in another currency it is the same share of the price."""
    own = tag.preorder.deposit_minor if tag.preorder else None
    if own is None or tag.price_minor <= own:
        return unit_minor
    return -(-unit_minor * own // tag.price_minor)
