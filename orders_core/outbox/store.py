"""Claiming events and saying how their handling went.

The table is the queue. A claim pushes `not_before` to the end of its lease, so "due again" and
"lease ran out" are one predicate on one partial index; the token fences a claimer that slept
through its lease. An event is claimable when it is visible, open, and no earlier version of the
same entity is open: order within an entity, none across.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Uuid,
    and_,
    column,
    exists,
    func,
    select,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import insert

from orders_core.events import Change, Event, EventType, Ring
from orders_core.ids import EventId, new_id
from orders_core.outbox.tables import handled, history, outbox
from orders_core.tx import Tx

LEASE = timedelta(seconds=60)
TRIES = 5
OPEN = ("pending", "parked")


@dataclass(frozen=True, slots=True)
class Claim:
    """An event in our hands until the lease ends; `attempts` counts this one."""

    event: Event
    token: int
    attempts: int


def event_of(row: Row[Any]) -> Event:
    """Read a history row as the event it is."""
    return Event(
        id=EventId(row.id),
        type=EventType(row.type),
        entity=row.entity,
        entity_id=row.entity_id,
        version=row.version,
        old=row.old,
        new=row.new,
        ring=Ring(row.ring),
        by=row.changed_by,
        why=row.change_reason,
        occurred_at=row.changed_at,
    )


def announce(tx: Tx, type_: EventType, entity_id: UUID, *, change: Change) -> EventId:
    """Write an event of something that is no tracked table: what it is about comes before the dot.

    It happens to an entity once: its version is 1.
    """
    event_id = EventId(new_id())
    entity = type_.partition(".")[0]
    told = {"id": event_id, "entity_id": entity_id, "version": 1, "type": type_}
    about = {
        "entity": entity,
        "new": {},
        "ring": change.ring,
        "changed_by": change.by,
        "change_reason": change.why,
        "changed_at": change.at,
    }
    tx.execute(insert(history).values(**told, **about))
    tx.execute(insert(outbox).values(**told))
    return event_id


def claim(
    tx: Tx,
    *,
    at_most: int,
    lease: timedelta = LEASE,
    worker: str | None = None,
    tried: bool | None = None,
) -> list[Claim]:
    """Take up to `at_most` due events, longest-waiting first; no two workers take the same.

    `worker` is who holds them until the lease ends. `tried` takes only those that were claimed
    before, or only those that were not.
    """
    wanted = [] if tried is None else [(outbox.c.attempts > 0) == tried]
    due = (
        select(outbox.c.id)
        .where(*_is_due(), *wanted)
        .order_by(outbox.c.not_before)
        .limit(at_most)
        .with_for_update(skip_locked=True, of=outbox)
        .cte("due")
    )
    taken = (
        update(outbox)
        .where(outbox.c.id == due.c.id)
        .values(
            token=outbox.c.token + 1,
            claimed_by=worker,
            attempts=outbox.c.attempts + 1,
            not_before=func.clock_timestamp() + lease,
        )
        .returning(outbox.c.id, outbox.c.token, outbox.c.attempts)
        .cte("taken")
    )
    rows = tx.execute(
        select(history, taken.c.token, taken.c.attempts)
        .join(taken, taken.c.id == history.c.id)
        .order_by(history.c.id)
    )
    return [Claim(event_of(row), row.token, row.attempts) for row in rows]


def _is_due() -> Sequence[ColumnElement[bool]]:
    """Return what makes an event claimable: open, waited for, and nothing open before it."""
    earlier = outbox.alias("earlier")
    held_back = exists().where(
        earlier.c.entity_id == outbox.c.entity_id,
        earlier.c.version < outbox.c.version,
        earlier.c.state.in_(OPEN),
    )
    return (
        outbox.c.state == "pending",
        outbox.c.not_before <= func.clock_timestamp(),
        ~held_back,
    )


def claimers(tx: Tx) -> set[str]:
    """Name the processes that hold an event."""
    return set(tx.scalars(select(outbox.c.claimed_by).where(_is_held()).distinct()))


def release(tx: Tx, dead: Collection[str]) -> int:
    """End the leases of processes that are gone; return how many events that frees."""
    freed = tx.execute(
        update(outbox)
        .where(_is_held(), outbox.c.claimed_by.in_(dead))
        .values(not_before=func.clock_timestamp())
    )
    return freed.rowcount


def _is_held() -> ColumnElement[bool]:
    return and_(
        outbox.c.state == "pending",
        outbox.c.claimed_by.is_not(None),
        outbox.c.not_before > func.clock_timestamp(),
    )


def first_time(tx: Tx, consumer: str, events: Sequence[EventId]) -> frozenset[EventId]:
    """Mark the events as handled by the consumer; return those that were not before.

    Call it in the transaction that applies the effect: both stand or neither does.
    """
    if not events:
        return frozenset()
    marking = (
        insert(handled)
        .values([{"consumer": consumer, "event_id": event} for event in sorted(events)])
        .on_conflict_do_nothing()
        .returning(handled.c.event_id)
    )
    return frozenset(EventId(event) for event in tx.scalars(marking))


def close(tx: Tx, claims: Sequence[Claim]) -> int:
    """Mark claimed events done; return how many were fenced off by a newer claim."""
    ours = values(column("id", Uuid), column("token", Integer), name="ours").data(
        [(claim.event.id, claim.token) for claim in claims]
    )
    closed = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == ours.c.id,
            outbox.c.token == ours.c.token,
            outbox.c.state == "pending",
        )
        .values(state="done", error=None)
    )
    return len(claims) - closed.rowcount


def close_unheard(tx: Tx, types: Collection[EventType], *, at_most: int) -> int:
    """Mark the oldest due events done that may ring nobody; return how many there were.

    For types whose history nobody listens to. Nobody hears them, so they may be done before earlier
    events of their entity; those hold back the later ones as before.
    """
    if not types:
        return 0
    unheard = (
        select(outbox.c.id)
        .where(
            outbox.c.state == "pending",
            outbox.c.not_before <= func.clock_timestamp(),
            outbox.c.attempts == 0,
            outbox.c.type.in_(types),
            exists().where(history.c.id == outbox.c.id, history.c.ring == Ring.NEVER),
        )
        .order_by(outbox.c.not_before)
        .limit(at_most)
        .with_for_update(skip_locked=True, of=outbox)
        .cte("unheard")
    )
    done = update(outbox).where(outbox.c.id == unheard.c.id).values(state="done")
    return tx.execute(done).rowcount


def fail(tx: Tx, claim: Claim, error: str, *, wait: timedelta) -> bool:
    """Hand a failed event back after `wait`, or park it on its fifth try; True if parked."""
    is_last = claim.attempts >= TRIES
    tx.execute(
        update(outbox)
        .where(
            outbox.c.id == claim.event.id,
            outbox.c.token == claim.token,
            outbox.c.state == "pending",
        )
        .values(
            state="parked" if is_last else "pending",
            claimed_by=None,
            error=error[:2000],
            not_before=func.clock_timestamp() + wait,
        )
    )
    return is_last


def any_due(tx: Tx) -> bool:
    """Say whether an event could be claimed, without taking it; one held back could not."""
    due = exists().where(*_is_due())
    return bool(tx.scalar(select(due)))


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that failed for good until somebody decides; it holds back its own entity only."""

    event: Event
    error: str
    waiting: int  #: later events of the same entity that wait behind it


