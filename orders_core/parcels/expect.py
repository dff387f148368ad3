"""Say when a parcel will arrive: a clerk, a carrier, a model or the shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.parcels import store
from orders_core.parcels.parcel import WEIGHT, ExpectedSource, Parcel, canonical, fold
from orders_core.parcels.store import Name
from orders_core.tx import Tx


class Revision(StrEnum):
    """What became of a new day."""

    SET = "set"
    UNCHANGED = "unchanged"  #: that day was expected already, on the same word
    OUTRANKED = "outranked"  #: somebody whose word weighs more named another


@dataclass(frozen=True)
class Expected:
    """The parcel as it stands, and what became of the new day."""

    parcel: Parcel
    revision: Revision


@dataclass(frozen=True)
class Day:
    """A new day for a parcel; None takes a clerk's day back."""

    name: Name
    at: datetime | None


def expect(
    tx: Tx, name: Name, at: datetime | None, *, source: ExpectedSource, change: Change
) -> Expected:
    """Say when one parcel will arrive, as `expect_each` does.

    Raises:
        NotFound: If nobody ever heard of the parcel.
    """
    wanted = canonical(*name)
    found = expect_each(tx, [Day(wanted, at)], source=source, change=change)
    if not found:
        raise NotFound("parcel", " ".join(wanted))
    return found[0]


def expect_each(
    tx: Tx, days: Sequence[Day], *, source: ExpectedSource, change: Change
) -> Sequence[Expected]:
    """Say when parcels will arrive; unknown ones are left out, of two days for one the last counts.

    A clerk's day stands until a person changes it or takes it back; then the carrier's last word
    counts again, else the promise. A carrier's outweighs a model's, a model's the shop's promise.
    Each new day is an event with who named it. Locks: parcels in id order.
    """
    held = store.lock(tx, {canonical(*day.name) for day in days})
    wanted = {held[canonical(*day.name)].id: day.at for day in days if canonical(*day.name) in held}
    before = {parcel.id: parcel for parcel in held.values()}
    taken_back = [parcel_id for parcel_id, at in wanted.items() if at is None]
    said = store.checkpoints_of(tx, taken_back) if taken_back else {}
    after = {
        parcel_id: before[parcel_id].without_clerk(fold(said.get(parcel_id, ())))
        if at is None
        else before[parcel_id].expected(at, source)
        for parcel_id, at in wanted.items()
    }
    changed = [new for new in after.values() if new != before[new.id]]
    store.write(tx, [(new, change) for new in changed])
    return [
        Expected(after[one], _revision(before[one], after[one], wanted[one], source))
        for one in wanted
    ]


def _revision(
    before: Parcel, after: Parcel, at: datetime | None, source: ExpectedSource
) -> Revision:
    if before != after:
        return Revision.SET
    present = before.expected_source
    if at is not None and present and WEIGHT[source] < WEIGHT[present]:
        return Revision.OUTRANKED
    return Revision.UNCHANGED
