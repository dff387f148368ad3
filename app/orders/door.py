"""The door that orders come in by: a batcher in front of the core, and who may order at all."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from sqlalchemy import Engine

from app.db.transaction import begin
from app.orders.batcher import Batcher
from app.orders.flush import Flushed, flush
from orders_core.clock import Clock
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show
from orders_core.orders.choose import PlaceRequest
from orders_core.tx import Tx

MOST_REMEMBERED = 100_000

KnownPeople = Callable[[Tx, Collection[PersonId]], Collection[PersonId]]


class Door(Protocol):
    """Whoever takes an order request and answers it later."""

    def submit(self, request: PlaceRequest) -> "asyncio.Future[Flushed | NotFound]":
        """Take the request; the future gets its outcome."""


class OrderDoor:
    """The real door: batches, flushes, and asks once about each person."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        known_people: KnownPeople,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._engine, self._clock, self._known_people = engine, clock, known_people
        self._remembered: set[PersonId] = set()
        self._batcher: Batcher[PlaceRequest, Flushed | NotFound] = Batcher(self._flush, loop=loop)

    def submit(self, request: PlaceRequest) -> "asyncio.Future[Flushed | NotFound]":
        """Take the request into the next batch; call it on the event loop."""
        return self._batcher.submit(request)

    def close(self) -> bool:
        """Flush what waits and stop; True if nothing was left behind."""
        return self._batcher.close()

    def _flush(self, requests: Sequence[PlaceRequest]) -> list[Flushed | NotFound]:
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        self._meet({request.person_id for request in requests} - self._remembered)
        known = [request for request in requests if request.person_id in self._remembered]
        outcomes = iter(flush(self._engine, known, clock=self._clock) if known else ())
        return [
            next(outcomes)
            if request.person_id in self._remembered
            else NotFound("person", show("per", request.person_id))
            for request in requests
        ]

    def _meet(self, strangers: Collection[PersonId]) -> None:
        if not strangers:
            return
        with begin(self._engine) as tx:
            self._remembered.update(self._known_people(tx, strangers))
