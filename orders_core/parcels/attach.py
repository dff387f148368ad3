"""Bring a parcel and the order that ships in it together, whichever was known first."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.ids import OrderId, ParcelId, new_id, show
from orders_core.parcels import store
from orders_core.parcels.parcel import Direction, Parcel, canonical
from orders_core.parcels.store import Name
from orders_core.tx import Tx


class ParcelTaken(CoreError):
    """The parcel already carries another order."""

    def __init__(self, carrier: str, number: str, order_id: OrderId) -> None:
        self.carrier, self.number, self.order_id = carrier, number, order_id
        super().__init__(f"parcel {carrier} {number} carries order {show('ord', order_id)}")


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """An order ships in the parcel `carrier` calls `number`; `promised_at` is the shop's word.

    What a shopper sends back goes `back`; it tells nothing of what the order arrives in.
    """

    order_id: OrderId
    carrier: str
    number: str
    promised_at: datetime | None = None
    direction: Direction = Direction.OUT

    @property
    def name(self) -> Name:
        """The parcel's name as it is stored."""
        return canonical(self.carrier, self.number)


@dataclass(frozen=True, kw_only=True)
class Attached:
    """The parcels as they stand now, and a refusal for each that carries another order."""

    parcels: Mapping[Name, Parcel]
    taken: Sequence[ParcelTaken] = ()


def attach(tx: Tx, consignments: Sequence[Consignment], *, change: Change) -> Attached:
    """Tie parcels to the orders they carry; saying it twice changes nothing.

    A parcel carries one order, the first that was said; a number that was relabelled means the
    parcel it goes by now. Locks: parcels in id order.
    """
    return attach_each(tx, [(wish, change) for wish in consignments])


def attach_each(tx: Tx, wishes: Sequence[tuple[Consignment, Change]]) -> Attached:
    """Tie parcels to orders as `attach` does, each with who says so and when."""
    if not wishes:
        return Attached(parcels={})
    consignments, names = [wish for wish, _ in wishes], {wish.name for wish, _ in wishes}
    change_of = {wish.name: change for wish, change in reversed(wishes)}
    unknown = _new(names - store.labels(tx, names).keys())
    fresh, _ = _tied(unknown, {name: name for name in unknown}, consignments)
    added = store.add(tx, [(new, change_of[name]) for name, new in fresh.items()])
    held = store.lock(tx, names)
    before = {parcel.id: parcel for parcel in held.values()}
    id_of = {name: parcel.id for name, parcel in held.items()}
    after, taken = _tied(before, id_of, consignments)
    change_of_id = {id_of[wish.name]: change for wish, change in reversed(wishes)}
    changed = [new for new in after.values() if new != before[new.id] and new.id not in added]
    store.write(tx, [(new, change_of_id[new.id]) for new in changed])
    return Attached(parcels={name: after[id_of[name]] for name in names}, taken=taken)


def attach_one(tx: Tx, consignment: Consignment, *, change: Change) -> Parcel:
    """Tie one parcel to its order.

    Raises:
        ParcelTaken: If it carries another order.
    """
    attached = attach(tx, [consignment], change=change)
    for refusal in attached.taken:
        raise refusal
    return attached.parcels[consignment.name]


def _new(names: AbstractSet[Name]) -> dict[Name, Parcel]:
    return {
        name: Parcel(id=ParcelId(new_id()), carrier=name[0], number=name[1])
        for name in sorted(names)
    }


Key = TypeVar("Key")


def _tied(
    parcels: Mapping[Key, Parcel],
    key_of: Mapping[Name, Key],
    consignments: Sequence[Consignment],
) -> tuple[dict[Key, Parcel], list[ParcelTaken]]:
    """Tie each of these parcels to the first order that claims it; the other claims are refused."""
    tied, taken = dict(parcels), []
    for wish in consignments:
        key = key_of.get(wish.name)
        if key is None:
            continue
        parcel = tied[key]
        if parcel.order_id in (None, wish.order_id):
            tied[key] = parcel.carrying(wish.order_id, wish.promised_at, wish.direction)
        else:
            taken.append(ParcelTaken(*wish.name, parcel.order_id))
    return tied, taken
