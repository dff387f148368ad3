"""The transaction that every function of the core is handed, and the catalogue of its tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, MetaData

Tx = Connection

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@contextmanager
def pipeline(tx: Tx) -> Iterator[psycopg.Connection]:
    """Yield the driver's connection in pipeline mode, inside the transaction SQLAlchemy opened.

    Statements queued here travel together; results are read after the last was queued. Only
    driver statements belong inside: a Core expression waits for its own answer and would stop the
    pipeline.
    """
    driver: psycopg.Connection = tx.connection.driver_connection  # type: ignore[assignment]
    with driver.pipeline():
        yield driver
