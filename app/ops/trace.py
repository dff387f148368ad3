"""Everything that happened to one order, in the order it was committed.

Every row here carries a UUIDv7 of machine time, so sorting by id is sorting by when it was written;
what an event or a message went through afterwards is told beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.messages import capture_store
from app.messages.capture_store import Captured
from app.ops import store
from orders_core.errors import NotFound
from orders_core.ids import read, show
from orders_core.tx import Tx

MILLISECONDS_SHIFT = 80


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was written: what kind, what it says, and the business time it is about."""

    kind: str  #: row, event, verdict, message, left, inbox, checkpoint
    id: UUID
    ref: str  #: the id as the API shows it
    says: str
    about: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    source: Any = None

    @property
    def written_at(self) -> datetime:
        """Machine time of the row, to the millisecond."""
        return datetime.fromtimestamp((self.id.int >> MILLISECONDS_SHIFT) / 1000, UTC)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One order and everything written about it, oldest first."""

    order: Row[Any]
    steps: Sequence[Step]


def trace(tx: Tx, ref: str) -> Trace:
    """Gather every row, event, handler, verdict and message of one order.

    `ref` is `ord_…`, our order number, or the reference of the shop it mirrors.

    Raises:
        NotFound: If there is no such order, or a reference names several.
        BadId: If it begins like an id and is none.
    """
    order = _order(tx, ref)
    parcels = store.parcels_of(tx, order.id)
    parcel_ids = [row.id for row in parcels]
    verdicts = store.verdicts_of_order(tx, order.id)
    messages = store.messages_of_order(tx, order.id)
    steps = [
        _row("order", "ord", order, f"order {order.number}", order.placed_at),
        *(
            _row("reservation", "res", row, _held(row), None)
            for row in store.reservations_of(tx, order.id)
        ),
        *(
            _row("parcel", "par", row, f"parcel {row.carrier} {row.number}", None)
            for row in parcels
        ),
        *(_scan(row) for row in store.checkpoints_of(tx, parcel_ids)),
        *_events(tx, [order.id, *parcel_ids]),
        *(_verdict(row) for row in verdicts),
        *(_message(row) for row in messages),
        *(_left(one) for row in messages for one in capture_store.of_message(tx, row.id)),
    ]
    return Trace(order=order, steps=sorted(steps, key=lambda step: (step.id.int, step.kind)))


def _order(tx: Tx, ref: str) -> Row[Any]:
    if ref.startswith("ord_"):
        found = store.order(tx, read("ord", ref))
        rows = [found] if found else []
    else:
        rows = list(store.orders_named(tx, ref.strip()))
    if len(rows) != 1:
        raise NotFound("order", ref)
    return rows[0]


def _row(kind: str, prefix: str, row: Row[Any], says: str, about: datetime | None) -> Step:
    return Step(
        kind="row",
        id=row.id,
        ref=show(prefix, row.id),
        says=says,
        about=about,
        facts={"table": kind},
        source=row,
    )


def _held(row: Row[Any]) -> str:
    return f"stock {row.state}: {row.quantity} from {row.warehouse}"


def _scan(row: Row[Any]) -> Step:
    return Step(
        kind="checkpoint",
        id=row.id,
        ref=show("chk", row.id),
        says=f"{row.code} {row.place}".strip(),
        about=row.at,
        source=row,
    )


def _events(tx: Tx, entity_ids: Sequence[UUID]) -> Iterator[Step]:
    rows = store.events_of(tx, entity_ids)
    handlers = store.handlers_of(tx, [row.id for row in rows])
    for row in rows:
        yield Step(
            kind="event",
            id=row.id,
            ref=show("evt", row.id),
            says=row.type,
            about=row.changed_at,
            facts={
                "version": row.version,
                "ring": row.ring,
                "by": row.changed_by,
                "why": row.change_reason,
                "state": row.state or "missing",
                "attempts": row.attempts or 0,
                "error": row.error,
                "handled_by": handlers.get(row.id, []),
            },
            source=row,
        )


def _verdict(row: Row[Any]) -> Step:
    return Step(
        kind="verdict",
        id=row.id,
        ref=show("ver", row.id),
        says=f"{row.notice}: {row.answer}",
        about=row.decided_at,
        facts={"because": row.because, "decided_by": row.decided_by, "until": row.until},
        source=row,
    )


def _message(row: Row[Any]) -> Step:
    return Step(
        kind="message",
        id=row.id,
        ref=show("msg", row.id),
        says=f"{row.notice} on {row.channel}: {row.state}",
        about=row.queued_at,
        facts={
            "lane": row.lane,
            "due_at": row.due_at,
            "settled_at": row.settled_at,
            "attempts": row.attempts,
            "duplicate_risk": row.duplicate_risk,
            "provider_ref": row.provider_ref,
            "error": row.error,
        },
        source=row,
    )


def _left(one: Captured) -> Step:
    return Step(
        kind="left",
        id=one.id or UUID(int=0),
        ref=show("out", one.id or UUID(int=0)),
        says=f"left on {one.channel}",
        about=one.captured_at,
        source=one,
    )
