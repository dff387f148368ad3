"""Goods on the road from one warehouse to another.

They leave one level when they are sent and join the other when they arrive; in between they belong
to neither. What arrives more or less than was sent stays named on the transfer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders_core.errors import CoreError, NotFound
from orders_core.events import Change
from orders_core.ids import SkuId, new_id, show
from orders_core.locks import lease
from orders_core.locks.lease import Lease
from orders_core.stock import shift_store
from orders_core.stock import transfer_store as store
from orders_core.stock.level import Cause
from orders_core.stock.shift import Why, shift
from orders_core.stock.transfer_store import Line, Row
from orders_core.tx import Tx

LEASE_SECONDS = 900.0


class State(StrEnum):
    """How a transfer stands."""

    SENT = "sent"  #: on the road
    ARRIVED = "arrived"  #: counted into the other warehouse


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer and what it carries."""

    row: Row
    lines: Sequence[Line]


class TransferError(CoreError):
    """A transfer does not take what was asked of it."""


class GoesNowhere(TransferError):
    """A transfer needs goods, and two different warehouses."""


class TransferEnded(TransferError):
    """The transfer has arrived."""

    def __init__(self, transfer_id: UUID) -> None:
        self.transfer_id = transfer_id
        super().__init__(f"{show('trf', transfer_id)} has arrived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """Where goods go from and to, and the caller's own reference of the way."""

    origin: str
    target: str
    reference: str | None = None


def lease_name(transfer_id: UUID) -> str:
    """Return the name of the lease of whoever unloads a transfer."""
    return f"transfer {show('trf', transfer_id)}"


def send(tx: Tx, road: Road, units: Mapping[str, int], *, change: Change) -> Transfer:
    """Send units, by SKU code, from one warehouse to another, all or none.

    Raises:
        GoesNowhere: If nothing is sent, or origin and target are the same.
        NotFound: If the shop has no such SKU.
        BelowReserved: If goods go that are promised to orders.
    """
    if road.origin == road.target or not units:
        raise GoesNowhere("a transfer takes goods from one warehouse to another")
    found = _skus(tx, units)
    row = Row(
        id=new_id(),
        from_warehouse=road.origin,
        to_warehouse=road.target,
        state=State.SENT,
        reference=road.reference,
        sent_by=change.by,
        sent_at=change.at,
        arrived_by=None,
        arrived_at=None,
    )
    sent = {found[code]: count for code, count in units.items()}
    deltas = {(sku_id, road.origin): -count for sku_id, count in sent.items()}
    ends = [(sku_id, place) for sku_id in sent for place in (road.origin, road.target)]
    shift_store.open_levels(tx, sorted(ends), change=change)  # what is coming shows on a level
    shift(tx, deltas, Why(Cause.TRANSFER, row.id), change=change)
    store.write(tx, row, sent)
    return read(tx, row.id)


def read(tx: Tx, transfer_id: UUID) -> Transfer:
    """Read a transfer and what it carries.

    Raises:
        NotFound: If there is none of this id.
    """
    row = store.read(tx, transfer_id)
    if row is None:
        raise NotFound("transfer", show("trf", transfer_id))
    return Transfer(row, store.lines(tx, [transfer_id])[transfer_id])


def unload(tx: Tx, transfer_id: UUID, *, change: Change) -> Lease:
    """Begin to unload a transfer over several calls; nobody else may meanwhile.

    Raises:
        NotFound: If there is none of this id.
        TransferEnded: If it has arrived.
        LeaseHeld: If somebody else unloads it, and their time is not over.
    """
    _on_the_road(tx, transfer_id)
    return _take(tx, transfer_id, change=change)


def unload_line(tx: Tx, transfer_id: UUID, code: str, arrived: int, *, token: int) -> Lease:
    """Write what arrived of one SKU; counted again, the last count stands. Renews the lease.

    Raises:
        NotFound: If there is no such transfer or SKU.
        TransferEnded: If it has arrived.
        LeaseLost: If another took over the unloading.
    """
    _on_the_road(tx, transfer_id)
    renewed = lease.renew(tx, lease_name(transfer_id), token, seconds=LEASE_SECONDS)
    store.write_arrived(tx, transfer_id, {_skus(tx, [code])[code]: arrived})
    return renewed


def arrive(
    tx: Tx, transfer_id: UUID, units: Mapping[str, int], *, token: int | None, change: Change
) -> Transfer:
    """Count what arrived into the other warehouse, at once; what nobody counted came as sent.

    Without a token the unloading is done in this one call. Arriving twice is arriving once.

    Raises:
        NotFound: If there is no such transfer or SKU.
        LeaseHeld: If somebody else unloads it, and no token is shown.
        LeaseLost: If another took over the unloading.
    """
    known = read(tx, transfer_id)
    if known.row.state == State.ARRIVED:
        return known
    if token is None:
        token = _take(tx, transfer_id, change=change).token
    try:
        lease.give_back(tx, lease_name(transfer_id), token)
    except lease.LeaseLost:
        if (ended := read(tx, transfer_id)).row.state == State.ARRIVED:
            return ended
        raise
    row = store.lock(tx, transfer_id)
    if row is None or row.state == State.ARRIVED:
        return read(tx, transfer_id)
    found = _skus(tx, units)
    store.write_arrived(tx, transfer_id, {found[code]: count for code, count in units.items()})
    store.fill_arrived(tx, transfer_id)
    counted = store.lines(tx, [transfer_id])[transfer_id]
    deltas = {(line.sku_id, row.to_warehouse): line.arrived or 0 for line in counted}
    shift(tx, deltas, Why(Cause.TRANSFER, transfer_id), change=change)
    store.arrive(tx, transfer_id, change=change)
    return read(tx, transfer_id)


def _take(tx: Tx, transfer_id: UUID, *, change: Change) -> Lease:
    return lease.take(tx, lease_name(transfer_id), change.by, seconds=LEASE_SECONDS)


def _on_the_road(tx: Tx, transfer_id: UUID) -> None:
    if read(tx, transfer_id).row.state == State.ARRIVED:
        raise TransferEnded(transfer_id)


def _skus(tx: Tx, codes: Sequence[str] | Mapping[str, int]) -> dict[str, SkuId]:
    found = store.skus(tx, list(codes))
    for code in codes:
        if code not in found:
            raise NotFound("SKU", code)
    return found
