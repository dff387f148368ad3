"""What an order's lines come to when units are taken off them, and others put in their place. Pure.

A line is never changed: it ends with one version of its order and another begins with the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orders_core.ids import SkuId


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as it stands; money in minor units of the order's currency."""

    position: int
    sku_id: SkuId
    code: str
    title: str
    title_zh: str | None
    quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The lines that end, those that begin, and what the order is worth less by it."""

    ended: Sequence[int]
    begun: Sequence[Row]
    less_minor: int
    cheapest_minor: int  #: the lowest price of a unit that was taken off


def take_off(rows: Sequence[Row], units: Mapping[SkuId, int]) -> Cut:
    """Take units off the lines of their SKU, the last line first.

    Raises:
        ValueError: If the lines hold fewer; their reservations say otherwise.
    """
    left, ended, begun, less, prices = dict(units), [], [], 0, [0]
    for row in sorted(rows, key=lambda row: row.position, reverse=True):
        taken = min(row.quantity, left.get(row.sku_id, 0))
        if not taken:
            continue
        left[row.sku_id] -= taken
        ended.append(row.position)
        less += taken * row.unit_minor
        prices.append(row.unit_minor)
        if taken < row.quantity:
            begun.append(replace(row, quantity=row.quantity - taken))
    if any(left.values()):
        raise ValueError("the order's lines hold fewer units than are short")
    return Cut(ended, begun, less, min(prices[1:], default=0))


def put_on(rows: Sequence[Row], cut: Cut, new: Row) -> Cut:
    """Put goods on in place of what was cut: on a line of the same goods and price, else as `new`.

    A position that ended is never used again: returns and parcels name lines by it.
    """
    worth = new.quantity * new.unit_minor
    standing = [row for row in rows if row.position not in set(cut.ended)] + list(cut.begun)
    same = next((row for row in standing if _is_same(row, new)), None)
    if same is None:
        return replace(cut, begun=[*cut.begun, new], less_minor=cut.less_minor - worth)
    more = replace(same, quantity=same.quantity + new.quantity)
    others = [row for row in cut.begun if row.position != same.position]
    ended = sorted({*cut.ended, same.position})
    return replace(cut, ended=ended, begun=[*others, more], less_minor=cut.less_minor - worth)


def _is_same(row: Row, new: Row) -> bool:
    return (row.sku_id, row.unit_minor) == (new.sku_id, new.unit_minor)
