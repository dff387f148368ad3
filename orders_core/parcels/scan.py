"""Take what carriers say of parcels, in any order and any number of times."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orders_core.events import Change, Ring
from orders_core.ids import ParcelId, new_id
from orders_core.parcels import store
from orders_core.parcels.parcel import Checkpoint, Parcel, canonical, fold
from orders_core.parcels.store import Name
from orders_core.tx import Tx

RingAt = Callable[[datetime], Ring]


class ScanOutcome(StrEnum):
    """What became of one scan."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  #: the same instant, code and place were said before


@dataclass(frozen=True)
class Scan:
    """One checkpoint of the parcel that `carrier` calls `number`."""

    carrier: str
    number: str
    checkpoint: Checkpoint

    @property
    def name(self) -> Name:
        """The parcel's name as it is stored."""
        return canonical(self.carrier, self.number)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of each scan, in the order they were given, and their parcels as they stand."""

    outcomes: Sequence[ScanOutcome]
    parcels: Mapping[Name, Parcel]


def record(tx: Tx, scans: Sequence[Scan], *, by: str, at: datetime, ring: RingAt) -> Recorded:
    """Keep the scans and bring their parcels up to date; scans known already change nothing.

    A parcel nobody shipped yet gets a row that its order finds later. `at` is the business time of
    the intake; `ring` says for a scan's own time whether it may reach anybody. Each parcel changes
    once, however many of its scans came. Locks: parcels in id order.
    """
    if not scans:
        return Recorded(outcomes=(), parcels={})
    parcels = _known_or_new(tx, scans, by=by, at=at)
    keys = [_key(scan, parcels) for scan in scans]
    fresh = _add_checkpoints(tx, dict(zip(keys, scans, strict=True)))
    latest = _latest_of_each(fresh)
    said = store.checkpoints_of(tx, sorted(latest))
    changed = {
        name: parcel.told(fold(said[parcel.id]))
        for name, parcel in parcels.items()
        if parcel.id in latest
    }
    changes = [
        (new, Change(by=by, why="scan", at=latest[new.id], ring=ring(latest[new.id])))
        for name, new in changed.items()
        if new != parcels[name]
    ]
    store.write(tx, changes)
    return Recorded(outcomes=_outcomes(keys, fresh), parcels={**parcels, **changed})


Key = tuple[ParcelId, datetime, str, str]  # what makes two scans one


def _key(scan: Scan, parcels: Mapping[Name, Parcel]) -> Key:
    said = scan.checkpoint
    return parcels[scan.name].id, said.at, said.code.value, said.place


def _known_or_new(tx: Tx, scans: Iterable[Scan], *, by: str, at: datetime) -> Mapping[Name, Parcel]:
    names = sorted({scan.name for scan in scans})
    known = store.names_known(tx, names)
    # An unknown parcel has no order, so nobody could be told of its announcement.
    change = Change(by=by, why="first scan", at=at, ring=Ring.NEVER)
    unknown = [
        (Parcel(id=ParcelId(new_id()), carrier=carrier, number=number), change)
        for carrier, number in names
        if (carrier, number) not in known
    ]
    store.add(tx, unknown)
    return store.lock(tx, names)


def _add_checkpoints(tx: Tx, scans: Mapping[Key, Scan]) -> frozenset[Key]:
    new = {new_id(): key for key in scans}
    added = store.add_checkpoints(
        tx, {i: (key[0], scans[key].checkpoint) for i, key in new.items()}
    )
    return frozenset(new[i] for i in added)


def _latest_of_each(keys: Collection[Key]) -> dict[ParcelId, datetime]:
    latest: dict[ParcelId, datetime] = {}
    for parcel_id, at, *_ in keys:
        latest[parcel_id] = max(at, latest.get(parcel_id, at))
    return latest


def _outcomes(keys: Sequence[Key], fresh: Collection[Key]) -> list[ScanOutcome]:
    """Say of each scan whether it was news; of two alike in one batch the second was not."""
    unseen = set(fresh)
    outcomes = []
    for key in keys:
        outcomes.append(ScanOutcome.ACCEPTED if key in unseen else ScanOutcome.DUPLICATE)
        unseen.discard(key)
    return outcomes
