"""The edge where transactions begin and end. Nothing else in the product commits."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db.engine import unreachable
from orders_core.tx import Tx

SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"
WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK})
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.01, 1.0

Answer = TypeVar("Answer")
Isolation = Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]

log = structlog.get_logger()


@contextmanager
def begin(engine: Engine, *, isolation: Isolation | None = None) -> Iterator[Tx]:
    """Open a transaction: committed when the block ends, rolled back when the block raises.

    Without a level it is READ COMMITTED, as every session of ours. Above it PostgreSQL may end the
    transaction with a serialization failure: `attempt` is the way to ask for such a level.

    Raises:
        EngineUnreachable: If no connection to PostgreSQL can be made.
    """
    try:
        connection = engine.connect()
    except OperationalError as fault:
        raise unreachable(engine.url, fault) from fault
    with connection as tx:
        if isolation:
            tx.execution_options(isolation_level=isolation)  # the pool takes it back
        with tx.begin():
            yield tx


def attempt(
    engine: Engine,
    work: Callable[[Tx], Answer],
    *,
    tries: int = 5,
    isolation: Isolation | None = None,
) -> Answer:
    """Run `work` in a transaction of its own, again from the start when PostgreSQL asks for that.

    Only a deadlock or a serialization failure is tried again, after a random pause that doubles
    (10 ms at first, 1 s at most); the last failure is raised. `work` leaves no trace outside its
    transaction. Ask for SERIALIZABLE where a rule spans rows that no lock of ours guards together.
    """
    for number in range(1, tries):
        try:
            with begin(engine, isolation=isolation) as tx:
                return work(tx)
        except (DBAPIError, psycopg.Error) as fault:
            state = sqlstate(fault)
            if state not in WORTH_ANOTHER_TRY:
                raise
            log.info("transaction_again", sqlstate=state, tried=number)
            pause = min(FIRST_PAUSE_SECONDS * 2**number, LONGEST_PAUSE_SECONDS)
            time.sleep(random.uniform(0, pause))  # noqa: S311 - a pause is no secret
    with begin(engine, isolation=isolation) as tx:
        return work(tx)


def sqlstate(fault: DBAPIError | psycopg.Error) -> str | None:
    """Return PostgreSQL's five-letter code of the failure, if the server gave one."""
    driver = fault.orig if isinstance(fault, DBAPIError) else fault
    return driver.sqlstate if isinstance(driver, psycopg.Error) else None
