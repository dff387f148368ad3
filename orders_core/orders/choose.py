"""Who gets the last units: the pure choice between the lock and the write.

Requests are served in the order they arrived. One that does not fit takes nothing and stands in
nobody's way: a smaller one behind it may still fit, which a running sum over quantities would deny.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders_core.ids import PersonId, SkuId
from orders_core.orders.order import OrdersError

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
    """

    person_id: PersonId
    lines: tuple[Wanted, ...]
    scope: str
    key: str | None = None
    fingerprint: bytes = b""
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one SKU costs and how many units may still be promised."""

    sku_id: SkuId
    warehouse: str
    title: str
    title_zh: str
    price_minor: int
    currency: str
    available: int


@dataclass(frozen=True, slots=True)
class Fits:
    """The order can be placed: its lines with the units summed a SKU, and its total."""

    quantities: Mapping[str, int]
    total_minor: int
    currency: str


class CannotPlace(OrdersError):
    """A request that no retry helps as the shop stands. `code` is stable for programs."""

    code = "cannot_place"


class SoldOut(CannotPlace):
    """Not enough units are left; `short` maps SKU codes to (wanted, available)."""

    code = "sold_out"

    def __init__(self, short: Mapping[str, tuple[int, int]]) -> None:
        self.short = dict(short)
        told = ", ".join(
            f"{sku}: {want} wanted, {left} left" for sku, (want, left) in short.items()
        )
        super().__init__(f"not enough stock ({told})")


class UnknownSku(CannotPlace):
    """The shop sells no such goods."""

    code = "unknown_sku"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(f"the shop sells no {', '.join(self.codes)}")


class MixedCurrencies(CannotPlace):
    """One order is paid in one currency."""

    code = "mixed_currencies"

    def __init__(self, currencies: Sequence[str]) -> None:
        self.currencies = tuple(currencies)
        super().__init__(f"one order cannot mix {' and '.join(self.currencies)}")


Choice = Fits | CannotPlace


def choose(
    requests: Sequence[PlaceRequest], shelves: Mapping[str, Shelf]
) -> tuple[list[Choice], dict[str, int]]:
    """Decide each request in arrival order; return the choices and the units taken of each SKU.

    An order is all or nothing over its lines, and two lines of one SKU count together. Pure: what
    may still be promised of each SKU comes in as `shelves`.
    """
    left = {code: shelf.available for code, shelf in shelves.items()}
    choices: list[Choice] = []
    for request in requests:
        choice = _choose_one(request, shelves, left)
        if isinstance(choice, Fits):
            for code, quantity in choice.quantities.items():
                left[code] -= quantity
        choices.append(choice)
    taken = {code: shelf.available - left[code] for code, shelf in shelves.items()}
    return choices, {code: units for code, units in taken.items() if units}


def _choose_one(
    request: PlaceRequest, shelves: Mapping[str, Shelf], left: Mapping[str, int]
) -> Choice:
    quantities: Counter[str] = Counter()
    for line in request.lines:
        quantities[line.code] += line.quantity
    if unknown := [code for code in quantities if code not in shelves]:
        return UnknownSku(unknown)
    if short := {code: (q, left[code]) for code, q in quantities.items() if q > left[code]}:
        return SoldOut(short)
    currencies = {shelves[code].currency for code in quantities}
    if len(currencies) > 1:
        return MixedCurrencies(sorted(currencies))
    total = sum(shelves[code].price_minor * quantity for code, quantity in quantities.items())
    return Fits(dict(quantities), total, currencies.pop())
