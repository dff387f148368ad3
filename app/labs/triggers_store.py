"""What the triggers lab lays out: a schema of its own, goods for each way, and what is counted."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from app.errors import ConfigError
from app.labs.naive.triggers import CHANNEL, NOTIFY, SUMMARY
from orders_core.outbox.tracking import Tracked, statements

SCHEMA = "orderbell_lab"
#: Ours is made by the very code that makes orders tracked.
OURS = Tracked(
    table="goods_ours",
    entity="goods",
    columns=("units",),
    type_of_insert="'goods.made'",
    type_of_update="'goods.changed'",
)
WHERE_WE_ARE = f"SET search_path = {SCHEMA}"
NO_WAITING_FOR_EVER = "SET statement_timeout = '20s'"

GOODS = """
CREATE TABLE goods_{way} (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number integer NOT NULL UNIQUE,
  units integer NOT NULL, version integer NOT NULL DEFAULT 1, ring text NOT NULL,
  changed_by text NOT NULL, change_reason text NOT NULL, changed_at timestamptz NOT NULL)
WITH (fillfactor = 50);
INSERT INTO goods_{way} (number, units, ring, changed_by, change_reason, changed_at)
SELECT n, 0, 'never', 'lab', 'seed', clock_timestamp() FROM generate_series(1, {goods}) n;
"""
#: As in the product, without partitions; `uuid7` in SQL, for servers that have none.
EVENTS = """
CREATE FUNCTION uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
    FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid $$;
CREATE TABLE history (
  id uuid PRIMARY KEY, entity text NOT NULL, entity_id uuid NOT NULL, version integer NOT NULL,
  type text NOT NULL, old jsonb, new jsonb NOT NULL, ring text NOT NULL, changed_by text NOT NULL,
  change_reason text NOT NULL, changed_at timestamptz NOT NULL);
CREATE INDEX ON history (entity_id, version);
CREATE TABLE outbox (
  id uuid PRIMARY KEY, entity_id uuid NOT NULL, version integer NOT NULL, type text NOT NULL,
  state text NOT NULL DEFAULT 'pending');
"""
CHANGE = "UPDATE goods_{way} SET units = units + 1 WHERE number BETWEEN {first} AND {last}"
CHANGED = "SELECT sum(units)::int FROM goods_{way}"
KEPT = {
    "summary": "SELECT count(*) FROM audit",
    "ours": "SELECT count(*) FROM history JOIN outbox USING (id, entity_id, version)",
}
ENDED = "the load is over"


class MayNotCreate(ConfigError):
    """Whoever the address names has no right to make a schema there."""

    def __init__(self) -> None:
        super().__init__(["this user may not create a schema here: GRANT CREATE ON DATABASE first"])


class SchemaTaken(ConfigError):
    """The database has a schema of the lab's name; it may be somebody's, so it is left alone."""

    def __init__(self) -> None:
        super().__init__([f"there is a schema {SCHEMA!r} already: drop it if it is left of a lab"])


@contextmanager
def own_schema(connection: psycopg.Connection) -> Iterator[None]:
    """Work in a schema of one's own that goes away at the end, whatever happens.

    Raises:
        SchemaTaken: If one of that name is there; nothing is touched then.
        MayNotCreate: If the database does not let this user make one.
    """
    try:
        connection.execute(f"CREATE SCHEMA {SCHEMA}".encode())
    except errors.DuplicateSchema:
        raise SchemaTaken from None
    except errors.InsufficientPrivilege:
        raise MayNotCreate from None
    try:
        yield
    finally:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE".encode())


def settle_in(connection: psycopg.Connection) -> None:
    """Let a connection see the lab's schema and nothing else."""
    connection.execute(WHERE_WE_ARE.encode())
    connection.execute(NO_WAITING_FOR_EVER)


def lay_out(connection: psycopg.Connection, *, goods: int) -> None:
    """Make goods for each way, with the triggers of that way."""
    for way in ("summary", "notify", "ours"):
        connection.execute(GOODS.format(way=way, goods=goods).encode())
    for script in (SUMMARY, NOTIFY, EVENTS, *statements(OURS)):
        connection.execute(script.encode())


def change(connection: psycopg.Connection, way: str, *, first: int, rows: int) -> None:
    """Change so many rows in one statement, a transaction of its own."""
    connection.execute(CHANGE.format(way=way, first=first, last=first + rows - 1).encode())


def changed(connection: psycopg.Connection, way: str) -> int:
    """Return how many rows were changed, by the goods themselves."""
    row = connection.execute(CHANGED.format(way=way).encode()).fetchone()
    return int(row[0]) if row else 0


def kept(connection: psycopg.Connection, way: str) -> int:
    """Return how many changes the audit of a way knows of."""
    row = connection.execute(KEPT[way].encode()).fetchone()
    return int(row[0]) if row else 0


def listen(connection: psycopg.Connection) -> None:
    """Hear everything that is told from now on."""
    connection.execute(f"LISTEN {CHANNEL}".encode())


def end(connection: psycopg.Connection) -> None:
    """Tell the listener that nothing more comes."""
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, ENDED])
