"""The lines of an order of ours, and how a change of them is reckoned. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orders_core.ids import OrderId, SkuId, show
from orders_core.orders.order import Line, Order, OrdersError, Payment


class NoSuchUnits(OrdersError):
    """A line is named that the order does not have, or more units of it than are left."""

    def __init__(self, order_id: OrderId, position: int, *, wanted: int, left: int) -> None:
        self.order_id, self.position, self.wanted, self.left = order_id, position, wanted, left
        super().__init__(
            f"{wanted} units of line {position} of order {show('ord', order_id)} were named;"
            f" {left} are there for that"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A line with its place on the order; `unit_minor` is in the order's currency."""

    position: int
    sku_id: SkuId | None  #: none on a mirrored order's foreign goods
    code: str
    title: str
    title_zh: str | None
    quantity: int
    unit_minor: int

    @property
    def line(self) -> Line:
        """The line as everybody reads it."""
        return Line(
            code=self.code,
            title=self.title,
            title_zh=self.title_zh,
            quantity=self.quantity,
            unit_minor=self.unit_minor,
            position=self.position,
        )


@dataclass(frozen=True, slots=True)
class LineUnits:
    """What became of the units that an order claimed of one SKU."""

    held: int = 0
    short: int = 0
    confirmed: int = 0  #: they left
    released: int = 0  #: they were called off

    @property
    def live(self) -> int:
        """Units that are still to leave."""
        return self.held + self.short


@dataclass(frozen=True, slots=True)
class Relined:
    """A change of lines: positions that close, lines that open, and the total of all then."""

    closing: tuple[int, ...]
    opening: tuple[OwnLine, ...]
    total_minor: int


def relined(
    lines: Sequence[OwnLine], quantities: Mapping[int, int], *, new: Sequence[OwnLine] = ()
) -> Relined:
    """Give lines other quantities by position (0 ends one) and put new ones beside them."""
    changed = [
        replace(line, quantity=quantities[line.position])
        for line in lines
        if quantities.get(line.position, line.quantity) != line.quantity
    ]
    closing = tuple(line.position for line in changed)
    opening = (*(line for line in changed if line.quantity), *new)
    kept = [line for line in lines if line.position not in closing]
    return Relined(closing, opening, total_of([*kept, *opening]))


def skus_of(lines: Iterable[OwnLine]) -> Mapping[str, SkuId]:
    """Return the SKUs of lines by their codes."""
    return {line.code: line.sku_id for line in lines if line.sku_id}


def total_of(lines: Iterable[OwnLine]) -> int:
    """Return what lines cost together, in minor units of their order's currency."""
    return sum(line.quantity * line.unit_minor for line in lines)


def check_units(
    order_id: OrderId,
    lines: Sequence[OwnLine],
    units: Mapping[int, int],
    left: Mapping[str, int],
) -> Counter[str]:
    """Return the named units by SKU code, once every line has them; `left` is by code.

    Raises:
        NoSuchUnits: If a position is no line's or fewer units are left of its SKU.
    """
    by_position = {line.position: line for line in lines}
    wanted: Counter[str] = Counter()
    for position, quantity in units.items():
        line = by_position.get(position)
        available = min(line.quantity, left.get(line.code, 0)) if line else 0
        if line is None or not 0 < quantity <= available:
            raise NoSuchUnits(order_id, position, wanted=quantity, left=available)
        wanted[line.code] += quantity
    return wanted


def costing(order: Order, total_minor: int) -> tuple[Order, int]:
    """Return the order at another total, and what must go back of what was paid for it.

    A deposit that covers the new total has paid it; one that it exceeds is lowered with it.
    """
    kept = order.paid_minor - order.refund_minor
    back = max(kept - total_minor, 0) if order.payment is not Payment.UNPAID else 0
    after = order.moved(total_minor=total_minor)
    if order.deposit_minor is not None:
        after = after.moved(deposit_minor=min(order.deposit_minor, total_minor))
    if order.payment is Payment.DEPOSIT_PAID and kept >= total_minor:
        after = after.moved(payment=Payment.PAID, pay_until=None)
    return after.asking_back(back), back
