"""What the hub writes and locks. Everything takes a batch; the order of locks is told, pressure.

Hot statements are SQL constants run on the driver, one round trip for any number of people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.hub.bounds import Bounds
from app.hub.facts import named
from app.hub.verdict import Trace, Verdict
from app.hub.wish import Wish
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

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
SELECT person_id, recent FROM pressure WHERE person_id = ANY(%(people)s)
ORDER BY person_id FOR UPDATE
"""
READ_PRESSURE = """
SELECT person_id, recent FROM pressure WHERE person_id = ANY(%(people)s)
"""
WRITE_PRESSURE = """
UPDATE pressure SET recent = string_to_array(heard.recent, ',')::bigint[]
FROM unnest(%(people)s::uuid[], %(recent)s::text[]) AS heard (person_id, recent)
WHERE pressure.person_id = heard.person_id
"""
# JSON goes in binary (%b): to escape its quotes as text cost half of the statement.
ADD_VERDICTS = """
WITH new_bounds AS (
  INSERT INTO bounds_seen (key, body) SELECT %(bounds)s::bigint, %(bounds_body)s
  WHERE NOT EXISTS (SELECT FROM bounds_seen WHERE key = %(bounds)s::bigint))
INSERT INTO verdict (id, person_id, notice, order_id, event_id, answer, because, decided_by, until,
                     trace, decided_at, facts, pressure, bounds)
SELECT id, person_id, notice, order_id, event_id, answer, because, decided_by, until,
       trace::jsonb, decided_at, facts, pressure, %(bounds)s::bigint
FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(notices)s::text[], %(orders)s::uuid[],
            %(events)s::uuid[], %(answers)s::text[], %(becauses)s::text[], %(deciders)s::text[],
            %(untils)s::timestamptz[], %(traces)b::text[], %(decided)s::timestamptz[],
            %(facts)b::text[], %(pressures)b::bytea[])
     AS v (id, person_id, notice, order_id, event_id, answer, because, decided_by, until, trace,
           decided_at, facts, pressure)
"""
DEAD = """
SELECT suppression.channel, suppression.address
FROM suppression JOIN unnest(%(channels)s::text[], %(addresses)s::text[]) AS ours (channel, address)
  USING (channel, address)
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
    rows = tx.exec_driver_sql(
        TELL, {"dispatches": [key[0] for key in first], "people": [key[1] for key in first]}
    )
    new = {(bytes(dispatch), person_id) for dispatch, person_id in rows}
    return [wish for key, wish in first.items() if key in new]


def lock_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Lock what these people heard lately, in the order of ids, until the transaction ends."""
    if not people:
        return {}
    whose = {"people": sorted(people)}
    tx.exec_driver_sql(ADD_PRESSURE, whose)
    return {PersonId(who): recent for who, recent in tx.exec_driver_sql(LOCK_PRESSURE, whose)}


def read_pressure(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[int]]:
    """Return what these people heard lately, without holding anybody off; the silent are absent."""
    rows = tx.exec_driver_sql(READ_PRESSURE, {"people": list(people)})
    return {PersonId(who): recent for who, recent in rows}


def write_pressure(tx: Tx, heard: Mapping[PersonId, Sequence[int]]) -> None:
    """Write what people whose rows are locked have heard by now."""
    if not heard:
        return
    packed = [",".join(map(str, recent)) for recent in heard.values()]
    tx.exec_driver_sql(WRITE_PRESSURE, {"people": list(heard), "recent": packed})


def dead_addresses(tx: Tx, addresses: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Say which of these (channel, address) must never be written to."""
    asked = sorted(set(addresses))
    if not asked:
        return frozenset()
    columns = {
        "channels": [channel for channel, _ in asked],
        "addresses": [address for _, address in asked],
    }
    rows = tx.exec_driver_sql(DEAD, columns)
    return frozenset((channel, address) for channel, address in rows)


def write_verdicts(tx: Tx, decisions: Sequence[Decision], bounds: Bounds) -> None:
    """Store what was decided, with every rule that was asked and all that was known."""
    if not decisions:
        return
    wishes = [decision.wish for decision in decisions]
    verdicts = [decision.verdict for decision in decisions]
    bounds_key, bounds_body = named(bounds)
    tx.exec_driver_sql(
        ADD_VERDICTS,
        {
            "ids": [decision.id for decision in decisions],
            "people": [wish.person_id for wish in wishes],
            "notices": [wish.notice for wish in wishes],
            "orders": [wish.order_id for wish in wishes],
            "events": [wish.event_id for wish in wishes],
            "answers": [verdict.word for verdict in verdicts],
            "becauses": [verdict.because for verdict in verdicts],
            "deciders": [verdict.decided_by for verdict in verdicts],
            "untils": [verdict.until for verdict in verdicts],
            "traces": [_json(verdict.trace) for verdict in verdicts],
            "decided": [wish.decide_at for wish in wishes],
            "facts": [decision.facts for decision in decisions],
            "pressures": [decision.pressure for decision in decisions],
            "bounds": bounds_key,
            "bounds_body": bounds_body,
        },
    )


def _json(trace: Trace) -> str:
    steps = [(step.rule, step.outcome, step.inputs) for step in trace]
    return orjson.dumps(steps, option=orjson.OPT_NON_STR_KEYS).decode()
