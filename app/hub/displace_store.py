"""The SQL of making way: the offers of some people that still wait, and their end."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from app.hub.decision import Decision
from app.hub.displace import Queued
from app.hub.verdict import Because
from app.jobs.lanes import Lane
from orders_core.ids import PersonId
from orders_core.tx import Tx

# What a worker holds leaves: it is skipped, and nobody waits for a message with a row in hand.
CLAIM = """
SELECT id, person_id, entry FROM message
WHERE person_id = ANY(%(people)s) AND state = 'queued' AND lane = %(lane)s AND entry IS NOT NULL
ORDER BY id FOR UPDATE SKIP LOCKED
"""
# Its place is not given back: the news that took it has it already.
END = """
UPDATE message SET state = 'cancelled', error = %(why)s, settled_at = %(now)s, entry = NULL,
       displaced_by = taken.verdict_id
FROM unnest(%(ids)s::uuid[], %(verdicts)s::uuid[]) AS taken (id, verdict_id)
WHERE message.id = taken.id AND message.state = 'queued'
"""


def claim(tx: Tx, people: Collection[PersonId]) -> Mapping[PersonId, Sequence[Queued]]:
    """Lock the offers of some people that no worker holds, until the transaction ends."""
    asked = {"people": sorted(people), "lane": Lane.MARKETING.value}
    found: dict[PersonId, list[Queued]] = {}
    for row in tx.exec_driver_sql(CLAIM, asked):
        one = Queued(row.id, PersonId(row.person_id), row.entry)
        found.setdefault(one.person_id, []).append(one)
    return found


def end(tx: Tx, decisions: Iterable[Decision], *, now: datetime) -> None:
    """End the offers, locked before, that made way for decisions."""
    taken = [(gone, made.id) for made in decisions for gone in made.counted.displaces]
    if taken:
        asked = {
            "ids": [message_id for message_id, _ in taken],
            "verdicts": [verdict_id for _, verdict_id in taken],
            "why": Because.DISPLACED,
            "now": now,
        }
        tx.exec_driver_sql(END, asked)
