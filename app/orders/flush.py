"""Flush a batch of order requests so that a poisonous one fails alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db.transaction import WORTH_ANOTHER_TRY, attempt, sqlstate
from app.errors import EngineUnreachable
from app.orders.market import QUIET, Market
from orders_core.clock import Clock
from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.idempotency.tables import idempotency
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Outcome
from orders_core.orders.place import place
from orders_core.orders.place_booked import place_booked
from orders_core.tx import Tx

LOCK_NOT_AVAILABLE = "55P03"
UNIQUE_VIOLATION = "23505"

log = structlog.get_logger()

Work = Callable[[Tx], list[Outcome]]


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


@dataclass(frozen=True, kw_only=True)
class Till:
    """What orders are placed with: business time, how long they wait to be paid, the market."""

    clock: Clock
    hold: timedelta | None = None  #: unpaid after it an order ends; none: it waits for ever
    market: Market = QUIET  #: says how units are found where more than one warehouse sells

    def placing(self, requests: Sequence[PlaceRequest], booking_id: UUID | None = None) -> Work:
        """Return what places the requests, the one from a booking if one is named.

        The market's rulings are written down in the same transaction.
        """
        guided = self.market.guided(requests)

        def work(tx: Tx) -> list[Outcome]:
            change = Change(by="shopper", why="bought", at=self.clock.now())
            if booking_id is None:
                outcomes = place(tx, guided, change=change, hold=self.hold)
            else:
                [one] = guided
                outcomes = [place_booked(tx, one, booking_id, change=change, hold=self.hold)]
            self.market.log(tx, guided, outcomes, now=change.at)
            return outcomes

        return work


def flush(engine: Engine, requests: Sequence[PlaceRequest], till: Till) -> list[Flushed]:
    """Place the requests in one transaction; where the database refuses, narrow it down.

    A batch that waited too long for somebody's key is tried one by one; any other refusal halves
    the batch until the one request that causes it stands alone. One that waited too long for a
    level is given up whole: to wait as long again for each request would shut the door for minutes.
    """
    done = _attempt(engine, requests, till.placing(requests))
    if not isinstance(done, str):
        return done
    step = 1 if done == LOCK_NOT_AVAILABLE else (len(requests) + 1) // 2
    parts = [requests[start : start + step] for start in range(0, len(requests), step)]
    return [outcome for part in parts for outcome in flush(engine, part, till)]


def flush_booked(engine: Engine, request: PlaceRequest, booking_id: UUID, till: Till) -> Flushed:
    """Place one order from a booking, alone: whose units it takes nobody beside it may see free.

    Raises:
        NotFound: If there is no such booking.
        BookingEnded: If it was confirmed or released before.
    """
    done = _attempt(engine, [request], till.placing([request], booking_id))
    if isinstance(done, str):
        raise TypeError("one request cannot be parted")
    return done[0]


def _attempt(engine: Engine, requests: Sequence[PlaceRequest], work: Work) -> list[Flushed] | str:
    """Do the work; return what became of each request, or the database's code to be narrowed."""
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
    return state


def _is_about_a_key(fault: DBAPIError | psycopg.Error) -> bool:
    driver = fault.orig if isinstance(fault, DBAPIError) else fault
    where = driver.diag.context if isinstance(driver, psycopg.Error) else None
    return f'"{idempotency.name}"' in (where or "")  # PostgreSQL names the relation it waited at


def _all(requests: Sequence[PlaceRequest], error: type[Refused]) -> list[Flushed]:
    says = (error.__doc__ or "").partition("\n")[0]
    return [error(says) for _ in requests]
