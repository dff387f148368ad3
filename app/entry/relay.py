"""The relay: looks what is due and rings the lanes awake. It runs no handler and sends nothing."""

import time
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.db.heartbeat import Heart
from app.db.transaction import begin
from app.desk.training_store import is_asked
from app.entry.standing import Stop, open_house
from app.errors import EngineUnreachable
from app.jobs.broker import Bell, make_celery
from app.jobs.crash import crash_point
from app.jobs.lanes import Lane
from app.messages.store import lanes_due
from orders_core.clock import Clock
from orders_core.outbox.store import any_due

BUSY_SECONDS = 0.02
IDLE_SECONDS = 0.2
AWAKE_SECONDS = 2.0  # after something was due: where one order came, the next is not far
AWAY_SECONDS = 1.0
POOL = 2

log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """What waits: events, messages by lane, and what takes long to compute."""

    events: bool
    lanes: Collection[Lane]
    slow: bool = False

    def __bool__(self) -> bool:
        return self.events or bool(self.lanes)


def look(engine: Engine, clock: Clock) -> Due:
    """Ask once what is due."""
    now = clock.now()
    with begin(engine) as tx:
        return Due(any_due(tx), lanes_due(tx, now=now), is_asked(tx))


def ring(bell: Bell, due: Due) -> bool:
    """Wake whoever has something due, each at most once; False if the broker is away."""
    is_heard = bell.wake_events() if due.events else True
    for lane in due.lanes:
        is_heard = is_heard and bell.wake_lane(lane)
    if due.slow:
        is_heard = is_heard and bell.wake_slow()
    return is_heard


def run(engine: Engine, clock: Clock, bell: Bell, stop: Stop) -> None:
    """Look and ring until told to stop: every 20 ms while something is or was due, else 200 ms.

    A broker or a database that is away is waited for; the workers look for themselves meanwhile.
    """
    is_broker_here = True
    awake_until = 0.0
    while not stop.is_set():
        try:
            due = look(engine, clock)
        except (SQLAlchemyError, EngineUnreachable):
            stop.wait(AWAY_SECONDS)
            continue
        started = time.monotonic()
        is_heard = ring(bell, due)
        crash_point("relay.after_ring")
        if is_heard != is_broker_here:
            log.warning("broker_back" if is_heard else "broker_away")
            is_broker_here = is_heard
        if not is_heard:
            stop.wait(max(AWAY_SECONDS, time.monotonic() - started))
            continue
        if due:
            awake_until = started + AWAKE_SECONDS
        stop.wait(BUSY_SECONDS if started < awake_until else IDLE_SECONDS)


def main() -> None:
    """Run the relay until SIGTERM."""
    stop = Stop().listen()
    house = open_house("relay", pool_size=POOL)
    bell = Bell(make_celery(house.settings.broker_address))
    with Heart(house.engine, "relay"):
        run(house.engine, house.clock, bell, stop)
