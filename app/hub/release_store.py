"""The SQL of deciding again: take what no longer stands, write what becomes of it.

Rows are locked here only where nobody else holds them: a message first, and the row of a person
whose bell moves, without waiting for either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, select

from app.hub import switch
from app.hub.notice import Notice
from app.hub.tables import verdict
from app.hub.verdict import Because
from app.jobs.lanes import Lane
from app.messages.message import State
from app.messages.tables import message
from app.people.choices import BELLS
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

WRITE = """
UPDATE message SET state = next.state, error = next.error, address = next.address,
       due_at = next.due_at, stands_until = next.stands_until, entry = next.entry,
       settled_at = CASE WHEN next.state = 'cancelled' THEN %(now)s::timestamptz END
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(errors)s::text[], %(addresses)s::text[],
            %(dues)s::timestamptz[], %(stand)s::timestamptz[], %(entries)s::bigint[])
     AS next (id, state, error, address, due_at, stands_until, entry)
WHERE message.id = next.id
"""
RETELL = """
UPDATE message SET notice = now.notice, category = now.category, kind = now.kind, lane = now.lane,
       order_id = now.order_id, variables = now.variables::jsonb
FROM unnest(%(ids)s::uuid[], %(notices)s::text[], %(categories)s::text[], %(kinds)s::text[],
            %(lanes)s::smallint[], %(orders)s::uuid[], %(variables)b::text[])
     AS now (id, notice, category, kind, lane, order_id, variables)
WHERE message.id = now.id
"""
PLACES = """
SELECT verdict_id, id, entry, state FROM message WHERE verdict_id = ANY(%(verdicts)s)
  AND entry IS NOT NULL AND state IN ('queued', 'sending', 'sent', 'unknown')
"""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A queued message that this transaction alone may change."""

    id: UUID
    verdict_id: UUID
    person_id: PersonId
    order_id: OrderId | None
    notice: str
    channel: str
    address: str
    variables: Mapping[str, Any]
    due_at: datetime
    expires_at: datetime
    error: str | None
    entry: int | None


@dataclass(frozen=True, kw_only=True)
class Then:
    """What becomes of it: when it is due, how long that stands, why it was cancelled if it was.

    `entry` is its new place under the caps; None if it keeps the one it has.
    """

    address: str
    due_at: datetime
    stands_until: datetime | None = None
    because: Because | None = None
    entry: int | None = None

    @classmethod
    def cancelled(cls, one: Held, because: Because) -> Self:
        """Say that a message does not leave, and why."""
        return cls(address=one.address, due_at=one.due_at, because=because)


@dataclass(frozen=True, kw_only=True)
class Retold:
    """What a queued message says by now, in place of what it said."""

    id: UUID
    notice: Notice
    order_id: OrderId | None
    variables: Mapping[str, Any]


class Place(NamedTuple):
    """A place under the caps, and whether its message is still queued."""

    entry: int
    is_queued: bool


COLUMNS = [message.c[name] for name in Held.__dataclass_fields__]
IS_QUEUED: ColumnElement[bool] = message.c.state == State.QUEUED.value


def take(tx: Tx, lanes: Sequence[Lane], *, now: datetime, at_most: int) -> Sequence[Held]:
    """Lock queued messages that would be due now, had their verdict not ceased to stand.

    What expired is left to the claim, which says so. While marketing is stopped it is left alone,
    and nobody stops it until the transaction ends: what is locked here would slip through.
    """
    asked = set(lanes)
    if Lane.MARKETING in asked and switch.hold(tx):
        asked.remove(Lane.MARKETING)
    wanted = (
        select(*COLUMNS)
        .where(
            IS_QUEUED,
            message.c.stands_until <= now,
            message.c.due_at <= now,
            message.c.expires_at > now,
            message.c.not_before <= func.clock_timestamp(),
            message.c.lane.in_([lane.value for lane in asked]),
        )
        .order_by(message.c.stands_until)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    return [Held(**row._mapping) for row in tx.execute(wanted)]


def take_of_orders(
    tx: Tx, order_ids: Collection[OrderId], *, but: Collection[UUID]
) -> Sequence[Held]:
    """Lock the bells of some orders that are still queued, but for those of some verdicts."""
    wanted = (
        select(*COLUMNS)
        .where(
            message.c.order_id.in_(order_ids),
            IS_QUEUED,
            message.c.channel.in_(BELLS),
            message.c.verdict_id.not_in(but),
        )
        .order_by(message.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Held(**row._mapping) for row in tx.execute(wanted)]


def take_of_people(tx: Tx, people: Collection[PersonId]) -> Sequence[Held]:
    """Lock what is still queued for some people, and held by nobody."""
    wanted = (
        select(*COLUMNS)
        .where(message.c.person_id.in_(people), IS_QUEUED)
        .order_by(message.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Held(**row._mapping) for row in tx.execute(wanted)]


def came_of_events(tx: Tx, verdict_ids: Collection[UUID]) -> frozenset[UUID]:
    """Say which of these verdicts are about an event; the others somebody wished for."""
    wanted = select(verdict.c.id).where(
        verdict.c.id.in_(verdict_ids), verdict.c.event_id.is_not(None)
    )
    return frozenset(tx.scalars(wanted))


def places(
    tx: Tx, verdict_ids: Collection[UUID], *, without: Collection[UUID]
) -> Mapping[UUID, Sequence[Place]]:
    """Return the places that messages of some verdicts take under the caps, but for some."""
    found: dict[UUID, list[Place]] = {verdict_id: [] for verdict_id in verdict_ids}
    for row in tx.exec_driver_sql(PLACES, {"verdicts": list(verdict_ids)}):
        if row.id not in without:
            place = Place(row.entry, row.state == State.QUEUED.value)
            found[row.verdict_id].append(place)
    return found


def write(tx: Tx, results: Sequence[tuple[Held, Then]], *, now: datetime) -> None:
    """Write what becomes of messages that are locked."""
    if not results:
        return
    states = [State.CANCELLED if then.because else State.QUEUED for _, then in results]
    tx.exec_driver_sql(
        WRITE,
        {
            "ids": [one.id for one, _ in results],
            "states": [state.value for state in states],
            "errors": [then.because or one.error for one, then in results],
            "addresses": [then.address for _, then in results],
            "dues": [then.due_at for _, then in results],
            "stand": [then.stands_until for _, then in results],
            "entries": [then.entry or one.entry for one, then in results],
            "now": now,
        },
    )


def retell(tx: Tx, retold: Sequence[Retold]) -> None:
    """Write what messages that are locked say by now."""
    if not retold:
        return
    tx.exec_driver_sql(
        RETELL,
        {
            "ids": [one.id for one in retold],
            "notices": [one.notice.name for one in retold],
            "categories": [one.notice.category for one in retold],
            "kinds": [one.notice.kind for one in retold],
            "lanes": [one.notice.lane for one in retold],
            "orders": [one.order_id for one in retold],
            "variables": [orjson.dumps(one.variables).decode() for one in retold],
        },
    )
