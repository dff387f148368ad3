"""Alembic's entrance: it migrates on the connection that `app.db.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from app.db.schema import metadata

LOCK_SECONDS = 5


def run() -> None:
    """Run the migrations asked for in the transaction that is open on the connection."""
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("migrations run through app.db.migrate, which opens the connection")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=False
    )
    with context.begin_transaction():
        context.run_migrations()


run()
