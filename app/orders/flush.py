"""Flush a batch of order requests so that a poisonous one fails alone."""

from collections.abc import Mapping, Sequence

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db.transaction import WORTH_ANOTHER_TRY, attempt, sqlstate
from app.errors import EngineUnreachable
from orders_core.clock import Clock
from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.idempotency.tables import idempotency
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Outcome
from orders_core.orders.place import place
from orders_core.tx import Tx

LOCK_NOT_AVAILABLE = "55P03"
UNIQUE_VIOLATION = "23505"

log = structlog.get_logger()


class StillInProgress(CoreError):
    """Another request with this key is under way."""


class OutcomeUnknown(CoreError):
    """The database went away while it had the order in hand; asking again with the key is safe."""


class HeldUp(CoreError):
    """Somebody holds the stock of these goods for too long; nothing was placed, ask again."""


class ReferenceTaken(CoreError):
    """Another order carries this reference; give each order its own."""


class Unplaceable(CoreError):
    """This request alone made the database refuse; its neighbours were placed."""


Refused = StillInProgress | OutcomeUnknown | HeldUp | ReferenceTaken | Unplaceable
Flushed = Outcome | Refused

#: What a refusal of one request alone means, by PostgreSQL's code.
ALONE: Mapping[str, type[Refused]] = {
    LOCK_NOT_AVAILABLE: StillInProgress,
    UNIQUE_VIOLATION: ReferenceTaken,
}


def flush(engine: Engine, requests: Sequence[PlaceRequest], *, clock: Clock) -> list[Flushed]:
    """Place the requests in one transaction; where the database refuses, narrow it down.

    A batch that waited too long for somebody's key is tried one by one; any other refusal halves
    the batch until the one request that causes it stands alone. One that waited too long for a
    level is given up whole: to wait as long again for each request would shut the door for minutes.
    """

    def work(tx: Tx) -> list[Outcome]:
        change = Change(by="shopper", why="bought", at=clock.now())
        return place(tx, requests, change=change)

    try:
        return [*attempt(engine, work)]
    except (DBAPIError, psycopg.Error) as fault:
        state = sqlstate(fault)
        if state == LOCK_NOT_AVAILABLE and not _is_about_a_key(fault):
            return _all(requests, HeldUp)
    except EngineUnreachable:
        return _all(requests, OutcomeUnknown)
    if state is None or state.startswith(("08", "57P")) or state in WORTH_ANOTHER_TRY:
        return _all(requests, OutcomeUnknown)
    if len(requests) == 1:
        log.warning("order_refused_by_database", sqlstate=state)
        return _all(requests, ALONE.get(state, Unplaceable))
    step = 1 if state == LOCK_NOT_AVAILABLE else (len(requests) + 1) // 2
    parts = [requests[start : start + step] for start in range(0, len(requests), step)]
    return [outcome for part in parts for outcome in flush(engine, part, clock=clock)]


def _is_about_a_key(fault: DBAPIError | psycopg.Error) -> bool:
    driver = fault.orig if isinstance(fault, DBAPIError) else fault
    where = driver.diag.context if isinstance(driver, psycopg.Error) else None
    return f'"{idempotency.name}"' in (where or "")  # PostgreSQL names the relation it waited at


def _all(requests: Sequence[PlaceRequest], error: type[Refused]) -> list[Flushed]:
    says = (error.__doc__ or "").partition("\n")[0]
    return [error(says) for _ in requests]
