"""Why an order cannot be placed as the shop stands; each keeps its facts."""

from collections.abc import Mapping, Sequence

from orders_core.orders.order import OrdersError


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


class NotTogether(CannotPlace):
    """Everything is there, but in no one warehouse, and this order may not be split."""

    code = "not_together"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        told = ", ".join(self.codes)
        super().__init__(f"no one warehouse has all of {told}, and this order may not be split")


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


class UnknownPriceList(CannotPlace):
    """The shop has no such price list."""

    code = "unknown_price_list"

    def __init__(self, price_list: str) -> None:
        self.price_list = price_list
        super().__init__(f"there is no price list {price_list}")


class NoPrice(CannotPlace):
    """Goods that have no price at this time where the order asks for one."""

    code = "no_price"

    def __init__(self, asked: str, codes: Sequence[str]) -> None:
        self.asked, self.codes = asked, tuple(codes)
        super().__init__(f"no price in {asked} for {', '.join(self.codes)}")
