"""A worker: Celery wakes it, and every two seconds it looks for itself.

With the broker gone for minutes, messages still leave: the tables are the queue, the wake-up is
only a courtesy.
"""

import threading
import warnings
from collections.abc import Iterable

import structlog
from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import worker_init, worker_shutting_down

from app.db.heartbeat import Heart, process_name
from app.entry.standing import LATE, SOON, open_house
from app.house import House
from app.jobs.broker import WAKE_EVENTS, WAKE_LANE, WAKE_SLOW, make_celery
from app.jobs.lanes import HANDLES_EVENTS, WORKERS, Lane, queues_of
from app.messages import deliver
from app.subscribers.chores import Chore, chores_of
from app.subscribers.drain import delivery
from app.subscribers.handle import handle_events
from app.subscribers.rescue import Rescue

POLL_SECONDS = 2.0
THREADS = 2
POOL = 5  # two Celery threads, the poll, the heart, the clock
LONGEST_DRAIN_SECONDS = 20
EVENTS_MAKE = (Lane.ORDER, Lane.SECURITY)  # news of orders as a rule; codes ring by themselves
AT_ONCE_SECONDS = 1  # for what events made urgent; a lane that is full has wake-ups of its own

log = structlog.get_logger()


class Shift:
    """A worker's working time: what it is responsible for, woken or on its own rounds.

    `house` is the process's own; `worker` is `fast` or `bulk`.
    """

    def __init__(self, house: House, worker: str) -> None:
        self._house, self._worker = house, worker
        self._name = process_name(f"worker-{worker}")
        self._desk = delivery(house, worker=self._name, may_go_on=self.may_go_on)
        self._chores = chores_of(worker)
        self._rescue = Rescue(house.engine)
        self._ended = threading.Event()
        self._at_chores = threading.Lock()  # a wake-up while they are being done changes nothing
        self._rounds = threading.Thread(target=self._go_round, name="rounds", daemon=True)

    def begin(self) -> None:
        """Start going round, every two seconds."""
        self._rounds.start()

    def end(self) -> None:
        """Take on nothing new, and finish the round under way."""
        self._ended.set()
        self._rounds.join(timeout=POLL_SECONDS * 2)

    def may_go_on(self) -> bool:
        """Say whether there is still time for more."""
        return not self._ended.is_set()

    def handle_events(self, *, in_haste: bool = False) -> None:
        """Handle due events until none is due, and deliver what they made urgent.

        An order's news need not wait for the relay to see it and to ring a second time.
        """
        while self.may_go_on():
            handled = handle_events(self._house, worker=self._name, in_haste=in_haste)
            if handled.done:
                self._deliver(EVENTS_MAKE, at_most_seconds=AT_ONCE_SECONDS)
            elif not handled.failed:
                return

    def deliver(self, lane: Lane) -> None:
        """Deliver what is due on a lane until nothing is, or for twenty seconds."""
        deliver.drain(self._desk, lane, at_most_seconds=LONGEST_DRAIN_SECONDS)

    def go_round_once(self) -> None:
        """Do everything this worker is responsible for, and free what dead ones hold."""
        self._rescue.look()
        if self._worker == HANDLES_EVENTS:
            self.handle_events()
        self._deliver(WORKERS[self._worker], at_most_seconds=LONGEST_DRAIN_SECONDS)
        self.do_chores()

    def _deliver(self, lanes: Iterable[Lane], *, at_most_seconds: float) -> None:
        for lane in lanes:
            deliver.drain(self._desk, lane, at_most_seconds=at_most_seconds)

    def do_chores(self) -> None:
        """Do what else is due; a chore that fails holds up neither the others nor the rounds."""
        if not self._at_chores.acquire(blocking=False):
            return
        try:
            for chore in self._chores:
                self._do(chore)
        finally:
            self._at_chores.release()

    def _do(self, chore: Chore) -> None:
        try:
            chore.run(self._house, self.may_go_on)
        except Exception as fault:  # noqa: BLE001 - tried again in two seconds
            log.warning("chore_failed", chore=chore.name, error=type(fault).__name__)

    def _go_round(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            try:
                self.go_round_once()
            except Exception as fault:  # noqa: BLE001 - the rounds outlive whatever one of them met
                self._rescue.forget()
                log.warning("round_failed", error=type(fault).__name__)


def equip(celery: Celery, shift: Shift) -> None:
    """Give Celery its tasks. Each may run anywhere, any number of times."""

    @celery.task(name=WAKE_EVENTS)
    def wake_events() -> None:
        shift.handle_events(in_haste=True)

    @celery.task(name=WAKE_LANE)
    def wake_lane(lane: int) -> None:
        shift.deliver(Lane(lane))

    @celery.task(name=WAKE_SLOW)
    def wake_slow() -> None:
        shift.do_chores()


def main(worker: str) -> None:
    """Run the worker `fast` (L0, L1, events), `bulk` (L2, L3) or `slow` until SIGTERM."""
    # Celery warns root of pickled tasks; here a task is JSON and holds a lane at most.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    looks = SOON if worker == HANDLES_EVENTS else LATE
    house = open_house(f"worker-{worker}", pool_size=POOL, looks=looks)
    celery = make_celery(house.settings.broker_address)
    shift = Shift(house, worker)
    equip(celery, shift)
    worker_init.connect(lambda **_: shift.begin(), weak=False)
    worker_shutting_down.connect(lambda **_: shift.end(), weak=False)
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
