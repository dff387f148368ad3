"""Jump business time forward the way it would have been lived through: stop by stop."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import clock as clock_store
from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.messages.store import next_due
from app.subscribers.chores import chores_of
from app.subscribers.drain import drain
from orders_core.tx import Tx

MOST_STOPS = 10_000


@dataclass
class Arrived:
    """Where the clock stands now, and what was done on the way."""

    now: datetime
    events: int = 0
    messages: int = 0
    chores: int = 0


def jump(house: House, *, forward: timedelta) -> Arrived:
    """Set the clock `forward`; stop at each instant something comes due and drain it there.

    Raises:
        ValueError: If `forward` is negative.
    """
    if forward < timedelta(0):
        raise ValueError("the business clock never goes back")
    with begin(house.engine) as tx:
        timeline, machine_now = clock_store.read(tx)
    start = timeline.at(machine_now)
    arrived = Arrived(start)
    _drain(house, arrived)
    target = start + forward
    for _ in range(MOST_STOPS):
        with begin(house.engine) as tx:
            stop = _next_stop(tx, after=arrived.now, until=target)
        _move_to(house, stop or target, arrived)
        _drain(house, arrived)
        if stop is None:
            break
    return arrived


def _next_stop(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first instant after `after` at which a message or a chore comes due."""
    stops = [chore.next_due(tx, after, until) for chore in chores_of()]
    stops.append(next_due(tx, after=after, until=until))
    return min((stop for stop in stops if stop is not None), default=None)


def _move_to(house: House, instant: datetime, arrived: Arrived) -> None:
    with begin(house.engine) as tx:
        timeline, machine_now = clock_store.read(tx)
        ahead = max(instant - timeline.at(machine_now), timedelta(0))
        arrived.now = clock_store.jump(tx, forward=ahead)
    if isinstance(house.clock, BusinessClock):  # it remembers: what is due now would seem early
        house.clock.look_again()


def _drain(house: House, arrived: Arrived) -> None:
    done = drain(house)
    arrived.events += done.events
    arrived.messages += done.messages
    arrived.chores += done.chores
