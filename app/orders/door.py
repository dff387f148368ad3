"""The door that orders come in by: a batcher in front of the core, and who may order at all."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine

from app.db.transaction import begin
from app.orders.batcher import Batcher
from app.orders.flush import Flushed, Till, flush, flush_booked
from app.orders.guide import Guide
from app.settings import Settings
from orders_core.clock import Clock
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show
from orders_core.orders.choose import PlaceRequest
from orders_core.tx import Tx

MOST_REMEMBERED = 100_000

KnownPeople = Callable[[Tx, Collection[PersonId]], Collection[PersonId]]


def hold_of(settings: Settings) -> timedelta | None:
    """Return how long an order may stay unpaid; None: for ever."""
    minutes = settings.unpaid_minutes
    return timedelta(minutes=minutes) if minutes else None


def concerned(request: PlaceRequest) -> frozenset[PersonId]:
    """Return who must be known for an order: whoever buys it, and whoever it is given to."""
    receiver = request.gift.person_id if request.gift else None
    return frozenset({request.person_id, receiver} if receiver else {request.person_id})


class Door(Protocol):
    """Whoever takes an order request and answers it later."""

    def submit(self, request: PlaceRequest) -> "asyncio.Future[Flushed | NotFound]":
        """Take the request; the future gets its outcome."""

    def place_booked(self, request: PlaceRequest, booking_id: UUID) -> Flushed | NotFound:
        """Place an order from a booking; in a thread, for it waits."""


class OrderDoor:
    """The real door: batches, flushes, and asks once about each person."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        known_people: KnownPeople,
        loop: asyncio.AbstractEventLoop,
        hold: timedelta | None = None,
    ) -> None:
        self._engine, self._clock, self._known_people = engine, clock, known_people
        self._hold, self._guide = hold, Guide(engine, clock=clock)
        self._remembered: set[PersonId] = set()
        self._batcher: Batcher[PlaceRequest, Flushed | NotFound] = Batcher(self._flush, loop=loop)

    def submit(self, request: PlaceRequest) -> "asyncio.Future[Flushed | NotFound]":
        """Take the request into the next batch; call it on the event loop."""
        return self._batcher.submit(request)

    def place_booked(self, request: PlaceRequest, booking_id: UUID) -> Flushed | NotFound:
        """Place an order from a booking, in no batch; not for the loop: it waits.

        Raises:
            NotFound: If there is no such booking.
            BookingEnded: If it was confirmed or released before.
        """
        with begin(self._engine) as tx:
            known = self._known_people(tx, concerned(request))
        if strangers := concerned(request) - set(known):
            return NotFound("person", show("per", min(strangers)))
        return flush_booked(self._engine, request, booking_id, self._till())

    def close(self) -> bool:
        """Flush what waits and stop; True if nothing was left behind."""
        return self._batcher.close()

    def _flush(self, requests: Sequence[PlaceRequest]) -> list[Flushed | NotFound]:
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        everybody = {one for request in requests for one in concerned(request)}
        self._meet(everybody - self._remembered)
        strangers = everybody - self._remembered
        known = [one for one in requests if not strangers or not concerned(one) & strangers]
        outcomes = iter(self._placed(known) if known else ())
        return [
            NotFound("person", show("per", min(missing)))
            if strangers and (missing := concerned(request) & strangers)
            else next(outcomes)
            for request in requests
        ]

    def _placed(self, requests: Sequence[PlaceRequest]) -> list[Flushed]:
        return flush(self._engine, requests, self._till())

    def _till(self) -> Till:
        return Till(clock=self._clock, hold=self._hold, market=self._guide.market())

    def _meet(self, strangers: Collection[PersonId]) -> None:
        if not strangers:
            return
        with begin(self._engine) as tx:
            self._remembered.update(self._known_people(tx, strangers))
