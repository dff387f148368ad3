"""The spine: orders, stock, parcels, events, people, decisions and messages."""

from pathlib import Path
from typing import cast

import psycopg
from alembic import op

revision = "0001"
down_revision = None

HERE = Path(__file__).parent
PARTITIONED = ("history", "outbox", "verdict", "message")
NATIVE_UUID7 = 180000

MADE_HERE_UUID7 = r"""
CREATE FUNCTION uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) PLACING
        substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$
"""
SERVERS_OWN_UUID7 = (
    "CREATE FUNCTION uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT uuidv7()'"
)


def upgrade() -> None:
    """Make the functions, the tables, their partitions and the triggers of tracked tables."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    op.execute(SERVERS_OWN_UUID7 if int(version) >= NATIVE_UUID7 else MADE_HERE_UUID7)
    driver = cast(psycopg.Connection, connection.connection.driver_connection)
    for name in ("0001_functions.sql", "0001_spine.sql", "0001_triggers.sql"):
        driver.execute((HERE / name).read_text(encoding="utf-8"))  # many statements at once
    for table in PARTITIONED:
        op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        for months in range(-1, 4):
            op.execute(
                f"SELECT make_partition('{table}',"
                f" (clock_timestamp() AT TIME ZONE 'UTC' + interval '{months} months')::date)"
            )


def downgrade() -> None:
    """Drop everything this version made; the schema itself and Alembic's table stay."""
    connection = op.get_bind()
    made = (HERE / "0001_spine.sql").read_text(encoding="utf-8")
    tables = [line.split()[2] for line in made.splitlines() if line.startswith("CREATE TABLE")]
    connection.exec_driver_sql(f"DROP TABLE {', '.join(tables)} CASCADE")
    connection.exec_driver_sql("DROP SEQUENCE order_number")
    for table in ("orders", "parcel"):
        for kind in ("inserted", "updated", "versioned", "kept"):
            connection.exec_driver_sql(f"DROP FUNCTION {table}_{kind}()")
    connection.exec_driver_sql("DROP FUNCTION uuid7()")
    connection.exec_driver_sql("DROP FUNCTION make_partition(text, date)")
    connection.exec_driver_sql("DROP FUNCTION uuid7_floor(timestamptz)")
