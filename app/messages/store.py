"""The SQL of messages: queue, claim, record, and what is waiting."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    and_,
    column,
    exists,
    func,
    or_,
    select,
    table,
    update,
)

from app.jobs.lanes import Lane
from app.messages.barred_store import barred
from app.messages.message import (
    MARKETING_SWITCH,
    RESENT_IN_DOUBT,
    TERMINAL,
    Claimed,
    Draft,
    Next,
)
from app.messages.tables import message
from orders_core.tx import Tx, copy_in, moment

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# The hub stands above this room and owns the switches; its table is only looked at.
switch = table("switch", column("name", Text), column("on", Boolean))

# What must not leave yet is held back after it was added: few are, and a COPY asks no clock.
HOLD_BACK = """
UPDATE message SET not_before = clock_timestamp() + make_interval(secs => held.seconds)
FROM unnest(%(ids)s::uuid[], %(seconds)s::int[]) AS held (id, seconds)
WHERE message.id = held.id
"""
RECORD = """
UPDATE message SET state = next.state, error = next.error,
       provider_ref = coalesce(next.provider_ref, message.provider_ref),
       not_before = clock_timestamp() + make_interval(secs => next.wait_seconds),
       attempts = message.attempts - next.given_back,
       duplicate_risk = message.duplicate_risk OR next.duplicate_risk,
       template_version = coalesce(next.template_version, message.template_version),
       settled_at = CASE WHEN next.state = ANY(%(terminal)s) THEN %(now)s::timestamptz END
FROM unnest(%(id)s::uuid[], %(token)s::int[], %(state)s::text[], %(error)s::text[],
            %(provider_ref)s::text[], %(wait_seconds)s::float8[], %(given_back)s::int[],
            %(duplicate_risk)s::bool[], %(template_version)s::bytea[])
     AS next (id, token, state, error, provider_ref, wait_seconds, given_back, duplicate_risk,
              template_version)
