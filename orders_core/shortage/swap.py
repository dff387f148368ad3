"""Another SKU goes instead of what is short: at the same price or a lower one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders_core.catalog.sku import canonical
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.shortage import line_store, store, swap_store
from orders_core.shortage.choice import CannotSwap, Chosen, Swap
from orders_core.shortage.cut import Row, put_on, take_off
from orders_core.shortage.rewrite import by_sku, let_go, rewrite
from orders_core.shortage.short import Act, State
from orders_core.shortage.store import Shortage
from orders_core.shortage.swap_store import Goods
from orders_core.stock import shelf_store
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Other:
    """The SKU that may go instead, and the levels it could come from, the best first."""

    goods: Goods
    places: Sequence[Key]


def find_other(tx: Tx, choice: Swap, owed: Sequence[Shortage]) -> Other:
    """Find the SKU that was chosen instead.

    Raises:
        CannotSwap: If there is none, or it is what is short.
    """
    code = canonical(choice.instead)
    goods = swap_store.goods(tx, code)
    if goods is None:
        raise CannotSwap(code, "the shop has no such SKU")
    if any(one.sku_id == goods.sku_id for one in owed):
        raise CannotSwap(code, "it is what is short")
    near = owed[0].warehouse if owed else ""
    return Other(goods, swap_store.places_of(tx, goods.sku_id, near=near))


def swap(
    tx: Tx,
    order_id: OrderId,
    owed: Sequence[Shortage],
    other: Other,
    rooms: Mapping[Key, int],
    *,
    change: Change,
) -> Chosen:
    """Put another SKU on a locked order in place of locked shortages; all levels are locked.

    Raises:
        CannotSwap: If it costs more, or no warehouse has enough of it.
    """
    units = sum(one.quantity for one in owed)
    present, rows = line_store.facts(tx, order_id), line_store.lines(tx, order_id)
    cut = take_off(rows, by_sku(owed))
    goods = other.goods
    if goods.currency != present.currency or goods.price_minor > cut.cheapest_minor:
        raise CannotSwap(goods.code, "it costs more than what it goes instead of")
    place = next((p for p in other.places if rooms.get(p, 0) >= units), None)
    if place is None:
        raise CannotSwap(goods.code, "there are too few of it")
    values = {"chosen_by": change.by, "chosen_at": change.at, "settled_at": change.at}
    for one in owed:
        swapped = {"state": State.SWAPPED, "swapped_for": goods.sku_id, **values}
        store.settle(tx, one, one.quantity, swapped)
    let_go(tx, owed, change=change)
    shelf_store.promise(tx, {place: units}, change=change)
    swap_store.hold(tx, order_id, place, units, change=change)
    new = _line(goods, units, position=line_store.next_position(tx, order_id))
    back, refund_id = rewrite(tx, owed, put_on(rows, cut, new), present, change=change)
    return Chosen(
        order_id=order_id, act=Act.SWAP, units=units, refunded_minor=back, refund_id=refund_id
    )


def _line(goods: Goods, units: int, *, position: int) -> Row:
    return Row(
        position=position,
        sku_id=goods.sku_id,
        code=goods.code,
        title=goods.title_en,
        title_zh=goods.title_zh,
        quantity=units,
        unit_minor=goods.price_minor,
    )
