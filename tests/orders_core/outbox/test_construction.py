"""Whoever writes to a tracked table, and by whatever statement, makes its events."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from orders_core.events import Event, EventType
from orders_core.ids import new_id
from orders_core.outbox.reading import history_of
from orders_core.outbox.tracked import TRACKED
from orders_core.outbox.tracking import Tracked
from orders_core.tx import Tx
from tests.buying import MUG, fill, rows
from tests.orders_core.outbox.samples import CHANGES, SAMPLES, add

WHO = "changed_by = 'root@psql', change_reason = 'by hand'"
LINE = "SELECT * FROM {table} WHERE id = :id"

#: Every way to change a row that SQL has.
UPDATES = {
    "UPDATE": "UPDATE {table} SET {column} = {value}, {who} WHERE id = :id",
    "UPDATE FROM": (
        "UPDATE {table} SET {column} = given.value, {who} FROM (SELECT {value} AS value) given"
        " WHERE id = :id"
    ),
    "a CTE": (
        "WITH done AS (UPDATE {table} SET {column} = {value}, {who} WHERE id = :id RETURNING id)"
        " SELECT count(*) FROM done"
    ),
    "MERGE": (
        "MERGE INTO {table} t USING (SELECT CAST(:id AS uuid) AS id) given ON t.id = given.id"
        " WHEN MATCHED THEN UPDATE SET {column} = {value}, {who}"
    ),
    "ON CONFLICT": (
        "INSERT INTO {table} SELECT * FROM {table} WHERE id = :id"
        " ON CONFLICT ({key}) DO UPDATE SET {column} = {value}, {who}"
    ),
    "a cursor": (
        "DO $$ DECLARE one {table}%ROWTYPE; BEGIN FOR one IN SELECT * FROM {table} FOR UPDATE LOOP"
        " UPDATE {table} SET {column} = {value}, {who} WHERE id = one.id; END LOOP; END $$"
    ),
}

each_table = pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.table)


def events(tx: Tx, entity_id: UUID) -> list[Event]:
    return list(history_of(tx, entity_id))


def key_of(tx: Tx, table: str) -> str:
    return ", ".join(inspect(tx).get_pk_constraint(table)["constrained_columns"])


def test_every_tracked_table_has_a_sample_here() -> None:
    assert set(SAMPLES) == set(CHANGES) == {tracked.table for tracked in TRACKED}


@each_table
def test_a_row_put_in_by_hand_has_its_first_event(tx: Tx, tracked: Tracked) -> None:
    entity_id = add(tx, tracked.table)

    [born] = events(tx, entity_id)
    assert (born.version, born.entity, born.old) == (1, tracked.entity, None)
    assert set(born.new) == set(tracked.columns)
    assert rows(tx, "outbox", f"id = '{born.id}' AND state = 'pending'") + _of_stock(born) == 1


def _of_stock(event: Event) -> bool:
    return event.type.startswith("stock.")


@each_table
def test_rows_that_are_copied_in_have_their_first_events(tx: Tx, tracked: Tracked) -> None:
    tx.execute(text(f"CREATE TEMP TABLE draft (LIKE {tracked.table} INCLUDING ALL)"))
    entity_id = add(tx, tracked.table, into="draft")
    driver = tx.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor:
        with cursor.copy("COPY draft TO STDOUT") as out:
            lines = b"".join(bytes(part) for part in out)
        with cursor.copy(f"COPY {tracked.table} FROM STDIN".encode()) as into:
            into.write(lines)

    [born] = events(tx, entity_id)
    assert (born.version, born.old) == (1, None)


@each_table
@pytest.mark.parametrize("way", UPDATES)
def test_a_change_by_any_statement_has_its_event(tx: Tx, tracked: Tracked, way: str) -> None:
    entity_id = add(tx, tracked.table)
    column, value, told = CHANGES[tracked.table]
    words = {"table": tracked.table, "column": column, "value": value, "who": WHO}
    statement = UPDATES[way].format(key=key_of(tx, tracked.table), **words)

    tx.execute(text(statement), {"id": entity_id} if ":id" in statement else {})

    born, changed = events(tx, entity_id)
    assert (changed.version, changed.by, changed.why) == (2, "root@psql", "by hand")
    assert changed.old == born.new
    assert changed.new == {**born.new, column: told}
    assert tx.scalar(text(f"SELECT version FROM {tracked.table} WHERE id = :id"), {"id": entity_id})  # noqa: S608 - our own table


@each_table
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM {table} WHERE id = :id", "rows are never deleted"),
        ("TRUNCATE {table}", "rows are never deleted"),
        ("TRUNCATE {table} CASCADE", "rows are never deleted"),
        ("UPDATE {table} SET id = uuid7() WHERE id = :id", "the key of {table} may not change"),
        (
            "MERGE INTO {table} t USING (SELECT 1) one ON t.id = :id WHEN MATCHED THEN DELETE",
            "rows are never deleted",
        ),
    ],
)
def test_what_would_lose_history_is_refused(
    tx: Tx, tracked: Tracked, statement: str, says: str
) -> None:
    entity_id = add(tx, tracked.table)
    asked = statement.format(table=tracked.table)

    with pytest.raises(ProgrammingError, match=says.format(table=tracked.table)):
        tx.execute(text(asked), {"id": entity_id} if ":id" in asked else {})


@each_table
def test_no_type_of_event_is_unknown_to_the_code(tx: Tx, tracked: Tracked) -> None:
    entity_id = add(tx, tracked.table)
    column, value, _ = CHANGES[tracked.table]
    tx.execute(text(f"UPDATE {tracked.table} SET {column} = {value}"))  # noqa: S608 - our own table

    assert all(event.type in EventType for event in events(tx, entity_id))


def test_a_merge_that_puts_in_and_changes_makes_an_event_of_each(tx: Tx) -> None:
    old, new = add(tx, "parcel"), new_id()

    tx.execute(
        text(
            "MERGE INTO parcel t USING (VALUES (CAST(:old AS uuid)), (CAST(:new AS uuid))) g (id)"
            " ON t.id = g.id"
            " WHEN MATCHED THEN UPDATE SET last_place = 'Hangzhou'"
            " WHEN NOT MATCHED THEN INSERT (id, carrier, number, changed_by, change_reason,"
            " changed_at) VALUES (g.id, 'sf', 'merged', 'x', 'y', now())"
        ),
        {"old": old, "new": new},
    )

    assert [event.version for event in events(tx, old)] == [1, 2]
    assert [event.version for event in events(tx, new)] == [1]


def test_no_tracked_table_is_in_parts_that_could_be_written_to_past_its_triggers(tx: Tx) -> None:
    parts = tx.scalars(
        text("SELECT inhparent::regclass::text FROM pg_inherits UNION SELECT 'none'")
    )

    assert not set(parts) & {tracked.table for tracked in TRACKED}


def test_a_table_without_events_makes_none(tx: Tx) -> None:
    fill(tx, {MUG: 3})
    before = tx.scalar(text("SELECT count(*) FROM history"))

    tx.execute(text("UPDATE sku SET title_en = 'Cup'"))
    tx.execute(text("UPDATE level SET on_hand = on_hand + 1 WHERE on_hand = 3"))

    assert tx.scalar(text("SELECT count(*) FROM history")) == before
