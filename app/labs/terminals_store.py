"""What terminals ask PostgreSQL: their own number, who blocks whom, and a statement as typed."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

BLOCKERS = """
SELECT pid, pg_blocking_pids(pid) FROM unnest(%s::int[]) AS asked (pid)
WHERE cardinality(pg_blocking_pids(pid)) > 0
"""

Rows = tuple[tuple[Any, ...], ...]


def blockers(watcher: psycopg.Connection, pids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Say for each backend that waits for a lock whom it waits for."""
    return dict(watcher.execute(BLOCKERS, [list(pids)]).fetchall())


def typed(connection: psycopg.Connection, statement: str) -> Rows | None:
    """Run a statement as somebody types it; return its rows, or None where it has none."""
    answer = connection.execute(statement.encode())
    return tuple(answer.fetchall()) if answer.description else None
