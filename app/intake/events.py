"""Take events in: each is told what became of it, whatever became of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.http.problems import Problem
from app.intake import store
from app.intake.draft import Draft
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
    the same id is rejected. Whoever a notice names is known, and what it asks for is there, before
    the event counts as come: it can be mended and sent again.
    """
    results: dict[int, Result] = {}
    incoming: dict[int, Incoming] = {}
    asked: dict[int, Any] = {}
    for place, one in enumerate(raw):
        try:
            event = read_event(one, now=terms.now, region=region)
            if event.asked is not None:
                asked[place] = _read_notice(tx, event.asked, terms)
        except NotTaken as fault:
            results[place] = Result(id=_id_of(one), outcome="rejected", reason=fault.reason)
        else:
            incoming[place] = event
    fresh = _new_ones(tx, incoming, results)
    _take_orders(tx, fresh, terms, results)
    told = {place: fresh[place] for place in asked if place in fresh}
    if terms.notices and told:
        named = [(one.key, asked[place]) for place, one in told.items()]
        terms.notices.tell(tx, named, now=terms.now)
    results |= {place: Result(id=one.id, outcome="accepted") for place, one in told.items()}
    return [results[place] for place in range(len(raw))]


def _read_notice(tx: Tx, said: Mapping[str, Any], terms: Terms) -> Any:
    if terms.notices is None:
        raise NotTaken("missing_scope", "a notice needs the scope notices:write", "/type")
    try:
        return terms.notices.read(tx, said, by=terms.by)
    except Problem as fault:
        where = fault.errors[0].pointer if fault.errors else ""
        raise NotTaken(fault.code, fault.detail, f"/data{where}") from None


def _take_orders(
    tx: Tx, fresh: Mapping[int, Incoming], terms: Terms, results: dict[int, Result]
) -> None:
    drafts = {place: event.draft for place, event in fresh.items() if event.draft is not None}
    taken = take(tx, list(drafts.values()), terms)
    refused = {(fault.carrier, fault.number): fault for fault in taken.refused_parcels}
    for (place, draft), mirrored in zip(drafts.items(), taken.orders, strict=True):
        event = fresh[place]
        results[place] = Result(
            id=event.id,
            outcome=mirrored.came.value,
            order_id=mirrored.order_id,
            status=mirrored.status,
            warnings=(*event.warnings, *_refusals(draft, refused)),
        )


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


def _refusals(draft: Draft, refused: Mapping[tuple[str, str], ParcelTaken]) -> list[Reason]:
    names = (canonical(parcel.carrier, parcel.number) for parcel in draft.parcels)
    return [
        Reason(code="parcel_taken", detail=str(refused[name]), pointer="/data/parcels")
        for name in names
        if name in refused
    ]


def _id_of(raw: Any) -> str | None:
    named = raw.get("id") if isinstance(raw, dict) else None
    return named[:255] if isinstance(named, str) else None
