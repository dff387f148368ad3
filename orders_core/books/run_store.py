"""What the runs found, kept: for the page, for alerts, and for the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from orders_core.books.promise import Finding
from orders_core.ids import new_id
from orders_core.tx import Tx

LONGEST_MINUTES = 20  # of one query of a whole run
KEPT_DAYS = 30
FIRST = 10  # ids of what breaks a promise that a reader is shown

TAKE_TIME = f"SET LOCAL statement_timeout = '{LONGEST_MINUTES}min'"
ADD_RUN = """
INSERT INTO books_run (id, kind, took_ms, looked_at, broken)
VALUES (%(id)s, %(kind)s, %(took_ms)s, %(looked_at)s::jsonb, %(broken)s::jsonb)
"""
FORGET_RUNS = """
DELETE FROM books_run WHERE id < uuid7_floor(clock_timestamp() - make_interval(days => %(days)s))
"""
MENDED = """
DELETE FROM books_breach b WHERE NOT EXISTS (
  SELECT FROM unnest(%(names)s::text[], %(keys)s::text[]) AS s (invariant, key)
  WHERE s.invariant = b.invariant AND s.key = b.key)
"""
BROKEN = """
INSERT INTO books_breach (invariant, key)
SELECT * FROM unnest(%(names)s::text[], %(keys)s::text[])
ON CONFLICT DO NOTHING
"""
KNOWN = "SELECT key FROM books_breach WHERE invariant = %(name)s ORDER BY key"
LATEST = """
SELECT kind, took_ms, ended_at, broken, looked_at,
       extract(epoch FROM clock_timestamp() - ended_at)::float AS age_seconds,
       (SELECT max(ended_at) FROM books_run WHERE kind = 'whole') AS whole_at
FROM books_run ORDER BY id DESC LIMIT 1
"""
BREACHES = """
SELECT invariant, found_at, key FROM (
  SELECT *, row_number() OVER (PARTITION BY invariant ORDER BY found_at, key) AS place
  FROM books_breach) placed
WHERE place <= %(first)s ORDER BY invariant, place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What breaks a promise: how many, the first of them, and since when the first was known."""

    broken: int
    first: Sequence[str]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the last run found; times are the machine's."""

    kind: str
    took_ms: int
    ended_at: datetime
    age_seconds: float
    whole_at: datetime | None
    looked_at: Mapping[str, int]
    broken: Mapping[str, Breach]


def take_time(tx: Tx) -> None:
    """Let the queries of this transaction take as long as a whole run needs."""
    tx.exec_driver_sql(TAKE_TIME)


def known(tx: Tx, name: str) -> Sequence[str]:
    """Return the keys of what broke a promise when it was last asked."""
    return tx.exec_driver_sql(KNOWN, {"name": name}).scalars().all()


def keep(
    tx: Tx,
    kind: str,
    findings: Sequence[Finding],
    *,
    seconds: float,
    looked_at: Mapping[str, int],
) -> None:
    """Write down what a run found: what is broken now, and nothing else is."""
    broken = {found.invariant.name: found.broken for found in findings if not found.holds}
    pairs = [(found.invariant.name, key) for found in findings for key in found.first]
    standing = {"names": [name for name, _ in pairs], "keys": [key for _, key in pairs]}
    tx.exec_driver_sql(MENDED, standing)
    tx.exec_driver_sql(BROKEN, standing)
    tx.exec_driver_sql(FORGET_RUNS, {"days": KEPT_DAYS})
    row = {
        "id": new_id(),
        "kind": kind,
        "took_ms": round(seconds * 1000),
        "looked_at": orjson.dumps(looked_at).decode(),
        "broken": orjson.dumps(broken).decode(),
    }
    tx.exec_driver_sql(ADD_RUN, row)


def latest(tx: Tx) -> Kept | None:
    """Return what the last run found; None where there was none yet."""
    row = tx.exec_driver_sql(LATEST).one_or_none()
    if row is None:
        return None
    first: dict[str, list[str]] = {}
    since: dict[str, datetime] = {}
    for name, found_at, key in tx.exec_driver_sql(BREACHES, {"first": FIRST}):
        first.setdefault(name, []).append(key)
        since.setdefault(name, found_at)
    return Kept(
        kind=row.kind,
        took_ms=row.took_ms,
        ended_at=row.ended_at,
        age_seconds=row.age_seconds,
        whole_at=row.whole_at,
        looked_at=row.looked_at,
        broken={
            name: Breach(broken=count, first=first.get(name, ()), since=since.get(name))
            for name, count in row.broken.items()
        },
    )
