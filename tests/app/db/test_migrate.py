"""Migrations: in one line, up and down, one migrator at a time, and they make what we declare."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from app.db.engine import make_engine
from app.db.engines import Urls
from app.db.migrate import Standing, check, migrate, revisions, take_back
from app.db.schema import metadata
from app.db.transaction import begin
from app.errors import SchemaMismatch
from tests.shop import Shop, create_database, drop_database, table_names, url_of

PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits"


@pytest.fixture
def empty(engines: Urls) -> Iterator[Engine]:
    name = f"empty_{uuid4().hex[:12]}"
    create_database(engines.database, name)
    engine = make_engine(url_of(engines.database, name))
    yield engine
    engine.dispose()
    drop_database(engines.database, name)


def test_revisions_are_four_digits_in_one_line():
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_an_empty_database_comes_to_the_codes_version_and_back_to_nothing(empty: Engine):
    assert check(empty).standing is Standing.BEHIND
    assert migrate(empty).standing is Standing.CURRENT
    assert "orders" in table_names(empty)

    take_back(empty, to="base")

    assert table_names(empty) == ["alembic_version"]
    assert leftovers(empty) == []
    assert migrate(empty).standing is Standing.CURRENT


def leftovers(engine: Engine) -> list[str]:
    query = """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
        UNION ALL SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'
    """
    with begin(engine) as tx:
        return [row[0] for row in tx.execute(text(query))]


def test_the_migrated_tables_are_those_that_the_code_declares(shop: Shop):
    with shop.engine.connect() as connection:
        partitions = set(connection.execute(text(PARTITIONS)).scalars())

        def is_declared(_thing: object, name: str | None, kind: str, *_more: object) -> bool:
            return not (kind == "table" and name in partitions)

        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_declared}
        )
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_two_migrators_at_once_take_turns(empty: Engine):
    found: list[Standing] = []
    threads = [
        threading.Thread(target=lambda: found.append(migrate(empty).standing)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [Standing.CURRENT] * 3


def test_a_database_behind_the_code_says_run_migrate(empty: Engine):
    with pytest.raises(SchemaMismatch, match="run `orderbell migrate`"):
        check(empty).demand_current()


def test_a_database_ahead_of_the_code_is_refused_and_left_alone(shop: Shop):
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaMismatch, match="older than database"):
        check(shop.engine).demand_current()
    with pytest.raises(SchemaMismatch, match="refusing"):
        migrate(shop.engine)


def test_who_is_rostered_stays_when_the_roster_comes_to_half_hours_and_back(empty: Engine):
    migrate(empty, to="0043")
    with begin(empty) as tx:
        tx.execute(text("INSERT INTO roster_hour VALUES ('2026-03-02 12:00Z', 6)"))
    migrate(empty, to="0044")
    with begin(empty) as tx:
        halves = tx.execute(text("SELECT slot, people FROM roster_slot ORDER BY slot")).all()
        tx.execute(text("INSERT INTO roster_slot VALUES ('2026-03-02 13:30Z', 4)"))
        tx.execute(text("UPDATE roster_slot SET people = 5 WHERE slot = '2026-03-02 12:30Z'"))
    assert [(f"{row.slot:%H:%M}", row.people) for row in halves] == [("12:00", 6), ("12:30", 6)]

    take_back(empty, to="0043")
    with begin(empty) as tx:
        hours = tx.execute(text("SELECT hour, people FROM roster_hour ORDER BY hour")).all()
    assert [(f"{row.hour:%H:%M}", row.people) for row in hours] == [("12:00", 5), ("13:00", 0)]
