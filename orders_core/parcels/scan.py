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

    A parcel nobody shipped yet gets a row that its order finds later; the scans of a number that
    was relabelled tell of the parcel it goes by now. `at` is the business time of the intake;
    `ring` says for a scan's own time whether it may reach anybody. Each parcel changes once,
    however many of its scans came. Locks: parcels in id order.
    """
    if not scans:
        return Recorded(outcomes=(), parcels={})
    names = {scan.name for scan in scans}
    _make_known(tx, names, by=by, at=at)
    parcels = store.lock(tx, names)
    label_of = store.labels(tx, names)
    keys = [_key(scan, label_of) for scan in scans]
    fresh = _add_checkpoints(tx, dict(zip(keys, scans, strict=True)))
    heads = {label.own: label.head for label in label_of.values()}
    latest = _latest_of_each((heads[key[0]], key[1]) for key in fresh)
    said = store.checkpoints_of(tx, latest)
    before = {parcel.id: parcel for parcel in parcels.values()}
    after = {new: before[new].told(fold(said[new])) for new in sorted(latest)}
    changes = [
        (new, Change(by=by, why="scan", at=latest[new.id], ring=ring(latest[new.id])))
        for new in after.values()
        if new != before[new.id]
    ]
    store.write(tx, changes)
    now = {name: after.get(parcel.id, parcel) for name, parcel in parcels.items()}
    return Recorded(outcomes=_outcomes(keys, fresh), parcels=now)


Key = tuple[ParcelId, datetime, str, str]  # what makes two scans one


def _key(scan: Scan, label_of: Mapping[Name, store.Label]) -> Key:
    said = scan.checkpoint
    return label_of[scan.name].own, said.at, said.code.value, said.place


def _make_known(tx: Tx, names: Collection[Name], *, by: str, at: datetime) -> None:
    """Give every parcel a row; another intake may do so at the same moment."""
    known = store.labels(tx, names)
    # An unknown parcel has no order, so nobody could be told of its announcement.
    change = Change(by=by, why="first scan", at=at, ring=Ring.NEVER)
    unknown = [
        (Parcel(id=ParcelId(new_id()), carrier=name[0], number=name[1]), change)
        for name in sorted(names)
        if name not in known
    ]
    store.add(tx, unknown)


def _add_checkpoints(tx: Tx, scans: Mapping[Key, Scan]) -> frozenset[Key]:
    new = {new_id(): key for key in scans}
    added = store.add_checkpoints(
        tx, {i: (key[0], scans[key].checkpoint) for i, key in new.items()}
    )
    return frozenset(new[i] for i in added)


def _latest_of_each(scans: Iterable[tuple[ParcelId, datetime]]) -> dict[ParcelId, datetime]:
    latest: dict[ParcelId, datetime] = {}
    for parcel_id, at in scans:
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
