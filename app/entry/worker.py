"""A worker: Celery wakes it, and every two seconds it looks for itself.

With the broker gone for minutes, messages still leave: the tables are the queue, the wake-up is
only a courtesy.
"""

import threading
import warnings
from collections.abc import Callable

import structlog
from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import worker_init, worker_shutting_down
from sqlalchemy.exc import SQLAlchemyError

from app.db.heartbeat import Heart
from app.entry.standing import open_house
from app.errors import EngineUnreachable
from app.house import House
from app.jobs.broker import WAKE_EVENTS, WAKE_LANE, make_celery
from app.jobs.lanes import HANDLES_EVENTS, WORKERS, Lane, queues_of
from app.messages import deliver
from app.subscribers.drain import delivery
from app.subscribers.handle import handle_events

POLL_SECONDS = 2.0
THREADS = 2
POOL = 5  # two Celery threads, the poll, the heart, the clock
LONGEST_DRAIN_SECONDS = 20

log = structlog.get_logger()


class Rounds:
    """The worker's own rounds: everything it is responsible for, once every two seconds."""

    def __init__(self, house: House, worker: str) -> None:
        self._house, self._worker = house, worker
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round under way and stop."""
        self._stopped.set()
        self._thread.join(timeout=POLL_SECONDS * 2)

    def _run(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self._once()
            except (SQLAlchemyError, EngineUnreachable) as fault:
                log.warning("round_failed", error=type(fault).__name__)

    def _once(self) -> None:
        if self._worker == HANDLES_EVENTS:
            empty_events(self._house, may_go_on=self._may_go_on)
        for lane in WORKERS[self._worker]:
            empty_lane(self._house, lane, may_go_on=self._may_go_on)

    def _may_go_on(self) -> bool:
        return not self._stopped.is_set()


def empty_events(house: House, *, may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Handle due events until none is due."""
    while may_go_on():
        handled = handle_events(house)
        if not handled.done and not handled.failed:
            return


def empty_lane(
    house: House, lane: Lane, *, may_go_on: Callable[[], bool] = lambda: True
) -> None:
    """Deliver what is due on a lane until nothing is, or for twenty seconds."""
    desk = delivery(house, may_go_on=may_go_on)
    deliver.drain(desk, lane, at_most_seconds=LONGEST_DRAIN_SECONDS)


def equip(celery: Celery, house: House) -> None:
    """Give Celery its two tasks. Each may run anywhere, any number of times."""

    @celery.task(name=WAKE_EVENTS)
    def wake_events() -> None:
        empty_events(house)

    @celery.task(name=WAKE_LANE)
    def wake_lane(lane: int) -> None:
        empty_lane(house, Lane(lane))


def main(worker: str) -> None:
    """Run the worker `fast` (L0, L1 and events) or `bulk` (L2, L3) until SIGTERM."""
    # Celery warns root of pickled tasks; here a task is JSON and holds a lane at most.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    house = open_house(f"worker-{worker}", pool_size=POOL)
    celery = make_celery(house.settings.broker_address)
    equip(celery, house)
    rounds = Rounds(house, worker)
    worker_init.connect(lambda **_: rounds.start(), weak=False)
    worker_shutting_down.connect(lambda **_: rounds.stop(), weak=False)
    with Heart(house.engine, f"worker-{worker}"):
        celery.worker_main(
            [
                "worker",
                f"--queues={','.join(queues_of(worker))}",
                f"--hostname={worker}@%h",
                "--pool=threads",
                f"--concurrency={THREADS}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--loglevel=WARNING",
            ]
        )
