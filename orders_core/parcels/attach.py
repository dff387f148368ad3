"""Bring a parcel and the order that ships in it together, whichever was known first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.ids import OrderId, ParcelId, new_id, show
from orders_core.parcels import store
from orders_core.parcels.parcel import Parcel, canonical
from orders_core.parcels.store import Name
from orders_core.tx import Tx


class ParcelTaken(CoreError):
    """The parcel already carries another order."""

    def __init__(self, carrier: str, number: str, order_id: OrderId) -> None:
        self.carrier, self.number, self.order_id = carrier, number, order_id
        super().__init__(f"parcel {carrier} {number} carries order {show('ord', order_id)}")


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """An order ships in the parcel `carrier` calls `number`; `promised_at` is the shop's word."""

    order_id: OrderId
    carrier: str
    number: str
    promised_at: datetime | None = None

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

    A parcel carries one order, the first that was said. Locks: parcels in id order.
    """
    return attach_each(tx, [(wish, change) for wish in consignments])


def attach_each(tx: Tx, wishes: Sequence[tuple[Consignment, Change]]) -> Attached:
    """Tie parcels to orders as `attach` does, each with who says so and when."""
    if not wishes:
        return Attached(parcels={})
    change_of = {wish.name: change for wish, change in reversed(wishes)}
    names, consignments = sorted(change_of), [wish for wish, _ in wishes]
    known = store.names_known(tx, names)
    unknown = {n: Parcel(id=_new(), carrier=n[0], number=n[1]) for n in names if n not in known}
    fresh, _ = _tied(unknown, consignments)
    added = store.add(tx, [(new, change_of[name]) for name, new in fresh.items()])
    before = store.lock(tx, names)
    after, taken = _tied(before, consignments)
    changed = {n: new for n, new in after.items() if new != before[n] and new.id not in added}
    store.write(tx, [(new, change_of[name]) for name, new in changed.items()])
    return Attached(parcels=after, taken=taken)


def attach_one(tx: Tx, consignment: Consignment, *, change: Change) -> Parcel:
    """Tie one parcel to its order.

    Raises:
        ParcelTaken: If it carries another order.
    """
    attached = attach(tx, [consignment], change=change)
    for refusal in attached.taken:
        raise refusal
    return attached.parcels[consignment.name]


def _new() -> ParcelId:
    return ParcelId(new_id())


def _tied(
    parcels: Mapping[Name, Parcel], consignments: Sequence[Consignment]
) -> tuple[dict[Name, Parcel], list[ParcelTaken]]:
    """Tie each of these parcels to the first order that claims it; the other claims are refused."""
    tied, taken = dict(parcels), []
    for wish in consignments:
        parcel = tied.get(wish.name)
        if parcel is None:
            continue
        if parcel.order_id in (None, wish.order_id):
            tied[wish.name] = parcel.carrying(wish.order_id, wish.promised_at)
        else:
            taken.append(ParcelTaken(*wish.name, parcel.order_id))
    return tied, taken
