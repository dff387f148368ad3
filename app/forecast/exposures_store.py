"""The ledger of exposures: history folded into counts by half hour, and read again as arrays' rows.

History is wide and long; it is read once, in the order of its ids, and each row counts once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orders_core.tx import Tx

AT_ONCE = 20_000  # rows of history a fold reads
LATE = "1 day"  # an event told later than that says nothing of its half hour
SETTLED = "2 minutes"  # a transaction that writes history has ended by then

MARK = """
INSERT INTO exposure_mark (name, folded_until)
VALUES ('history', '00000000-0000-0000-0000-000000000000') ON CONFLICT DO NOTHING
"""
HELD = "SELECT folded_until FROM exposure_mark WHERE name = 'history' FOR UPDATE"
NEXT = f"""
SELECT (array_agg(id ORDER BY id DESC))[1], count(*) FROM (
  SELECT id FROM history
  WHERE id > %(since)s AND id < uuid7_floor(clock_timestamp() - interval '{SETTLED}')
  ORDER BY id LIMIT {AT_ONCE}) AS stretch
"""  # noqa: S608 - our own numbers
FOLD = f"""
INSERT INTO exposure_slot (name, slot, events, known_at)
SELECT said.name, date_bin('30 minutes', changed_at, 'epoch') AS slot, count(*),
       greatest(date_bin('30 minutes', min(changed_at), 'epoch') + interval '30 minutes',
                max(recorded_at))
FROM history JOIN unnest(%(types)s::text[], %(names)s::text[]) AS said (type, name) USING (type)
WHERE history.id > %(since)s AND history.id <= %(until)s
  AND recorded_at < changed_at + interval '{LATE}'
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (name, slot) DO UPDATE
SET events = exposure_slot.events + EXCLUDED.events,
    known_at = greatest(exposure_slot.known_at, EXCLUDED.known_at)
"""  # noqa: S608 - our own numbers
MOVED = "UPDATE exposure_mark SET folded_until = %(until)s WHERE name = 'history'"
READ = """
SELECT name, slot, events, known_at FROM exposure_slot
WHERE slot >= %(since)s AND slot < %(until)s ORDER BY name, slot
"""

KNOWN_SINCE = """
SELECT name, first.slot FROM unnest(%(names)s::text[]) AS said (name),
LATERAL (SELECT slot FROM exposure_slot WHERE exposure_slot.name = said.name ORDER BY slot LIMIT 1)
  AS first
"""


class Counted(NamedTuple):
    """Events of one kind in one half hour, and from when on that was known."""

    name: str
    slot: datetime
    events: int
    known_at: datetime


def fold(tx: Tx, types: Sequence[str], names: Sequence[str]) -> int:
    """Count what history tells that was not counted yet; return the rows read, 0 at its end.

    Two that fold at once take turns. `types` are counted under the name at the same place.
    """
    tx.exec_driver_sql(MARK)
    since = tx.exec_driver_sql(HELD).scalar_one()
    until, rows = tx.exec_driver_sql(NEXT, {"since": since}).one()
    if rows:
        stretch = {"since": since, "until": until, "types": list(types), "names": list(names)}
        tx.exec_driver_sql(FOLD, stretch)
        tx.exec_driver_sql(MOVED, {"until": until})
    return int(rows)


def read(tx: Tx, *, since: datetime, until: datetime) -> Sequence[Counted]:
    """Return the counts of some half hours, in order; those without events lack."""
    return [Counted(*row) for row in tx.exec_driver_sql(READ, {"since": since, "until": until})]


def known_since(tx: Tx, names: Sequence[str]) -> Mapping[str, datetime]:
    """Return the half hour of the first event ever of each exposure that has any."""
    found = tx.exec_driver_sql(KNOWN_SINCE, {"names": list(names)})
    return {row.name: row.slot for row in found}