def parked(tx: Tx, *, at_most: int = 200) -> list[Parked]:
    """List parked events, oldest first."""
    later = outbox.alias("later")
    behind = (
        select(func.count())
        .where(
            later.c.entity_id == outbox.c.entity_id,
            later.c.version > outbox.c.version,
            later.c.state.in_(OPEN),
        )
        .scalar_subquery()
    )
    rows = tx.execute(
        select(history, outbox.c.error, behind.label("behind"))
        .join(outbox, outbox.c.id == history.c.id)
        .where(outbox.c.state == "parked")
        .order_by(outbox.c.id)
        .limit(at_most)
    )
    return [Parked(event_of(row), row.error or "", row.behind) for row in rows]


def retry(tx: Tx, event_id: EventId, *, by: str, why: str) -> bool:
    """Give a parked event five new tries; False if it is not parked."""
    return _release(tx, event_id, {"state": "pending", "attempts": 0}, by=by, why=why)


def discard(tx: Tx, event_id: EventId, *, by: str, why: str) -> bool:
    """Close a parked event without handling it, for a reason; False if it is not parked."""
    return _release(tx, event_id, {"state": "discarded"}, by=by, why=why)


def _release(tx: Tx, event_id: EventId, changes: Mapping[str, Any], *, by: str, why: str) -> bool:
    released = tx.execute(
        update(outbox)
        .where(outbox.c.id == event_id, outbox.c.state == "parked")
        .values(not_before=func.clock_timestamp(), closed_by=by, close_reason=why, **changes)
    )
    return released.rowcount == 1


def counts(tx: Tx) -> Mapping[str, int]:
    """Count the open events by state."""
    rows = tx.execute(
        select(outbox.c.state, func.count().label("events"))
        .where(outbox.c.state.in_(OPEN))
        .group_by(outbox.c.state)
    )
    return {row.state: row.events for row in rows}
