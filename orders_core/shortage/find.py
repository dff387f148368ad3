"""What was promised turns out not to be there: a count, a scrap, a pick that came back empty."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId, new_id, show
from orders_core.shortage import claim_store, find_store, store
from orders_core.shortage.claim_store import HELD, SHORT
from orders_core.shortage.give_up import give_up
from orders_core.shortage.short import Loss, Rank, ShortageError, State, losers, paid_first
from orders_core.stock import level
from orders_core.stock import store as stock
from orders_core.stock.level import Cause
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx


class NotHeldThere(ShortageError):
    """The order does not hold so many units of the SKU there."""

    def __init__(self, order_id: OrderId, code: str, units: int, held: int) -> None:
        self.order_id, self.code, self.units, self.held = order_id, code, units, held
        super().__init__(f"order {show('ord', order_id)} holds {held} of {code}, not {units}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Units of an order that were looked for on the shelf and not found."""

    code: str
    warehouse: str
    units: int


def make_room(
    tx: Tx, code: str, warehouse: str, *, on_hand: int, rank: Rank = paid_first, change: Change
) -> Sequence[OrderId]:
    """Take units from orders until the rest fits a shelf of `on_hand`; return the orders.

    Called before the count or movement itself, in the same transaction: held units turn short,
    exactly those that are missing, and their orders ring `order.short` once each. Locks: the
    level, then orders by id.

    Args:
        on_hand: Units the shelf is going to hold.
        rank: Says which order gets its units first, and what one that gets none may choose.
    """
    sku_id = stock.sku_id_of(tx, code)
    if sku_id is None:
        return []
    place = (SkuId(sku_id), warehouse)
    room = claim_store.lock_levels(tx, [place]).get(place)
    missing = room.reserved - on_hand - room.oversell_limit if room else 0
    missing -= give_up(tx, place, missing, change=change)
    if missing <= 0:
        return []
    held = find_store.held_by_orders(tx, *place)
    return _lose(tx, place, losers(held, missing, rank), change=change)


def pick_failed(
    tx: Tx, order_id: OrderId, pick: Pick, *, rank: Rank = paid_first, change: Change
) -> None:
    """Take units from one order that were not on the shelf, and from the shelf's count with them.

    Raises:
        NotFound: If the shop has no such SKU.
        NotHeldThere: If the order does not hold so many units there.
    """
    sku_id = stock.sku_id_of(tx, pick.code)
    if sku_id is None:
        raise NotFound("SKU", pick.code)
    place = (SkuId(sku_id), pick.warehouse)
    room = claim_store.lock_levels(tx, [place]).get(place)
    held = [one for one in find_store.held_by_orders(tx, *place) if one.order_id == order_id]
    units = sum(one.units for one in held)
    if room is None or units < pick.units:
        raise NotHeldThere(order_id, pick.code, pick.units, units)
    _lose(tx, place, losers(held, pick.units, rank), change=change)
    if gone := min(pick.units, room.on_hand):
        counted = level.Move(
            code=pick.code,
            warehouse=pick.warehouse,
            delta=-gone,
            cause=Cause.COUNT,
            cause_id=new_id(),
        )
        level.record(tx, counted, change=change)


def _lose(tx: Tx, place: Key, losses: Sequence[Loss], *, change: Change) -> Sequence[OrderId]:
    """Turn units of a locked level short, and write down whose."""
    lost = {loss.held.order_id: loss.units for loss in losses}
    ids = claim_store.lock_orders(tx, list(lost))
    held: dict[OrderId, list[claim_store.Claim]] = {}
    for claim in claim_store.claims(tx, ids, state=HELD, places=[place]):
        held.setdefault(claim.order_id, []).append(claim)
    for order_id in ids:
        claim_store.turn(tx, held[order_id], lost[order_id], into=SHORT)
    units = Counter({place: sum(lost.values())})
    claim_store.shift_levels(
        tx, reserved=Counter({place: -units[place]}), short=units, change=change
    )
    store.add(tx, [_shortage(loss, place, change) for loss in losses])
    claim_store.shift_orders(tx, lost, change=change)
    return ids


def _shortage(loss: Loss, place: Key, change: Change) -> store.Shortage:
    sku_id, warehouse = place
    return store.Shortage(
        id=new_id(),
        order_id=loss.held.order_id,
        sku_id=sku_id,
        warehouse=warehouse,
        quantity=loss.units,
        state=State.OPEN,
        choices=loss.turn.choices,
        found_by=change.by,
        found_why=change.why,
        found_at=change.at,
    )
