"""The statements of intake: which events came, how far a file was read, what was kept aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.intake.tables import import_reject, import_run
from orders_core.events import Event
from orders_core.idempotency.tables import idempotency
from orders_core.outbox.store import event_of
from orders_core.outbox.tables import history
from orders_core.tx import Tx

EVENTS = "POST /v1/events"  # one scope for all callers: an event's id is its source's, not a key's

CLAIM = text("""
INSERT INTO idempotency (scope, key, fingerprint)
SELECT :scope, r.key, decode(r.print, 'hex')
FROM jsonb_to_recordset(:rows) AS r(key text, print text)
ORDER BY r.key
ON CONFLICT (scope, key) DO NOTHING
RETURNING key
""").bindparams(bindparam("rows", type_=JSONB))

# Ids follow the clock, commits do not. Whoever writes now may still commit an id as old as the
# beginning of their transaction, so the feed ends there: what pg_snapshot_xmin is among transaction
# ids, as a time. Asked in a statement of its own before the rows are read, so that a transaction
# which ended in between is visible to the second.
HORIZON = text("""
SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL
""")


@dataclass(frozen=True, kw_only=True)
class Aside:
    """One row of a file that was not taken."""

    line: int
    reason: str
    text: str


def claim_events(tx: Tx, prints: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Mark events as come; return the fingerprints of those that had come before, by key."""
    if not prints:
        return {}
    rows = [{"key": key, "print": print_.hex()} for key, print_ in prints.items()]
    new = set(tx.scalars(CLAIM, {"scope": EVENTS, "rows": rows}))
    before = tx.execute(
        select(idempotency.c.key, idempotency.c.fingerprint).where(
            idempotency.c.scope == EVENTS, idempotency.c.key.in_(set(prints) - new)
        )
    )
    return {row.key: bytes(row.fingerprint) for row in before}


def feed(tx: Tx, *, after: UUID | None, at_most: int) -> list[Event]:
    """Read events oldest first, those behind `after` that no event can come before any more.

    An event shows once every transaction that was writing beside its own has ended.
    """
    horizon = tx.scalar(HORIZON)
    query = (
        select(history)
        .where(history.c.id < func.uuid7_floor(horizon))
        .order_by(history.c.id)
        .limit(at_most)
    )
    if after is not None:
        query = query.where(history.c.id > after)
    return [event_of(row) for row in tx.execute(query)]


def feed_end(tx: Tx) -> UUID:
    """Return where the feed ends now: whoever continues after it sees news only."""
    end: UUID = tx.execute(select(func.uuid7_floor(tx.scalar(HORIZON)))).scalar_one()
    return end


def lines_done(tx: Tx, file_hash: bytes, ring: str) -> int:
    """Say up to which line of a file a run of this kind has come."""
    found = tx.scalar(
        select(import_run.c.lines_done).where(
            import_run.c.file_hash == file_hash, import_run.c.ring == ring
        )
    )
    return found or 0


def mark_done(tx: Tx, file_hash: bytes, ring: str, *, name: str, lines: int, now: datetime) -> None:
    """Write how far a run has come; it never goes back."""
    marking = insert(import_run).values(
        file_hash=file_hash, ring=ring, name=name, lines_done=lines, updated_at=now
    )
    tx.execute(
        marking.on_conflict_do_update(
            index_elements=["file_hash", "ring"],
            set_={
                "lines_done": func.greatest(import_run.c.lines_done, lines),
                "updated_at": now,
            },
        )
    )


def keep_aside(tx: Tx, file_hash: bytes, rows: Sequence[Aside]) -> None:
    """Keep the rows of a file that were not taken; the same line once."""
    if rows:
        values = [
            {"file_hash": file_hash, "line": row.line, "reason": row.reason, "row": row.text}
            for row in rows
        ]
        tx.execute(insert(import_reject).on_conflict_do_nothing(), values)


def kept_aside(tx: Tx, file_hash: bytes) -> list[Aside]:
    """Read the rows of a file that were not taken, in line order."""
    rows = tx.execute(
        select(import_reject)
        .where(import_reject.c.file_hash == file_hash)
        .order_by(import_reject.c.line)
    )
    return [Aside(line=row.line, reason=row.reason, text=row.row) for row in rows]
