"""What has to be done now and then without any event: one table, looked at every two seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.campaigns import launch
from app.desk import training
from app.forecast import make
from app.house import House
from app.jobs.lanes import SLOW
from app.subscribers import (
    bookings,
    digests,
    escalations,
    fatigue,
    habits,
    late,
    release,
    released,
    short,
    unpaid,
)
from orders_core.tx import Tx

MayGoOn = Callable[[], bool]
NextDue = Callable[[Tx, datetime, datetime], datetime | None]


@dataclass(frozen=True)
class Chore:
    """Something a worker looks after on its rounds; `worker` is `fast`, `bulk` or `slow`.

    `run` does what is due now, for ten seconds at most unless the worker is `slow`, and says how
    many things it did: 0 when nothing is due. Several workers may run it at once, and any of them
    may die in the middle.
    `next_due(tx, after, until)` names the first business time after `after`, at most `until`, that
    it has something to do; None where business time makes nothing due.
    """

    name: str
    worker: str
    run: Callable[[House, MayGoOn], int]
    next_due: NextDue


def not_by_the_clock(_tx: Tx, _after: datetime, _until: datetime) -> datetime | None:
    """Say that business time makes nothing due."""
    return None


CHORES: Sequence[Chore] = (
    Chore("orders.unpaid", "fast", unpaid.run_due, unpaid.next_due),
    Chore("stock.bookings", "fast", bookings.run_due, bookings.next_due),
    Chore("orders.released", "fast", released.run_due, released.next_due),
    Chore("orders.short", "fast", short.run_due, short.next_due),
    Chore("escalations", "fast", escalations.run_due, escalations.next_due),
    Chore("digests", "fast", digests.run_due, digests.next_due),
    Chore("messages.again", "fast", release.run_fast, not_by_the_clock),
    Chore("messages.again.bulk", "bulk", release.run_bulk, not_by_the_clock),
    Chore("campaigns", "bulk", launch.run_due, launch.next_due),
    Chore("answers.training", SLOW, training.run_due, not_by_the_clock),
    Chore("forecast", SLOW, make.run_due, not_by_the_clock),
    Chore("fatigue", SLOW, fatigue.run_due, not_by_the_clock),
    Chore("habits", SLOW, habits.run_due, not_by_the_clock),
    Chore("parcels.late", SLOW, late.run_due, not_by_the_clock),
)


def chores_of(worker: str | None = None) -> Sequence[Chore]:
    """Return the chores of one worker, or of all."""
    return [chore for chore in CHORES if worker in {None, chore.worker}]
