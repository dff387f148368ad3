"""Who is rostered, by half hour."""

from collections.abc import Mapping
from datetime import datetime

from orders_core.tx import Tx

PUT = """
INSERT INTO roster_slot (slot, people)
SELECT said.slot, said.people
FROM unnest(%(slots)s::timestamptz[], %(people)s::int[]) AS said (slot, people)
ORDER BY said.slot
ON CONFLICT (slot) DO UPDATE SET people = EXCLUDED.people
WHERE roster_slot.people <> EXCLUDED.people
"""
READ = """
SELECT slot, people FROM roster_slot WHERE slot >= %(since)s AND slot < %(until)s ORDER BY slot
"""


def put(tx: Tx, people: Mapping[datetime, int]) -> int:
    """Write how many people are rostered; half hours told before take the new number.

    Return how many half hours are new or changed.
    """
    return tx.exec_driver_sql(
        PUT, {"slots": list(people), "people": list(people.values())}
    ).rowcount


def read(tx: Tx, *, since: datetime, until: datetime) -> Mapping[datetime, int]:
    """Return who is rostered from `since` up to `until`, in order; what was not told lacks."""
    found = tx.exec_driver_sql(READ, {"since": since, "until": until})
    return {row.slot: row.people for row in found}
