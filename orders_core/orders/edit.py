"""Change what an order is of, before any of it has left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders_core.catalog.sku import canonical
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, show
from orders_core.orders import hold
from orders_core.orders import line_store as lines
from orders_core.orders import place_lock_store as shelves
from orders_core.orders.choose import Fits, PlaceRequest, Wanted, choose
from orders_core.orders.expire import expire_of
from orders_core.orders.line import OwnLine, Relined, relined, skus_of
from orders_core.orders.moves import EDIT, Facts, may
from orders_core.orders.order import Cause, IllegalMove, Order, OrdersError
from orders_core.orders.refusals import SoldOut, UnknownSku
from orders_core.orders.reline import reline
from orders_core.stock import settle, settle_store
from orders_core.stock.booking import let_go_of
from orders_core.stock.settle import Ending, Units
from orders_core.tx import Tx

MOST_ENDED = 200


class NothingLeft(OrdersError):
    """The edit would leave an order without goods."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        super().__init__(f"order {show('ord', order_id)} would be of nothing: cancel it instead")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the edit asks for: new quantities by position, and units that come on top by code."""

    quantities: Mapping[int, int]
    less: Mapping[str, int]
    more: Mapping[str, int]


def edit(tx: Tx, order_id: OrderId, quantities: Mapping[str, int], *, change: Change) -> None:
    """Give an order other quantities by SKU code: 0 ends a line, a new code opens one.

    What is not named stays. All or nothing: units that come on top are held where they are to be
    had, at the line's own price; new goods are taken at today's price in the order's currency. An
    unpaid order may change freely, a paid one may not get dearer; what was paid too much is asked
    back. Locks: levels in SKU order, then the order.

    Raises:
        NotFound: If there is no such order.
        IllegalMove: If it is cancelled, some of it left, its time to pay is over, or it is paid and
            would cost more.
        NothingLeft: If no goods would be left.
        CannotPlace: If goods are unknown, have no price in the currency, or are sold out.
    """
    wanted = {canonical(code): quantity for code, quantity in quantities.items()}
    with tx.begin_nested():  # a refusal leaves nothing half done, whoever catches it
        _edit(tx, order_id, wanted, change=change)


def _edit(tx: Tx, order_id: OrderId, wanted: Mapping[str, int], *, change: Change) -> None:
    ids = lines.sku_ids(tx, wanted)
    found = hold.with_levels(tx, [order_id], also=list(ids.values()))
    if order_id not in found:
        raise NotFound("order", show("ord", order_id))
    order = found[order_id]
    if refusal := may(Facts(order=order, at=change.at), EDIT):
        raise IllegalMove(refusal)
    own = lines.current(tx, order_id)
    asked = _asked(own, wanted)
    if unknown := sorted(asked.more.keys() - ids.keys()):
        raise UnknownSku(unknown)
    short = _let_go(tx, order, own, asked, change=change)
    new = _hold_more(tx, order, own, asked.more, ids, change=change)
    after = relined(own, asked.quantities, new=new)
    if not after.opening and not after.closing:
        return
    _check(order, own, after, change=change)
    reline(
        tx, order, after, cause=Cause.EDITED, change=change, short_units=order.short_units - short
    )


def _asked(own: Sequence[OwnLine], wanted: Mapping[str, int]) -> _Asked:
    there = {line.code: line.quantity for line in own}
    by_code = {line.code: line.position for line in own}
    return _Asked(
        quantities={by_code[code]: n for code, n in wanted.items() if code in by_code},
        less={code: n - wanted[code] for code, n in there.items() if wanted.get(code, n) < n},
        more={code: n - there.get(code, 0) for code, n in wanted.items() if n > there.get(code, 0)},
    )


def _check(order: Order, own: Sequence[OwnLine], after: Relined, *, change: Change) -> None:
    if len(after.closing) == len(own) and not after.opening:
        raise NothingLeft(order.id)
    facts = Facts(order=order, at=change.at, new_total_minor=after.total_minor)
    if refusal := may(facts, EDIT):
        raise IllegalMove(refusal)


def _let_go(tx: Tx, order: Order, own: Sequence[OwnLine], asked: _Asked, *, change: Change) -> int:
    """Free the units that the order no longer wants; return how many of them were short."""
    sku_of = skus_of(own)
    there = lines.units_of(tx, [order.id]).get(order.id, {})
    units = [Units(order.id, sku_of[code], n) for code, n in asked.less.items()]
    settle.end_units(tx, units, Ending.RELEASED, change=change)
    return sum(min(n, there[code].short) for code, n in asked.less.items())


def _hold_more(
    tx: Tx,
    order: Order,
    own: Sequence[OwnLine],
    more: Mapping[str, int],
    ids: Mapping[str, SkuId],
    *,
    change: Change,
) -> list[OwnLine]:
    """Hold the units that come on top; return the lines of goods the order did not have."""
    if not more:
        return []
    fits = _find(tx, order, more, ids, change=change)
    claims: dict[tuple[SkuId, str], int] = {}
    for code, warehouse, units in fits.takes:
        claims[ids[code], warehouse] = claims.get((ids[code], warehouse), 0) + units
    settle_store.claim(tx, order.id, claims, until=order.pay_until, change=change)
    last = lines.last_position(tx, order.id)
    fresh = [code for code in more if code not in {line.code for line in own}]
    goods = lines.titles(tx, fresh)
    return [
        OwnLine(
            position=last + place,
            sku_id=ids[code],
            code=code,
            title=goods[code][0],
            title_zh=goods[code][1],
            quantity=more[code],
            unit_minor=fits.bill.unit_minor[code],
        )
        for place, code in enumerate(fresh, start=1)
    ]


def _find(
    tx: Tx,
    order: Order,
    more: Mapping[str, int],
    ids: Mapping[str, SkuId],
    *,
    change: Change,
) -> Fits:
    """Choose where the units come from as for a new order, past orders whose time is up."""
    request = PlaceRequest(
        person_id=order.person_id,
        lines=tuple(Wanted(code, n) for code, n in more.items()),
        scope="edit",
        currency=order.currency,
    )
    while True:
        [choice], _ = choose([request], shelves.look(tx, [request], at=change.at))
        if isinstance(choice, Fits):
            return choice
        short = choice.short if isinstance(choice, SoldOut) else ()
        held = [ids[code] for code in short]
        freed = let_go_of(tx, held, now=change.at)
        if not freed and not expire_of(tx, held, now=change.at, at_most=MOST_ENDED):
            raise choice
