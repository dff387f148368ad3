"""What the hub writes and locks. Everything takes a batch; the order of locks is told, pressure.

Hot statements are SQL constants run on the driver, one round trip for any number of people.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row

from app.hub.bounds import Bounds
from app.hub.decision import Decision
from app.hub.facts import named
from app.hub.pressure import given_back
from app.hub.tables import verdict
from app.hub.verdict import Trace
from app.hub.wish import Wish
from orders_core.ids import PersonId
from orders_core.tx import Tx, array, copy_in, ids_array, moment

# Sorted, so that two batches with the same wishes wait for each other and never in a ring.
TELL = """
INSERT INTO told (dispatch, person_id)
SELECT * FROM unnest(%(dispatches)s::bytea[], %(people)s::uuid[]) ORDER BY 1, 2
ON CONFLICT DO NOTHING
RETURNING dispatch, person_id
"""
# Every pressure row exists before it is locked: a lock on nothing holds nobody off.
ADD_PRESSURE = """
INSERT INTO pressure (person_id) SELECT unnest(%(people)s::uuid[]) ORDER BY 1
ON CONFLICT DO NOTHING
"""
LOCK_PRESSURE = """
SELECT person_id, recent FROM pressure WHERE person_id = ANY(%(people)s::uuid[])
ORDER BY person_id FOR UPDATE
"""
# Ordered as everywhere, though nobody waits: what is busy is left out.
LOCK_IDLE_PRESSURE = """
SELECT person_id, recent FROM pressure WHERE person_id = ANY(%(people)s::uuid[])
ORDER BY person_id FOR UPDATE SKIP LOCKED
"""
# After the lock, so that a slot is seen that was given back while we waited for it.
TAKE_RETURNED = """
DELETE FROM slot_returned WHERE person_id = ANY(%(people)s::uuid[]) RETURNING person_id, entry
"""
READ_PRESSURE = """
SELECT person_id, recent,
       ARRAY(SELECT entry FROM slot_returned WHERE person_id = pressure.person_id) AS returned
FROM pressure WHERE person_id = ANY(%(people)s::uuid[])
"""
WRITE_PRESSURE = """
UPDATE pressure SET recent = string_to_array(heard.recent, ',')::bigint[]
FROM unnest(%(people)s::uuid[], %(recent)s::text[]) AS heard (person_id, recent)
WHERE pressure.person_id = heard.person_id
"""
ADD_BOUNDS = """
INSERT INTO bounds_seen (key, body) SELECT %(key)s::bigint, %(body)s
WHERE NOT EXISTS (SELECT FROM bounds_seen WHERE key = %(key)s::bigint)
"""
Rows = Sequence[Row[Any]]
VERDICT_COLUMNS = (
    "id",
    "person_id",
    "notice",
    "order_id",
    "event_id",
    "answer",
    "because",
    "decided_by",
    "until",
    "trace",
    "decided_at",
    "facts",
    "pressure",
    "bounds",
)
# By whose they are, not one by one: most people have several, and hardly any is dead.
DEAD = """
SELECT suppression.channel, suppression.address
FROM suppression JOIN contact USING (channel, address)
WHERE contact.person_id = ANY(%(people)s::uuid[])
UNION ALL
SELECT channel, address FROM suppression
WHERE channel = 'inapp' AND address = ANY(%(people)s::uuid[]::text[])
"""


def tell_once(tx: Tx, wishes: Sequence[Wish]) -> list[Wish]:
    """Mark wishes as told for good; return those that were not told before, once each.

    A wish that another transaction is telling right now is waited for.
    """
    first: dict[tuple[bytes, PersonId], Wish] = {}
    for wish in wishes:
        first.setdefault(wish.key, wish)
    if not first:
        return []
    dispatches = array([rf"\\x{dispatch.hex()}" for dispatch, _ in first])
    people = ids_array([person_id for _, person_id in first])
    rows = tx.exec_driver_sql(TELL, {"dispatches": dispatches, "people": people}).all()
    new = {(bytes(dispatch), person_id) for dispatch, person_id in rows}
    return [wish for key, wish in first.items() if key in new]


def lock_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Lock what these people heard lately, in the order of ids, until the transaction ends.

    Slots that were given back are off the rows it returns, and must be written so.
    """
    if not people:
        return {}
    whose = {"people": ids_array(people)}
    tx.exec_driver_sql(ADD_PRESSURE, whose)
    locked = tx.exec_driver_sql(LOCK_PRESSURE, whose).all()
    return _without(locked, tx.exec_driver_sql(TAKE_RETURNED, whose).all())


def lock_idle_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Lock what these people heard lately as `lock_pressure` does, but wait for nobody.

    Whom another transaction counts just now is left out.
    """
    locked = tx.exec_driver_sql(LOCK_IDLE_PRESSURE, {"people": ids_array(people)}).all()
    whose = {"people": ids_array([row.person_id for row in locked])}
    return _without(locked, tx.exec_driver_sql(TAKE_RETURNED, whose).all())


def _without(rows: Rows, returned: Rows) -> dict[PersonId, Sequence[int]]:
    """Take what was given back off people's rows."""
    gone: dict[UUID, list[int]] = {}
    for one in returned:
        gone.setdefault(one.person_id, []).append(one.entry)
    return {
        PersonId(row.person_id): given_back(row.recent, gone[row.person_id])
        if row.person_id in gone
        else row.recent
        for row in rows
    }


def read_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Return what these people heard lately, without holding anybody off; the silent are absent."""
    rows = tx.exec_driver_sql(READ_PRESSURE, {"people": ids_array(people)}).all()
    return {PersonId(row.person_id): given_back(row.recent, row.returned) for row in rows}


def write_pressure(tx: Tx, heard: Mapping[PersonId, Sequence[int]]) -> None:
    """Write what people whose rows are locked have heard by now."""
    if not heard:
        return
    packed = array([",".join(map(str, recent)) for recent in heard.values()])
    tx.exec_driver_sql(WRITE_PRESSURE, {"people": ids_array(heard), "recent": packed})


def dead_addresses(tx: Tx, people: Collection[PersonId]) -> frozenset[tuple[str, str]]:
    """Return the (channel, address) of these people that must never be written to."""
    if not people:
        return frozenset()
    rows = tx.exec_driver_sql(DEAD, {"people": ids_array(people)}).all()
    return frozenset((channel, address) for channel, address in rows)


def write_verdicts(tx: Tx, decisions: Sequence[Decision], bounds: Bounds) -> None:
    """Store what was decided, with every rule that was asked and all that was known."""
    if not decisions:
        return
    key, body = named(bounds)
    tx.exec_driver_sql(ADD_BOUNDS, {"key": key, "body": body})
    rows = (_row(decision, key) for decision in decisions)
    copy_in(tx, verdict.name, VERDICT_COLUMNS, rows)


def _row(decision: Decision, bounds_key: int) -> tuple[object, ...]:
    wish, made = decision.wish, decision.verdict
    until = made.until
    return (
        decision.id.hex,
        wish.person_id.hex,
        wish.notice,
        wish.order_id and wish.order_id.hex,
        wish.event_id and wish.event_id.hex,
        made.word,
        made.because,
        made.decided_by,
        until and moment(until),
        _json(made.trace),
        moment(wish.decide_at),
        decision.facts,
        decision.counted.pressure,
        bounds_key,
    )


def _json(trace: Trace) -> str:
    steps = [(step.rule, step.outcome, step.inputs) for step in trace]
    return orjson.dumps(steps, option=orjson.OPT_NON_STR_KEYS).decode()
