"""Take events in: each is told what became of it, whatever became of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.intake import store
from app.intake.envelope import Incoming, NotTaken, Reason, read_event
from app.intake.take import Terms, take
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.parcels.attach import ParcelTaken
from orders_core.parcels.parcel import canonical
from orders_core.tx import Tx

Outcome = Literal["accepted", "duplicate", "stale", "rejected"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one event."""

    id: str | None
    outcome: Outcome
    order_id: OrderId | None = None
    status: OrderStatus | None = None
    reason: Reason | None = None
    warnings: tuple[Reason, ...] = ()


def accept(tx: Tx, raw: Sequence[Any], terms: Terms, *, region: str) -> list[Result]:
    """Take events in; each is accepted, a duplicate, stale or rejected.

    An event is known by its `source` and `id`: the same one again is a duplicate, another one under
    the same id is rejected.
    """
    results: dict[int, Result] = {}
    incoming: dict[int, Incoming] = {}
    for place, one in enumerate(raw):
        try:
            incoming[place] = read_event(one, now=terms.now, region=region)
        except NotTaken as fault:
            results[place] = Result(id=_id_of(one), outcome="rejected", reason=fault.reason)
    fresh = _new_ones(tx, incoming, results)
    taken = take(tx, [event.draft for event in fresh.values()], terms)
    refused = {(fault.carrier, fault.number): fault for fault in taken.refused_parcels}
    for (place, event), mirrored in zip(fresh.items(), taken.orders, strict=True):
        results[place] = Result(
            id=event.id,
            outcome=mirrored.came.value,
            order_id=mirrored.order_id,
            status=mirrored.status,
            warnings=(*event.warnings, *_refusals(event, refused)),
        )
    return [results[place] for place in range(len(raw))]


def _new_ones(
    tx: Tx, incoming: Mapping[int, Incoming], results: dict[int, Result]
) -> dict[int, Incoming]:
    """Return the events that never came before; say of the others what they are."""
    first: dict[str, Incoming] = {}
    for event in incoming.values():
        first.setdefault(event.key, event)
    before = store.claim_events(tx, {key: event.fingerprint for key, event in first.items()})
    fresh: dict[int, Incoming] = {}
    for place, event in incoming.items():
        if event is first[event.key] and event.key not in before:
            fresh[place] = event
        else:
            known = before.get(event.key, first[event.key].fingerprint)
            results[place] = _again(event, is_the_same=known == event.fingerprint)
    return fresh


def _again(event: Incoming, *, is_the_same: bool) -> Result:
    if is_the_same:
        return Result(id=event.id, outcome="duplicate")
    reason = Reason(
        code="event_id_reused",
        detail="another event came under this source and id",
        pointer="/id",
    )
    return Result(id=event.id, outcome="rejected", reason=reason)


def _refusals(event: Incoming, refused: Mapping[tuple[str, str], ParcelTaken]) -> list[Reason]:
    names = (canonical(parcel.carrier, parcel.number) for parcel in event.draft.parcels)
    return [
        Reason(code="parcel_taken", detail=str(refused[name]), pointer="/data/parcels")
        for name in names
        if name in refused
    ]


def _id_of(raw: Any) -> str | None:
    named = raw.get("id") if isinstance(raw, dict) else None
    return named[:255] if isinstance(named, str) else None
