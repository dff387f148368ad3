"""The edge where transactions begin and end. Nothing else in the product commits."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db.engine import unreachable
from orders_core.tx import Tx

SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"
WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})
FIRST_PAUSE_SECONDS = 0.01

Answer = TypeVar("Answer")


@contextmanager
def begin(engine: Engine) -> Iterator[Tx]:
    """Open a transaction: committed when the block ends, rolled back when the block raises.

    Raises:
        EngineUnreachable: If no connection to PostgreSQL can be made.
    """
    try:
        connection = engine.connect()
    except OperationalError as fault:
        raise unreachable(engine.url, fault) from fault
    with connection as tx, tx.begin():
        yield tx


def attempt(engine: Engine, work: Callable[[Tx], Answer], *, tries: int = 5) -> Answer:
    """Run `work` in a transaction of its own, again from the start when PostgreSQL asks for that.

    Only a deadlock or a serialization failure is tried again, after a random pause that doubles
    (10 ms at first); the last failure is raised. `work` leaves no trace outside its transaction.
    """
    for number in range(1, tries):
        try:
            with begin(engine) as tx:
                return work(tx)
        except (DBAPIError, psycopg.Error) as fault:
            if sqlstate(fault) not in WORTH_ANOTHER_TRY:
                raise
            time.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**number))  # noqa: S311 - a pause is no secret
    with begin(engine) as tx:
        return work(tx)


def sqlstate(fault: DBAPIError | psycopg.Error) -> str | None:
    """Return PostgreSQL's five-letter code of the failure, if the server gave one."""
    driver = fault.orig if isinstance(fault, DBAPIError) else fault
    return driver.sqlstate if isinstance(driver, psycopg.Error) else None
