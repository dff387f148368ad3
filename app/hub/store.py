"""What the hub writes and locks. Everything takes a batch; the order of locks is told, pressure.

Hot statements are SQL constants run on the driver, one round trip for any number of people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.hub.bounds import Bounds
from app.hub.facts import named
from app.hub.tables import verdict
from app.hub.verdict import Trace, Verdict
from app.hub.wish import Wish
from orders_core.ids import PersonId, new_id
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
READ_PRESSURE = """
SELECT person_id, recent FROM pressure WHERE person_id = ANY(%(people)s::uuid[])
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


@dataclass(frozen=True, slots=True)
class Decision:
    """A wish and what was decided about it, under the id it is stored by.

    `facts` are what was known, and `pressure` what the person had heard where that counted; both as
    `facts.py` writes them.
    """

    id: UUID
    wish: Wish
    verdict: Verdict
    facts: str
    pressure: bytes | None

    @classmethod
    def of(cls, wish: Wish, verdict: Verdict, facts: str, pressure: bytes | None) -> "Decision":
        """Give a verdict the id it will be stored by."""
        return cls(new_id(), wish, verdict, facts, pressure)


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
    """Lock what these people heard lately, in the order of ids, until the transaction ends."""
    if not people:
        return {}
    whose = {"people": ids_array(people)}
    tx.exec_driver_sql(ADD_PRESSURE, whose)
    return {PersonId(who): recent for who, recent in tx.exec_driver_sql(LOCK_PRESSURE, whose).all()}


def read_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Return what these people heard lately, without holding anybody off; the silent are absent."""
    rows = tx.exec_driver_sql(READ_PRESSURE, {"people": ids_array(people)}).all()
    return {PersonId(who): recent for who, recent in rows}


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
        decision.pressure,
        bounds_key,
    )


def _json(trace: Trace) -> str:
    steps = [(step.rule, step.outcome, step.inputs) for step in trace]
    return orjson.dumps(steps, option=orjson.OPT_NON_STR_KEYS).decode()
