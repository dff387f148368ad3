"""Makes the forecast: in a worker of its own, when a row asks for it. The web computes nothing.

A run is a row: `asked`, held for some minutes by whoever makes it, then `stored` in one transaction
with what it made. A worker that dies leaves it asked for, and the next one makes it. No transaction
is open while one learns: that takes seconds to a minute.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from app.db.transaction import begin
from app.forecast import run_store
from app.forecast.run_store import HOURLY, Run
from app.house import House
from orders_core.tx import Tx

SCHEDULER = "scheduler"

log = structlog.get_logger()


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the forecasts that were asked for; return how many."""
    made = 0
    while may_go_on() and _one(house):
        made += 1
    return made


def ask(tx: Tx, *, why: str, by: str, now: datetime) -> UUID:
    """Ask the worker for a fresh forecast; return the id of the run that will bring it."""
    return run_store.ask(tx, why=why, by=by, now=now)


def ask_nightly(tx: Tx, due_at: datetime) -> str:
    """Ask for the night's forecast and forget what no page shows; say what was done."""
    forgotten = run_store.forget(tx, now=due_at)
    run_store.ask(tx, why="nightly", by=SCHEDULER, now=due_at)
    return f"asked, {forgotten} old half hours forgotten"


def ask_hourly(tx: Tx, due_at: datetime) -> str:
    """Ask for the rest of the day to be put right by how it has gone so far."""
    run_store.ask(tx, why=HOURLY, by=SCHEDULER, now=due_at)
    return "asked"


def _one(house: House) -> bool:
    with begin(house.engine) as tx:
        run = run_store.claim(tx)
    if run is None:
        return False
    try:
        _make(house, run)
    except Exception as fault:  # a run that cannot be made must not be tried for ever
        log.exception("forecast_failed", run=str(run.id))
        with begin(house.engine) as tx:
            run_store.fail(tx, run, error=type(fault).__name__, now=house.clock.now())
    return True


def _make(house: House, run: Run) -> None:
    """Make one, and let the day that has begun be put right after what was learnt anew."""
    from app.forecast.foresee import foresee

    made = foresee(house, run)
    now = house.clock.now()
    with begin(house.engine) as tx:
        is_stored = run_store.store(tx, run, made, now=now)
        if is_stored and made.facts.get("learnt_until"):
            run_store.ask(tx, why=HOURLY, by=SCHEDULER, now=now)
    log.info("forecast_made", run=str(run.id), why=run.why, stored=is_stored)
