"""The transaction that every function of the core is handed, and the catalogue of its tables."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier
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


def copy_in(tx: Tx, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by one COPY, the cheapest way there is; what is not named takes its default.

    Args:
        rows: Values in the order of the columns; JSON as text. Ids as `hex` and moments as
            `moment` writes them cost a fourth of what the driver takes for theirs.

    Raises:
        psycopg.Error: If a row is refused, and with it all of them.
    """
    driver: psycopg.Connection = tx.connection.driver_connection  # type: ignore[assignment]
    names = SQL(", ").join(map(Identifier, columns))
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
    with driver.cursor() as cursor, cursor.copy(statement) as into:
        for row in rows:
            into.write_row(row)


@lru_cache(maxsize=4096)
def moment(at: datetime) -> str:
    """Write a moment as PostgreSQL reads it; a batch holds the same one a thousand times."""
    return at.isoformat()


def array(values: Sequence[str]) -> str:
    """Write a PostgreSQL array of texts that hold neither quote nor backslash, as ids and numbers.

    The driver looks at each element by itself to find out what it is: in a hot statement that
    costs more than the statement.
    """
    return '{"' + '","'.join(values) + '"}' if values else "{}"


def ids_array(ids: Iterable[UUID]) -> str:
    """Write a PostgreSQL array of ids."""
    return array([one.hex for one in ids])
