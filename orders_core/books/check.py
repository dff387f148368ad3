"""The books: every promise about the data as one query that names what breaks it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from orders_core.books.promise import Finding, Invariant, read_invariants
from orders_core.books.tracked_promises import tracked_invariants
from orders_core.tx import Tx

QUERIES = Path(__file__).with_name("promises")

MOST_NAMED = 1_000  # of one promise: what comes after is counted, not named

ASKED = """
SELECT key::text, count(*) OVER () FROM (SELECT DISTINCT key FROM ({query}) broken (key)) keys
ORDER BY key LIMIT {most}
"""


def promises() -> Sequence[Invariant]:
    """Return every promise of the order core, in the order they are checked."""
    return [*read_invariants(QUERIES), *tracked_invariants()]


def check(
    tx: Tx, invariants: Sequence[Invariant] | None = None, *, now: datetime | None = None
) -> Sequence[Finding]:
    """Ask every invariant, or those given, of all rows there are.

    Each is one statement and so sees one moment: work that goes on meanwhile is no breach. Without
    a business time nothing counts as overdue.
    """
    set_time(tx, now=now)
    asked = promises() if invariants is None else invariants
    return [ask(tx, invariant) for invariant in asked]


def set_time(tx: Tx, *, now: datetime | None) -> None:
    """Tell the queries of this transaction what business time it is."""
    told = now.isoformat() if now else ""
    tx.exec_driver_sql("SELECT set_config('books.now', %(now)s, true)", {"now": told})


def ask(tx: Tx, invariant: Invariant) -> Finding:
    """Ask one invariant of all rows."""
    rows = tx.exec_driver_sql(ASKED.format(query=invariant.query, most=MOST_NAMED)).all()
    return _finding(invariant, rows)


def ask_of(tx: Tx, invariant: Invariant, keys: Mapping[str, Any]) -> Finding:
    """Ask one invariant of the rows with these keys, by what they are keys of."""
    query = ASKED.format(query=invariant.step(), most=MOST_NAMED)
    return _finding(invariant, tx.exec_driver_sql(query, keys).all())


def _finding(invariant: Invariant, rows: Sequence[Any]) -> Finding:
    return Finding(invariant, rows[0][1] if rows else 0, [row[0] for row in rows])


def balanced(findings: Sequence[Finding]) -> Mapping[str, bool]:
    """Say of each invariant by name whether it holds."""
    return {finding.invariant.name: finding.holds for finding in findings}
