"""The SQL of retention: the months there are, what is unfinished in one, and dropping it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from orders_core.outbox.tables import purged
from orders_core.tx import Tx

MOST_FORGOTTEN = 50_000  # rows at once
MONTHS = """
SELECT parent.relname AS "table", child.relname AS name,
       to_date(right(child.relname, 6), 'YYYYMM') AS since,
       (to_date(right(child.relname, 6), 'YYYYMM') + interval '1 month')::date AS until,
       greatest(child.reltuples, 0)::bigint AS "rows", pg_total_relation_size(child.oid) AS bytes
FROM pg_inherits
JOIN pg_class parent ON parent.oid = inhparent
JOIN pg_class child ON child.oid = inhrelid
WHERE parent.relname = ANY(%(tables)s) AND child.relname ~ '_[0-9]{6}$'
ORDER BY since, array_position(%(tables)s::text[], parent.relname::text)
"""
# A verdict lives on in what it started: its message is counted in the message's own month.
UNFINISHED: Mapping[str, str] = {
    "outbox": """
SELECT count(*) FROM outbox WHERE state IN ('pending', 'parked')
  AND id >= uuid7_floor(%(since)s) AND id < uuid7_floor(%(until)s)
""",
    "message": """
SELECT count(*) FROM message WHERE state IN ('queued', 'sending')
  AND id >= uuid7_floor(%(since)s) AND id < uuid7_floor(%(until)s)
""",
    "verdict": """
SELECT (SELECT count(*) FROM digest_item JOIN digest_slot ON digest_slot.id = slot_id
        WHERE digest_slot.state <> 'closed'
          AND digest_item.verdict_id >= uuid7_floor(%(since)s)
          AND digest_item.verdict_id < uuid7_floor(%(until)s))
     + (SELECT count(*) FROM escalation_step WHERE state = 'waiting'
          AND verdict_id >= uuid7_floor(%(since)s) AND verdict_id < uuid7_floor(%(until)s))
     + (SELECT count(*) FROM message WHERE state IN ('queued', 'sending')
          AND verdict_id >= uuid7_floor(%(since)s) AND verdict_id < uuid7_floor(%(until)s))
""",
}
# What was handled of events that are gone is asked by nobody any more.
FORGET_HANDLED = """
DELETE FROM handled WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM handled
  WHERE event_id < (SELECT uuid7_floor(before::timestamp AT TIME ZONE 'UTC')
                    FROM purged WHERE name = 'outbox')
  LIMIT %(most)s))
"""
# Places under the caps that nobody was decided about since: they are long past every window.
FORGET_RETURNED = """
DELETE FROM slot_returned WHERE message_id = ANY(ARRAY(
  SELECT message_id FROM slot_returned
  WHERE message_id < (SELECT uuid7_floor(before::timestamp AT TIME ZONE 'UTC')
                      FROM purged WHERE name = 'message')
  LIMIT %(most)s))
"""


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month of one table, `until` excluded; rows as the planner guesses them."""

    table: str
    name: str
    since: date
    until: date
    rows: int
    bytes: int


def today(tx: Tx) -> date:
    """Return the machine's day, UTC."""
    asked = tx.exec_driver_sql("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date")
    found: date = asked.scalar_one()
    return found


def months(tx: Tx, tables: Sequence[str]) -> list[Month]:
    """Return every month of these tables, the oldest first."""
    found = tx.exec_driver_sql(MONTHS, {"tables": list(tables)})
    return [Month(**row._mapping) for row in found]


def unfinished(tx: Tx, month: Month) -> int:
    """Count what of a month still waits for something to happen."""
    stretch = {"since": f"{month.since} 00:00+00", "until": f"{month.until} 00:00+00"}
    return int(tx.exec_driver_sql(UNFINISHED[month.table], stretch).scalar_one())


def drop(tx: Tx, going: Sequence[Month]) -> None:
    """Drop these months, and note how far back each table goes from now on."""
    if not going:
        return
    tx.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
    for month in going:
        tx.exec_driver_sql(f"DROP TABLE {month.name}")
        noted = insert(purged).values(name=month.table, before=month.until)
        latest = func.greatest(purged.c.before, noted.excluded.before)
        tx.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"before": latest}))
    tx.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


def forget_handled(tx: Tx) -> int:
    """Forget a bounded part of what was handled of events that are gone; return how many."""
    return tx.exec_driver_sql(FORGET_HANDLED, {"most": MOST_FORGOTTEN}).rowcount


def forget_returned(tx: Tx) -> int:
    """Forget a bounded part of the places that messages which are gone gave back."""
    return tx.exec_driver_sql(FORGET_RETURNED, {"most": MOST_FORGOTTEN}).rowcount


def is_past(tx: Tx, message_id: UUID) -> bool:
    """Say whether a message, if there was one of this id, was dropped with its month."""
    before = kept_since(tx).get("message")
    made_at = datetime.fromtimestamp((message_id.int >> 80) / 1000, tz=UTC)
    return before is not None and made_at.date() < before


def kept_since(tx: Tx) -> Mapping[str, date]:
    """Return from when on each table goes back, of those of which something was dropped."""
    return {row.name: row.before for row in tx.execute(select(purged))}
