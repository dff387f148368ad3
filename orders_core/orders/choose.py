"""Who gets the last units: the pure choice between the lock and the write.

Requests are served in the order they arrived. One that does not fit takes nothing and stands in
nobody's way: a smaller one behind it may still fit, which a running sum over quantities would deny.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orders_core.ids import PersonId, SkuId
from orders_core.orders.address import ShipTo
from orders_core.orders.allocate import (
    USUAL,
    Allocation,
    Site,
    Take,
    Where,
    allocate,
    most_of,
)
from orders_core.orders.gift import Gift
from orders_core.orders.pricing import Bill, Tag, Tariff, bill
from orders_core.orders.refusals import CannotPlace, NotTogether, SoldOut, UnknownSku

LARGEST_QUANTITY = 10_000
MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many units of one SKU, named by its code."""

    code: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRequest:
    """One shopper's wish, with the key that makes asking twice harmless.

    `scope` names the caller and the operation; `fingerprint` is the hash of the request's body.
    Prices are those of `price_list`, or in `currency`, or each SKU's own.
    """

    person_id: PersonId
    lines: tuple[Wanted, ...]
    scope: str
    key: str | None = None
    fingerprint: bytes = b""
    reference: str | None = None
    allocation: Allocation | None = None  #: how units are found; none: by warehouse priority
    price_list: str | None = None
    currency: str | None = None
    ship_to: ShipTo | None = None
    gift: Gift | None = None
    is_trial: bool = False  #: what is told of it reaches nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one SKU is and costs, and how many units each warehouse may still promise."""

    sku_id: SkuId
    title: str
    title_zh: str
    tag: Tag
    available: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Everything a choice is made from, read under lock: shelves by code, sites, price lists."""

    shelves: Mapping[str, Shelf]
    sites: Mapping[str, Site]
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fits:
    """The order can be placed: its units summed a SKU, where they come from, and what it costs."""

    quantities: Mapping[str, int]
    takes: Sequence[Take]
    bill: Bill


Choice = Fits | CannotPlace


def choose(
    requests: Sequence[PlaceRequest], stock: Stock
) -> tuple[list[Choice], dict[tuple[str, str], int]]:
    """Decide each request in arrival order; return the choices, and the units that were taken.

    An order is all or nothing over its lines, and two lines of one SKU count together. Units are
    counted by SKU code and warehouse. Pure: what may still be promised comes in as `stock`.
    """
    left = {code: dict(shelf.available) for code, shelf in stock.shelves.items()}
    tags = {code: shelf.tag for code, shelf in stock.shelves.items()}
    choices: list[Choice] = []
    taken: Counter[tuple[str, str]] = Counter()
    for request in requests:
        choice = _choose_one(request, stock, tags, left)
        if isinstance(choice, Fits):
            for code, warehouse, units in choice.takes:
                left[code][warehouse] -= units
                taken[code, warehouse] += units
        choices.append(choice)
    return choices, dict(taken)


def _choose_one(
    request: PlaceRequest,
    stock: Stock,
    tags: Mapping[str, Tag],
    left: Mapping[str, Mapping[str, int]],
) -> Choice:
    quantities: dict[str, int] = {}
    for line in request.lines:
        quantities[line.code] = quantities.get(line.code, 0) + line.quantity
    if unknown := [code for code in quantities if code not in tags]:
        return UnknownSku(unknown)
    priced = bill(
        quantities,
        tags,
        price_list=request.price_list,
        currency=request.currency,
        tariffs=stock.tariffs,
    )
    if isinstance(priced, CannotPlace):
        return priced
    how = request.allocation or USUAL
    found = allocate(quantities, left, stock.sites, how=how, to=_where(request.ship_to))
    if found is None:
        return _too_few(quantities, left, may_split=how.may_split)
    return Fits(quantities, found, priced)


def _where(to: ShipTo | None) -> Where | None:
    return Where(to.country, to.region) if to else None


def _too_few(
    quantities: Mapping[str, int], left: Mapping[str, Mapping[str, int]], *, may_split: bool
) -> CannotPlace:
    most = {code: most_of(code, left, may_split=may_split) for code in quantities}
    short = {code: (units, most[code]) for code, units in quantities.items() if units > most[code]}
    return SoldOut(short) if short else NotTogether(list(quantities))
