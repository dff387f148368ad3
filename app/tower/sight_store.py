"""What the tower looks up: how many people and orders, whose phone it draws, how old news grew."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from app.db import clock as clock_store
from app.messages.tables import captured, message
from app.ops.lanes_store import first_id_at
from app.people.tables import contact, person
from app.tower.age import Span
from orders_core.orders.tables import orders
from orders_core.tx import Tx

# Machine milliseconds of a UUIDv7; every PostgreSQL we know can say it this way.
MILLISECONDS = "('x' || substr(replace({id}::text, '-', ''), 1, 12))::bit(48)::bigint"
LEFT = f"""
SELECT m.lane >= 2 AS is_bulk, {MILLISECONDS.format(id="c.id")} / 1000 AS ended,
       min({MILLISECONDS.format(id="coalesce(v.event_id, v.id)")}) AS started
FROM captured c JOIN message m ON m.id = c.message_id JOIN verdict v ON v.id = m.verdict_id
WHERE c.id >= :since AND v.decided_at <= m.due_at + interval '1 second'
  AND m.due_at <= m.queued_at + interval '1 second'
GROUP BY 1, 2
"""  # noqa: S608 - put together of our own words only
# What goes to an inbox leaves no copy; its business time, read back on the present timeline.
INBOX = f"""
SELECT m.lane >= 2 AS is_bulk,
       :anchor + extract(epoch FROM m.settled_at - :business) / :rate AS ended,
       min({MILLISECONDS.format(id="coalesce(v.event_id, v.id)")}) AS started
FROM message m JOIN verdict v ON v.id = m.verdict_id
WHERE m.id >= :since AND m.channel = 'inapp' AND m.state = 'sent' AND m.settled_at >= :business
GROUP BY 1, 2
"""  # noqa: S608 - the same
WAITING = f"""
SELECT m.lane >= 2 AS is_bulk, NULL AS ended,
       min({MILLISECONDS.format(id="coalesce(v.event_id, v.id)")}) AS started
FROM message m JOIN verdict v ON v.id = m.verdict_id
WHERE m.state IN ('queued', 'sending') AND m.due_at <= :now
  AND m.due_at <= m.queued_at + interval '1 second'
GROUP BY 1
UNION ALL
SELECT false, NULL, min({MILLISECONDS.format(id="id")}) FROM outbox
WHERE state = 'pending' HAVING count(*) > 0
"""  # noqa: S608 - the same


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many are in the house."""

    people: int
    orders: int


@dataclass(frozen=True, kw_only=True)
class Shopper:
    """Whose phone and mailbox are drawn, with every address of theirs that something left for."""

    id: UUID
    name: str
    reference: str
    zone: str
    locale: str
    addresses: Sequence[str]


def counts(tx: Tx) -> Counts:
    """Count people and orders."""
    people = tx.execute(select(func.count()).select_from(person)).scalar_one()
    placed = tx.execute(select(func.count()).select_from(orders)).scalar_one()
    return Counts(people=people, orders=placed)


def shopper(tx: Tx, *, person_id: UUID | None, references: Sequence[str]) -> Shopper | None:
    """Return a person by id, else the first of these references that is known."""
    row = None
    if person_id is not None:
        row = tx.execute(select(person).where(person.c.id == person_id)).one_or_none()
    if row is None and references:
        found = tx.execute(select(person).where(person.c.reference.in_(references))).all()
        row = min(found, key=lambda one: references.index(one.reference), default=None)
    if row is None:
        return None
    addresses = tx.scalars(select(contact.c.address).where(contact.c.person_id == row.id))
    return Shopper(
        id=row.id,
        name=row.name or "",
        reference=row.reference or "",
        zone=row.zone,
        locale=row.locale,
        addresses=tuple(addresses),
    )


def newest_left(
    tx: Tx, channel: str, *, to: Collection[str], since: datetime, at_most: int
) -> Sequence[Row[Any]]:
    """Return what left on a channel since a machine time, newest first; to these addresses only.

    Without addresses it is what left for anybody.
    """
    wanted = (
        select(captured, message.c.notice, message.c.order_id, message.c.locale)
        .join(message, message.c.id == captured.c.message_id, isouter=True)
        .where(captured.c.channel == channel, captured.c.id >= first_id_at(since))
        .order_by(captured.c.id.desc())
        .limit(at_most)
    )
    if to:
        wanted = wanted.where(captured.c.address.in_(list(to)))
    return tx.execute(wanted).all()


def spans(tx: Tx, *, now: datetime, seconds: int) -> tuple[Sequence[Span], float]:
    """Return what was untold within the last so many machine seconds, and the time it is.

    News begins when the change it is about was committed and ends when it left for the dev outbox.
    News that waits on purpose (quiet hours, a digest) does not count. All in seconds since 1970.
    """
    timeline, machine = clock_store.read(tx)
    since = {"since": first_id_at(machine - timedelta(seconds=seconds))}
    earlier = {"since": first_id_at(machine - timedelta(seconds=2 * seconds))}
    anchors = {
        "anchor": timeline.machine_anchor.timestamp(),
        "business": timeline.business_anchor,
        "rate": timeline.rate,
    }
    rows = [
        *tx.execute(text(LEFT), since),
        *tx.execute(text(INBOX), {**earlier, **anchors}),
        *tx.execute(text(WAITING), {"now": now}),
    ]
    found = [
        Span(
            is_bulk=row.is_bulk,
            started=row.started / 1000,
            ended=None if row.ended is None else float(row.ended),
        )
        for row in rows
    ]
    return found, machine.timestamp()
