"""The SQL of escalation steps: keep what waits to be needed, take what is due, settle it, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from orders_core.ids import OrderId, PersonId, new_id
from orders_core.tx import Tx

PLAN = """
INSERT INTO escalation_step (id, verdict_id, person_id, order_id, notice, channel, variables,
                             planned_at, due_at)
SELECT id, verdict_id, person_id, order_id, notice, channel, variables::jsonb, planned_at, due_at
FROM unnest(%(id)s::uuid[], %(verdict_id)s::uuid[], %(person_id)s::uuid[], %(order_id)s::uuid[],
            %(notice)s::text[], %(channel)s::text[], %(variables)b::text[],
            %(planned_at)s::timestamptz[], %(due_at)s::timestamptz[])
  AS step (id, verdict_id, person_id, order_id, notice, channel, variables, planned_at, due_at)
"""
# What went to the inbox is seen there: its line has the id of its message. Held till the commit.
TAKE = """
SELECT s.id, s.verdict_id, s.person_id, s.order_id, s.notice, s.channel, s.variables, s.planned_at,
       s.due_at,
       EXISTS (SELECT FROM message m JOIN inbox_item line ON line.id = m.id
               WHERE m.verdict_id = s.verdict_id AND line.seen_at IS NOT NULL) AS is_seen
FROM escalation_step s
WHERE s.state = 'waiting' AND s.due_at <= %(now)s
ORDER BY s.due_at, s.id LIMIT %(at_most)s FOR UPDATE OF s SKIP LOCKED
"""
SETTLE = """
UPDATE escalation_step SET state = settled.state
FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS settled (id, state)
WHERE escalation_step.id = settled.id
"""
NEXT_DUE = """
SELECT min(due_at) FROM escalation_step
WHERE state = 'waiting' AND due_at > %(after)s AND due_at <= %(until)s
"""
FORGET = """
DELETE FROM escalation_step WHERE id IN (
  SELECT id FROM escalation_step WHERE state <> 'waiting' AND due_at < %(before)s
  ORDER BY due_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED)
"""


class State(StrEnum):
    """What became of a step. Append only: kept in rows."""

    WAITING = "waiting"
    DECIDED = "decided"  #: asked again; its own verdict says what came of it
    SEEN = "seen"  #: the person had seen the line in the inbox
    LATE = "late"  #: not worth reading any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One channel that rings unless its news was seen before."""

    verdict_id: UUID
    person_id: PersonId
    order_id: OrderId | None
    notice: str
    channel: str
    variables: Mapping[str, Any]
    planned_at: datetime
    due_at: datetime
    is_seen: bool = False


COLUMNS = (
    "verdict_id",
    "person_id",
    "order_id",
    "notice",
    "channel",
    "planned_at",
    "due_at",
)


def plan(tx: Tx, steps: Sequence[Escalation]) -> None:
    """Keep steps until they are due, all in one statement."""
    if not steps:
        return
    values: dict[str, list[Any]] = {
        name: [getattr(step, name) for step in steps] for name in COLUMNS
    }
    values["id"] = [new_id() for _ in steps]
    values["variables"] = [orjson.dumps(step.variables).decode() for step in steps]
    tx.exec_driver_sql(PLAN, values)


def take(tx: Tx, *, now: datetime, at_most: int) -> dict[UUID, Escalation]:
    """Hold steps that are due until the transaction ends; no two workers hold the same."""
    rows = tx.exec_driver_sql(TAKE, {"now": now, "at_most": at_most}).mappings()
    return {
        row["id"]: Escalation(**{name: row[name] for name in (*COLUMNS, "variables", "is_seen")})
        for row in rows
    }


def settle(tx: Tx, states: Mapping[UUID, State]) -> None:
    """Write down what became of steps that are held."""
    if states:
        told = {"ids": list(states), "states": [state.value for state in states.values()]}
        tx.exec_driver_sql(SETTLE, told)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a step is due."""
    found: datetime | None = tx.exec_driver_sql(
        NEXT_DUE, {"after": after, "until": until}
    ).scalar_one()
    return found


def forget(tx: Tx, *, before: datetime, at_most: int) -> int:
    """Delete steps that were settled and due before a time; return how many."""
    return tx.exec_driver_sql(FORGET, {"before": before, "at_most": at_most}).rowcount
