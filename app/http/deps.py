"""What an endpoint asks for: the house, one transaction, the business time."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool

from app.db import hints
from app.db.transaction import begin
from app.house import House
from orders_core.ids import PersonId
from orders_core.tx import Tx

MOST_AT_ONCE = 10  # of the web process's connections (app.entry.web.POOL); the rest are for others


def house_of(request: Request) -> House:
    """Return the house that the process was started with: `app.state.house`."""
    return cast(House, request.app.state.house)


TheHouse = Annotated[House, Depends(house_of)]


def secret_of(house: House) -> bytes:
    """Return the signing key as bytes."""
    return house.settings.secret_key.get_secret_value().encode()


async def _transaction(request: Request) -> AsyncIterator[Tx]:
    """Begin a transaction when it is the request's turn.

    Open pages of everybody whose inbox it changed are told once it is committed. Without turns,
    requests that hold a connection wait for a thread, while every thread waits for a connection:
    above a dozen requests at once the process would stand still.
    """
    async with (
        _turns(request),
        contextmanager_in_threadpool(begin(house_of(request).engine)) as tx,
    ):
        people = hints.gathered(tx)
        try:
            yield tx
        finally:
            hints.over(tx)
    if people:
        await to_thread.run_sync(_hint, house_of(request), people)


def _hint(house: House, people: Collection[UUID]) -> None:
    for person_id in people:
        house.hint(PersonId(person_id))


def _turns(request: Request) -> CapacityLimiter:
    """Return the process's limit of transactions at once: its threads, at most."""
    state = request.app.state
    if not hasattr(state, "turns"):
        state.turns = CapacityLimiter(
            min(MOST_AT_ONCE, current_default_thread_limiter().total_tokens)
        )
    return cast(CapacityLimiter, state.turns)


# Closed before the answer leaves: else a failed commit would still answer 200.
Transaction = Annotated[Tx, Depends(_transaction, scope="function")]


def _now(request: Request) -> datetime:
    return house_of(request).clock.now()


Now = Annotated[datetime, Depends(_now)]
