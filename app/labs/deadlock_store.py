"""What the deadlock lab asks PostgreSQL: own numbers, soon-broken circles, and who holds what."""

from collections.abc import Sequence
from typing import Any

import psycopg

from orders_core.tx import Tx

CIRCLES_END_SOON = "SET deadlock_timeout = '20ms'"
HELD = """
SELECT pid, locktype, mode, granted, transactionid::text FROM pg_locks
WHERE pid = ANY(%s) AND locktype = 'transactionid'
ORDER BY pid, granted DESC, transactionid::text
"""


def break_circles_soon(connection: psycopg.Connection) -> None:
    """Let PostgreSQL look for circles after 20 ms of waiting; as a rule it takes a second."""
    connection.execute(CIRCLES_END_SOON)


def break_circles_soon_in(tx: Tx) -> int:
    """Do the same in a transaction of ours; return its backend's number."""
    tx.exec_driver_sql(CIRCLES_END_SOON.replace("SET", "SET LOCAL"))
    return int(tx.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def held(watcher: psycopg.Connection, pids: Sequence[int]) -> Sequence[tuple[Any, ...]]:
    """Return the transactions that backends hold and those they wait for, out of `pg_locks`."""
    return watcher.execute(HELD, [list(pids)]).fetchall()