WHERE message.id = next.id AND message.token = next.token AND message.state = 'sending'
RETURNING message.id
"""
ADDED = (
    "id",
    "verdict_id",
    "person_id",
    "order_id",
    "notice",
    "category",
    "channel",
    "address",
    "locale",
    "kind",
    "lane",
    "variables",
    "due_at",
    "expires_at",
    "queued_at",
    "stands_until",
    "entry",
    "is_trial",
)


def add(tx: Tx, drafts: Sequence[tuple[UUID, Draft]]) -> None:
    """Put messages into the queue, all in one COPY."""
    if not drafts:
        return
    copy_in(tx, message.name, ADDED, _rows(drafts))
    held = {message_id: draft.hold_seconds for message_id, draft in drafts if draft.hold_seconds}
    if held:
        tx.exec_driver_sql(HOLD_BACK, {"ids": list(held), "seconds": list(held.values())})


def _rows(drafts: Sequence[tuple[UUID, Draft]]) -> Iterator[tuple[object, ...]]:
    """Yield the values of `ADDED`; the messages of one verdict share their variables."""
    variables, written = None, ""
    for message_id, draft in drafts:
        if draft.variables is not variables:
            variables, written = draft.variables, orjson.dumps(draft.variables).decode()
        yield _row(message_id, draft, written)


def _row(message_id: UUID, draft: Draft, variables: str) -> tuple[object, ...]:
    return (
        message_id.hex,
        draft.verdict_id.hex,
        draft.person_id.hex,
        draft.order_id and draft.order_id.hex,
        draft.notice,
        draft.category,
        draft.channel,
        draft.address,
        draft.locale,
        draft.kind,
        draft.lane,
        variables,
        moment(draft.due_at),
        moment(draft.expires_at),
        moment(draft.queued_at),
        draft.stands_until and moment(draft.stands_until),
        draft.entry,
        draft.is_trial,
    )


def claim(
    tx: Tx,
    lane: Lane,
    *,
    now: datetime,
    at_most: int,
    lease_seconds: float,
    worker: str | None = None,
) -> Sequence[Claimed]:
    """Take up to `at_most` due messages of a lane, longest due first; no two workers take the same.

    Each is the claimer's for `lease_seconds` of machine time; `worker` names it as its heartbeat
    does. A message whose lease ran out is due
    again, and marked as possibly sent where its kind is sent again in doubt.
    """
    due = (
        select(message.c.id, message.c.state.label("was"))
        .where(is_due(lane, now))
        .order_by(message.c.lane, message.c.due_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    ran_out = due.c.was == "sending"
    is_doubtful = and_(ran_out, message.c.kind.in_(RESENT_IN_DOUBT))
    taken = (
        update(message)
        .where(message.c.id == due.c.id)
        .values(
            state="sending",
            token=message.c.token + 1,
            claimed_by=worker,
            attempts=message.c.attempts + 1,
            not_before=func.clock_timestamp() + timedelta(seconds=lease_seconds),
            duplicate_risk=or_(message.c.duplicate_risk, is_doubtful),
        )
        .returning(message, ran_out.label("lease_ran_out"), barred().label("barred"))
    )
    rows = tx.execute(taken).mappings().all()
    return [_claimed(row) for row in sorted(rows, key=lambda row: (row["due_at"], row["id"]))]


def is_due(lane: Lane, now: datetime) -> ColumnElement[bool]:
    """Say which rows of a lane may be taken: at their business time, not backing off, not held.

    One whose verdict no longer stands is left to whoever decides it again, unless it expired.
    """
    conditions = [
        message.c.state.in_(("queued", "sending")),
        message.c.lane == lane.value,
        message.c.due_at <= now,
        message.c.not_before <= func.clock_timestamp(),
        or_(
            message.c.stands_until.is_(None),
            message.c.stands_until > now,
            message.c.state == "sending",
            message.c.expires_at <= now,
        ),
    ]
    if lane is Lane.MARKETING:
        stopped = exists().where(switch.c.name == MARKETING_SWITCH, switch.c.on)
        conditions.append(or_(~stopped, message.c.expires_at <= now, message.c.state == "sending"))
    return and_(*conditions)


def _claimed(row: Any) -> Claimed:
    names = Claimed.__dataclass_fields__
    return Claimed(**{name: row[name] for name in names if name != "lane"}, lane=Lane(row["lane"]))


def record(tx: Tx, results: Sequence[tuple[Claimed, Next]], *, now: datetime) -> set[UUID]:
    """Write what became of messages; return the ids of those that were still ours to write.

    A message whose token has moved on was taken by another worker: it is left alone.
    """
    if not results:
        return set()
    values = {
        "id": [held.id for held, _ in results],
        "token": [held.token for held, _ in results],
        "state": [then.state.value for _, then in results],
        "error": [_storable(then.error) for _, then in results],
        "provider_ref": [_storable(then.provider_ref) for _, then in results],
        "wait_seconds": [then.wait_seconds for _, then in results],
        "given_back": [0 if then.counts else 1 for _, then in results],
        "duplicate_risk": [then.duplicate_risk for _, then in results],
        "template_version": [then.version and then.version.key for _, then in results],
        "terminal": [state.value for state in TERMINAL],
        "now": now,
    }
    return set(tx.exec_driver_sql(RECORD, values).scalars())


def _storable(said: str | None) -> str | None:
    """Return what a provider said as PostgreSQL takes it; one bad byte must not cost a batch."""
    return said and UNSTORABLE.sub("\ufffd", said)


def withdraw(tx: Tx, verdict_ids: Collection[UUID], *, why: str, now: datetime) -> int:
    """Cancel the messages of some verdicts that are still queued; return how many were.

    What a worker holds at this moment leaves: the count tells.
    """
    queued = (
        select(message.c.id)
        .where(message.c.verdict_id.in_(verdict_ids), message.c.state == "queued")
        .with_for_update(skip_locked=True)
        .cte("queued")
    )
    withdrawn = tx.execute(
        update(message)
        .where(message.c.id == queued.c.id)
        .values(state="cancelled", error=why, settled_at=now)
    )
    return withdrawn.rowcount


def claimers(tx: Tx) -> set[str]:
    """Name the processes that hold a message."""
    holding = select(message.c.claimed_by).where(_is_held()).distinct()
    return set(tx.scalars(holding))


def release(tx: Tx, dead: Collection[str]) -> int:
    """End the leases of processes that are gone; return how many messages that frees."""
    freed = tx.execute(
        update(message)
        .where(_is_held(), message.c.claimed_by.in_(dead))
        .values(not_before=func.clock_timestamp())
    )
    return freed.rowcount


def _is_held() -> ColumnElement[bool]:
    return and_(
        message.c.state == "sending",
        message.c.claimed_by.is_not(None),
        message.c.not_before > func.clock_timestamp(),
    )


def lanes_due(tx: Tx, *, now: datetime) -> Collection[Lane]:
    """Return the lanes on which a worker would find something now, first lane first."""
    asked = [exists().where(is_due(lane, now)) for lane in Lane]
    found = tx.execute(select(*asked)).one()
    return [lane for lane, is_waiting in zip(Lane, found, strict=True) if is_waiting]


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first business time after `after`, at most `until`, that a message is due."""
    firsts = [
        select(func.min(message.c.due_at))
        .where(
            message.c.state == "queued",
            message.c.lane == lane.value,
            message.c.due_at > after,
            message.c.due_at <= until,
        )
        .scalar_subquery()
        for lane in Lane
    ]
    first: datetime | None = tx.execute(select(func.least(*firsts))).scalar_one()
    return first


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits on one lane. `oldest_seconds` is how long the oldest due message is overdue."""

    lane: Lane
    later: int
    due: int
    sending: int
    oldest_seconds: float


def waiting(tx: Tx, *, now: datetime) -> Sequence[Waiting]:
    """Count by lane what is queued for later, due and being sent; every lane is in the answer."""
    queued, sending = message.c.state == "queued", message.c.state == "sending"
    is_due_now = and_(queued, message.c.due_at <= now)
    rows = tx.execute(
        select(
            message.c.lane,
            func.count().filter(and_(queued, message.c.due_at > now)),
            func.count().filter(is_due_now),
            func.count().filter(sending),
            func.min(message.c.due_at).filter(is_due_now),
        )
        .where(message.c.state.in_(("queued", "sending")))
        .group_by(message.c.lane)
    )
    found = {row[0]: row for row in rows}
    nothing = (0, 0, 0, 0, None)
    return [_waiting(lane, found.get(lane.value, nothing), now) for lane in Lane]


def _waiting(lane: Lane, row: Any, now: datetime) -> Waiting:
    _, later, due, sending, oldest = row
    overdue = (now - oldest).total_seconds() if oldest else 0.0
    return Waiting(lane=lane, later=later, due=due, sending=sending, oldest_seconds=overdue)
