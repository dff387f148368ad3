"""A tracked table cannot change silently, and never loses a row."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from orders_core.events import EventType
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.outbox.tracked import TRACKED
from orders_core.outbox.tracking import Tracked, statements
from orders_core.tx import Tx, metadata
from tests.buying import MUG, bought, fill, moved, order, rows

FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\).*?\$\$(.*)\$\$", re.DOTALL)
REFUSED = ProgrammingError  # RAISE EXCEPTION: sqlstate P0001


def test_a_change_by_hand_is_an_event_all_the_same(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))

    tx.execute(
        text(
            "UPDATE orders SET standing = 'cancelled', status = 'cancelled',"
            " changed_by = 'root@psql'"
        )
    )

    placed, cancelled = history_of(tx, order_id)
    assert (cancelled.type, cancelled.version) == (EventType.ORDER_CANCELLED, 2)
    assert cancelled.old == placed.new
    assert (cancelled.by, cancelled.new["status"]) == ("root@psql", "cancelled")
    assert rows(tx, "outbox", "state = 'pending'") == 2
    assert order(tx, order_id).version == 2


def test_a_change_that_is_no_move_is_an_update(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))

    tx.execute(text("UPDATE orders SET reference = 'W-1'"))

    assert [event.type for event in history_of(tx, order_id)] == [
        EventType.ORDER_PLACED,
        EventType.ORDER_UPDATED,
    ]


def test_one_statement_over_many_rows_makes_one_event_for_each_changed_row(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    first, second = bought(tx, (MUG, 1)), moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)

    tx.execute(
        text("UPDATE orders SET standing = 'cancelled', status = 'cancelled', changed_by = 'root'")
    )

    assert [len(history_of(tx, one)) for one in (first, second)] == [2, 2]
    assert rows(tx, "history", "changed_by = 'root'") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET status = status",
        "UPDATE orders SET changed_by = 'x', change_reason = 'y', changed_at = clock_timestamp()",
        "UPDATE orders SET ring = 'never'",
        "UPDATE orders SET version = 99",
    ],
)
def test_what_is_not_tracked_makes_no_event_and_no_version(tx: Tx, statement: str) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))

    tx.execute(text(statement))

    assert (rows(tx, "history"), rows(tx, "outbox")) == (1, 1)
    assert order(tx, order_id).version == 1


def test_nobody_chooses_a_version(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    order_id = bought(tx, (MUG, 1))

    tx.execute(text("UPDATE orders SET version = 99, reference = 'W-1'"))

    assert order(tx, order_id).version == 2
    assert [event.version for event in history_of(tx, order_id)] == [1, 2]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE orders SET id = uuid7()", "the key of orders may not change"),
        ("DELETE FROM orders", "orders is tracked: its rows are never deleted"),
        ("TRUNCATE orders", "orders is tracked: its rows are never deleted"),
        ("DELETE FROM parcel", "parcel is tracked"),
        ("TRUNCATE parcel", "parcel is tracked"),
    ],
)
def test_what_would_lose_history_is_refused(tx: Tx, statement: str, says: str) -> None:
    fill(tx, {MUG: 9})
    bought(tx, (MUG, 1))
    tx.execute(
        text(
            "INSERT INTO parcel (id, carrier, number, changed_by, change_reason, changed_at)"
            " VALUES (uuid7(), 'sf', '1', 'x', 'y', clock_timestamp())"
        )
    )

    with pytest.raises(REFUSED, match=says):
        tx.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO orders SELECT * FROM orders ON CONFLICT DO NOTHING",
        "UPDATE orders SET status = 'paid' WHERE false",
        "DELETE FROM orders WHERE false",
    ],
)
def test_a_statement_that_touches_no_row_writes_nothing(tx: Tx, statement: str) -> None:
    fill(tx, {MUG: 9})
    bought(tx, (MUG, 1))

    tx.execute(text(statement))

    assert (rows(tx, "history"), rows(tx, "outbox")) == (1, 1)


@pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.table)
def test_the_triggers_in_the_database_are_those_the_list_makes(tx: Tx, tracked: Tracked) -> None:
    standing = _triggers(tx, tracked.table)
    for name in standing:
        tx.execute(text(f"DROP TRIGGER {name} ON {tracked.table}"))
    for statement in statements(tracked):
        if statement.startswith("CREATE TRIGGER"):
            tx.exec_driver_sql(statement)

    assert standing == _triggers(tx, tracked.table)
    assert set(standing) == set(tracked.triggers())


@pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.table)
def test_the_functions_in_the_database_are_those_the_list_makes(tx: Tx, tracked: Tracked) -> None:
    made = {match[1]: match[2] for match in map(FUNCTION.match, statements(tracked)) if match}

    assert {name: _source(tx, name) for name in made} == made
    assert len(made) == (5 if tracked.derived else 4)


def test_every_table_with_a_version_and_a_reason_is_tracked() -> None:
    versioned = {
        name
        for name, table in metadata.tables.items()
        if {"version", "changed_by"} <= set(table.c.keys())
    }

    assert versioned - {"history"} == {tracked.table for tracked in TRACKED}


@pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.table)
def test_every_column_is_tracked_or_about_the_change(tracked: Tracked) -> None:
    columns = set(metadata.tables[tracked.table].c.keys())
    about = {"id", "version", "ring", "changed_by", "change_reason", "changed_at"}

    assert {*tracked.columns, *tracked.counters} == columns - about


def _source(tx: Tx, function: str) -> object:
    return tx.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = :name"), {"name": function})


def _triggers(tx: Tx, table: str) -> dict[str, tuple[str, str]]:
    """Read every trigger of a table: its definition, and whether it is enabled."""
    found = tx.execute(
        text(
            "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
            " WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"
        ),
        {"table": table},
    )
    return {name: (definition, enabled) for name, definition, enabled in found}
