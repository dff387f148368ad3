"""The scheduler: APScheduler ticks in whoever holds the lock; the slots' rows are the truth."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from app.access.sessions import sweep
from app.db.heartbeat import Heart
from app.db.leader import Leader
from app.db.partitions import make_ahead
from app.db.retention import Fate, purge
from app.db.slots import Job, run_due
from app.desk import training
from app.entry.standing import Stop, open_house
from app.forecast.make import ask_hourly, ask_nightly
from app.house import House
from app.ops import books
from app.settings import Settings
from app.subscribers import fatigue, habits, late
from orders_core.tx import Tx

TICK_SECONDS = 1
CANDIDATE_SECONDS = 1.0
POOL = 3
DAY = timedelta(days=1)
AT_NIGHT = timedelta(hours=18)  # 02:00 in Shanghai
AT_DAWN = timedelta(hours=20)  # 04:00 in Shanghai


def _sweep_sessions(tx: Tx, _due_at: datetime) -> str:
    return f"{sweep(tx)} sessions ended"


JOBS: Sequence[Job] = (
    Job(name="partitions.ahead", every=DAY, work=make_ahead),
    Job(name="sessions.sweep", every=timedelta(hours=1), work=_sweep_sessions),
    Job(name="books.step", every=timedelta(minutes=1), work=books.step_by_step),
    Job(name="books.whole", every=DAY, work=books.at_night, offset=AT_NIGHT),
    Job(name="forecast.nightly", every=DAY, work=ask_nightly, offset=AT_NIGHT),
    Job(name="forecast.hourly", every=timedelta(hours=1), work=ask_hourly),
    Job(name="fatigue.nightly", every=DAY, work=fatigue.ask_nightly, offset=AT_NIGHT),
    Job(name="habits.nightly", every=DAY, work=habits.ask_nightly, offset=AT_NIGHT),
    Job(name="parcels.late", every=timedelta(hours=1), work=late.ask_hourly),
)


def jobs(settings: Settings) -> Sequence[Job]:
    """Return everything that is done by the clock."""
    dropping = _dropping(settings.keep_days)
    return (
        *JOBS,
        Job(name="months.drop", every=DAY, work=dropping, offset=AT_DAWN),
        Job(name="answers.ask", every=timedelta(minutes=1), work=training.asking(settings)),
    )


def _dropping(keep_days: int) -> Callable[[Tx, datetime], str]:
    def drop(tx: Tx, _due_at: datetime) -> str:
        fates = Counter(ruling.fate for ruling in purge(tx, keep_days=keep_days))
        return f"{fates[Fate.GOES]} months dropped, {fates[Fate.HELD]} held"

    return drop


def tick(house: House, leader: Leader) -> None:
    """Run every slot that is due, if this process still leads."""
    if not leader.still_leads():
        return
    for job in jobs(house.settings):
        run_due(house.engine, job, now=house.clock.now())


def main() -> None:
    """Stand for leader, tick while leading, until SIGTERM."""
    stop = Stop().listen()
    house = open_house("scheduler", pool_size=POOL)
    leader = Leader(house.engine)
    ticker = BackgroundScheduler(timezone="UTC")
    ticker.add_job(
        tick,
        "interval",
        seconds=TICK_SECONDS,
        args=[house, leader],
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    with Heart(house.engine, "scheduler", is_leader=leader.leads):
        ticker.start()
        while not stop.wait(CANDIDATE_SECONDS):
            leader.stand()
        ticker.shutdown(wait=True)
        leader.step_down()
