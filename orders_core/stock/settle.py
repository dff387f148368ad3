"""End the reservations of orders: confirm them out of stock, or release them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.stock import settle_store as store
from orders_core.stock.settle_store import Claim, LevelKey, Piece
from orders_core.tx import Tx


class Ending(StrEnum):
    """How a live reservation ends."""

    CONFIRMED = "confirmed"  #: the goods left: on hand and reserved both go down
    RELEASED = "released"  #: the goods stay: reserved goes down, or what was owed


#: Which reservations can end so: what is short cannot leave.
ENDABLE = {Ending.CONFIRMED: ("held",), Ending.RELEASED: ("held", "short")}


class NotHeld(CoreError):
    """More units are to end than the order holds of that SKU."""

    def __init__(self, order_id: OrderId, sku_id: SkuId, *, wanted: int, held: int) -> None:
        self.order_id, self.sku_id, self.wanted, self.held = order_id, sku_id, wanted, held
        super().__init__(f"{wanted} units were to end and {held} are held")


@dataclass(frozen=True, slots=True)
class Units:
    """So many of an order's units of one SKU, in a parcel, of one warehouse, or of any."""

    order_id: OrderId
    sku_id: SkuId
    quantity: int
    parcel_id: UUID | None = None
    warehouse: str | None = None


def lock(tx: Tx, orders: Sequence[OrderId], *, also: Collection[SkuId] = ()) -> frozenset[LevelKey]:
    """Lock the levels that the orders' live reservations claim, in SKU order; name them.

    `also` are SKUs of which every level is locked with them.
    """
    return store.lock_levels_of(tx, orders, also=also)


def live(tx: Tx, orders: Sequence[OrderId]) -> list[Claim]:
    """Read what the orders hold or are owed, in the order it is released in."""
    return store.live(tx, orders)


def end(tx: Tx, orders: Sequence[OrderId], ending: Ending, *, change: Change) -> None:
    """End every reservation of the orders that can end so; the levels must be locked.

    Ending twice is ending once: only live reservations are touched.
    """
    ended = store.end_reservations(tx, orders, ending, of=ENDABLE[ending], at=change.at)
    _settle(tx, ended, ending, change=change)


def end_units(tx: Tx, units: Sequence[Units], ending: Ending, *, change: Change) -> None:
    """End some units of orders' reservations; the levels and the orders must be locked.

    A reservation of which only a part ends is split in two. Released are short units before held.

    Raises:
        NotHeld: If an order holds fewer of a SKU (in that warehouse, where one is named).
    """
    wanted = [unit for unit in units if unit.quantity]
    if not wanted:
        return
    claims = store.live(tx, sorted({unit.order_id for unit in wanted}))
    pieces, rest = cut([c for c in claims if c.state in ENDABLE[ending]], wanted)
    ended = store.end_pieces(tx, pieces, rest, ending, at=change.at)
    _settle(tx, ended, ending, change=change)


def cut(claims: Sequence[Claim], units: Sequence[Units]) -> tuple[list[Piece], dict[UUID, int]]:
    """Say which claims the units come from, in the claims' order, and what is left of each.

    Units that name their warehouse choose first, so that the others cannot take theirs.

    Raises:
        NotHeld: If the claims are too few.
    """
    rest = Counter({claim.id: claim.quantity for claim in claims})
    pieces = []
    for unit in sorted(units, key=lambda unit: unit.warehouse is None):
        missing = unit.quantity
        for claim in claims:
            taken = min(missing, rest[claim.id]) if _serves(claim, unit) else 0
            if taken:
                pieces.append(Piece(claim, taken, unit.parcel_id))
                rest[claim.id] -= taken
                missing -= taken
        if missing:
            found = unit.quantity - missing
            raise NotHeld(unit.order_id, unit.sku_id, wanted=unit.quantity, held=found)
    return pieces, dict(rest)


def _serves(claim: Claim, unit: Units) -> bool:
    same = (claim.order_id, claim.sku_id) == (unit.order_id, unit.sku_id)
    return same and unit.warehouse in (None, claim.warehouse)


def _settle(tx: Tx, ended: Sequence[Claim], ending: Ending, *, change: Change) -> None:
    if not ended:
        return
    leaves = ending is Ending.CONFIRMED
    if leaves:
        store.write_sales(tx, ended, change=change)
    store.lower_levels(tx, ended, leaves=leaves, change=change)
