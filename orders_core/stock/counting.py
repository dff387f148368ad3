"""Counting many shelves over many calls, and applying all differences at once.

A count holds a lease: whoever shows the newest token writes, and one who paused while another took
over is refused. Each difference is taken against what the level said at the moment of counting that
shelf, so sales in between are not counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, new_id, show
from orders_core.locks import lease
from orders_core.locks.lease import Lease, LeaseLost
from orders_core.locks.stripe import hold_stripes
from orders_core.stock import counting_store as store
from orders_core.stock.counting_store import Line, Row
from orders_core.stock.level import Cause, MakeWay, to_nobody
from orders_core.stock.shift import Why, shift
from orders_core.tx import Tx

LEASE_SECONDS = 900.0


class State(StrEnum):
    """How a count stands."""

    OPEN = "open"  #: shelves are being counted
    CLOSED = "closed"  #: its differences were applied
    DROPPED = "dropped"  #: nothing was applied


@dataclass(frozen=True, slots=True)
class Count:
    """A count and its lines."""

    row: Row
    lines: Sequence[Line]


class CountingError(CoreError):
    """A count does not take what was asked of it."""


class AlreadyCounting(CountingError):
    """Somebody counts the same shelf: two differences would both be applied."""

    def __init__(self, count_id: UUID, code: str, warehouse: str) -> None:
        self.count_id, self.code, self.warehouse = count_id, code, warehouse
        super().__init__(f"{code} in {warehouse} is being counted in {show('cnt', count_id)}")


class CountEnded(CountingError):
    """The count was closed or dropped."""

    def __init__(self, count_id: UUID, state: str) -> None:
        self.count_id, self.state = count_id, state
        super().__init__(f"{show('cnt', count_id)} is {state}")


def lease_name(count_id: UUID) -> str:
    """Return the name of a count's lease."""
    return f"count {show('cnt', count_id)}"


def open_count(
    tx: Tx, warehouse: str, *, codes: Sequence[str] | None, change: Change
) -> tuple[Count, Lease]:
    """Begin to count SKUs in a warehouse, all that it has a level of if none are named.

    Raises:
        NotFound: If the shop has no such SKU.
        AlreadyCounting: If another open count has one of them there.
        LockTimeout: If another count of one of them is just being opened, for too long.
    """
    found = store.skus(tx, warehouse, codes)
    for code in codes or ():
        if code not in found:
            raise NotFound("SKU", code)
    row = Row(
        id=new_id(),
        warehouse=warehouse,
        state=State.OPEN,
        opened_by=change.by,
        opened_at=change.at,
        closed_by=None,
        closed_at=None,
    )
    _guard(tx, row, sorted(found.values()))
    store.write(tx, row, sorted(found.values()))
    taken = lease.take(tx, lease_name(row.id), change.by, seconds=LEASE_SECONDS)
    return read(tx, row.id), taken


def read(tx: Tx, count_id: UUID) -> Count:
    """Read a count and its lines.

    Raises:
        NotFound: If there is none of this id.
    """
    row = store.read(tx, count_id)
    if row is None:
        raise NotFound("count", show("cnt", count_id))
    return Count(row, store.lines(tx, count_id))


def take_over(tx: Tx, count_id: UUID, *, change: Change) -> Lease:
    """Go on with a count whose holder's time is over; their token is worth nothing from here on.

    Raises:
        NotFound: If there is none of this id.
        CountEnded: If it was closed or dropped.
        LeaseHeld: If its holder still has time.
    """
    taken = lease.take(tx, lease_name(_open(tx, count_id).id), change.by, seconds=LEASE_SECONDS)
    _open(tx, count_id)  # it may have ended while the lease was waited for
    return taken


def count_line(
    tx: Tx, count_id: UUID, code: str, counted: int, *, token: int, change: Change
) -> Lease:
    """Write what was counted of one SKU; counted again, the last count stands.

    The lease is renewed. A SKU the count did not begin with joins it.

    Raises:
        NotFound: If there is no such count or SKU.
        CountEnded: If it was closed or dropped.
        LeaseLost: If another took the count over.
        AlreadyCounting: If the SKU is being counted in another open count.
    """
    row = _open(tx, count_id)
    renewed = lease.renew(tx, lease_name(count_id), token, seconds=LEASE_SECONDS)
    sku_id = store.skus(tx, row.warehouse, [code]).get(code)
    if sku_id is None:
        raise NotFound("SKU", code)
    if not store.has_line(tx, count_id, sku_id):
        _guard(tx, row, [sku_id])
    store.write_line(tx, row, sku_id, counted, change=change)
    return renewed


def close(
    tx: Tx, count_id: UUID, *, token: int, change: Change, make_way: MakeWay = to_nobody
) -> Count:
    """Apply every difference at once, or none; closing what is closed changes nothing.

    What was not counted stays as it is. Locks: the lease, the levels in SKU order; `make_way` is
    asked for every level that would hold less than is promised.

    Raises:
        NotFound: If there is none of this id.
        CountEnded: If it was dropped.
        LeaseLost: If another took the count over.
        BelowReserved: If a shelf would still hold fewer units than are promised.
    """
    try:
        row = _end(tx, count_id, token, State.CLOSED, change=change)
    except (CountEnded, LeaseLost):
        if (ended := read(tx, count_id)).row.state == State.CLOSED:
            return ended
        raise
    deltas = {(line.sku_id, row.warehouse): line.difference for line in store.lines(tx, count_id)}
    shift(tx, deltas, Why(Cause.COUNT, count_id), change=change, make_way=make_way)
    return read(tx, count_id)


def drop(tx: Tx, count_id: UUID, *, token: int, change: Change) -> Count:
    """End a count without applying anything.

    Raises:
        NotFound: If there is none of this id.
        CountEnded: If it was closed or dropped.
        LeaseLost: If another took the count over.
    """
    _end(tx, count_id, token, State.DROPPED, change=change)
    return read(tx, count_id)


def _open(tx: Tx, count_id: UUID) -> Row:
    row = read(tx, count_id).row
    if row.state != State.OPEN:
        raise CountEnded(count_id, row.state)
    return row


def _end(tx: Tx, count_id: UUID, token: int, state: State, *, change: Change) -> Row:
    """Give the lease back, which shows that the token is the newest, and end the count."""
    _open(tx, count_id)
    lease.give_back(tx, lease_name(count_id), token)
    row = store.lock(tx, count_id)
    if row is None or row.state != State.OPEN:
        raise CountEnded(count_id, row.state if row else "gone")
    store.end(tx, count_id, state, change=change)
    return row


def _guard(tx: Tx, row: Row, sku_ids: Sequence[SkuId]) -> None:
    """Keep others from beginning to count the same shelves until this transaction ends."""
    hold_stripes(tx, [f"count {row.warehouse} {sku_id}" for sku_id in sku_ids])
    if other := store.overlapping(tx, row.warehouse, sku_ids, but=row.id):
        raise AlreadyCounting(other[0], other[1], row.warehouse)
