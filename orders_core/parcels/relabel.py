"""A carrier gives a parcel another number, or hands it to another carrier: one story goes on."""

from collections.abc import Mapping
from dataclasses import replace

from orders_core.errors import CoreError, NotFound
from orders_core.events import Change, Ring
from orders_core.ids import ParcelId, new_id
from orders_core.parcels import relabel_store, store
from orders_core.parcels.attach import ParcelTaken
from orders_core.parcels.parcel import WEIGHT, Parcel, canonical, fold
from orders_core.parcels.store import Label, Name
from orders_core.tx import Tx


class LabelInUse(CoreError):
    """A number cannot be given or replaced as asked; says why and what would help."""

    def __init__(self, name: Name, says: str, helps: str) -> None:
        self.carrier, self.number = name
        super().__init__(f"parcel {name[0]} {name[1]} {says}: {helps}")


def relabel(tx: Tx, name: Name, *, to: Name, change: Change) -> Parcel:
    """Let the parcel that was `name` go on as `to`; return it as it stands.

    The old number stays readable, and scans of either tell one story. The order, the promise and
    a clerk's day go along. Said twice it changes nothing. Locks: the two parcels in id order.

    Raises:
        NotFound: If nobody ever heard of the old number.
        LabelInUse: If it goes by another number already, or had the new one before.
        ParcelTaken: If the new number carries another order.
    """
    old_name, new_name = canonical(*name), canonical(*to)
    _make_known(tx, old_name, new_name, change)
    label_of, held = _hold(tx, old_name, new_name)
    old, head = held[label_of[old_name].own], held[label_of[new_name].head]
    if old.replaced_by == label_of[new_name].own:
        return head
    _refuse(tx, old, head, new_name)
    after = _gone_on(tx, old, head)
    is_news = after.status is not old.status
    quiet = change if is_news else replace(change, ring=Ring.NEVER)
    gone = replace(old, replaced_by=label_of[new_name].own)
    store.write(tx, [(gone, change), (after, quiet)])
    relabel_store.move_units(tx, old.id, head.id)
    return after


def _hold(tx: Tx, old: Name, new: Name) -> tuple[Mapping[Name, Label], Mapping[ParcelId, Parcel]]:
    """Lock the old number's own row and the parcel that the new number goes by, in id order."""
    while True:
        label_of = store.labels(tx, [old, new])
        held = store.lock_ids(tx, {label_of[old].own, label_of[new].head})
        if held[label_of[new].head].replaced_by is None:
            return label_of, held


def _make_known(tx: Tx, old: Name, new: Name, change: Change) -> None:
    """Give the new number a row if need be.

    Raises:
        NotFound: If nobody ever heard of the old one.
    """
    known = store.labels(tx, [old, new])
    if old not in known:
        raise NotFound("parcel", " ".join(old))
    if new not in known:
        fresh = Parcel(id=ParcelId(new_id()), carrier=new[0], number=new[1])
        store.add(tx, [(fresh, replace(change, ring=Ring.NEVER))])


def _refuse(tx: Tx, old: Parcel, head: Parcel, new: Name) -> None:
    """Refuse what would make a fork, a ring, or one parcel out of two orders'.

    Numbers are replaced once and for good. Neither the old one nor the one the new number goes by
    is replaced yet, and both rows are held: unless they are one, no way leads back.
    """
    if old.replaced_by is not None:
        helps = "relabel the number it goes by now"
        raise LabelInUse(_name(old), f"goes by {_head_of(tx, old)} already", helps)
    if old.id == head.id:
        helps = "name a number that it did not have before"
        raise LabelInUse(new, "is a number of this very parcel", helps)
    if head.order_id is not None and head.order_id != old.order_id:
        raise ParcelTaken(*new, head.order_id)


def _gone_on(tx: Tx, old: Parcel, new: Parcel) -> Parcel:
    """Return the parcel as it stands with all that was said of either number."""
    said = store.checkpoints_of(tx, [old.id, new.id])
    state = fold([*said.get(old.id, ()), *said.get(new.id, ())])
    after = replace(new, direction=old.direction)
    if old.order_id is not None:
        after = after.carrying(old.order_id, old.promised_at)
    if old.expected_source and old.expected_at:
        present = after.expected_source
        if present is None or WEIGHT[old.expected_source] > WEIGHT[present]:
            after = after.expected(old.expected_at, old.expected_source)
    return after.told(state)


def _name(parcel: Parcel) -> Name:
    return parcel.carrier, parcel.number


def _head_of(tx: Tx, parcel: Parcel) -> str:
    head = store.one(tx, _name(parcel))
    return " ".join(_name(head)) if head else "another number"
