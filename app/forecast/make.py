"""Makes the plan: in a worker, when a row asks for it. The web process computes nothing.

A run is a row: `asked`, then `stored` in the same transaction that writes its hours, so that a
worker that dies leaves it asked for and the next one makes it. Two workers never make the same one.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.db.transaction import begin
from app.forecast import gather, run_store
from app.forecast.run_store import Run
from app.house import House
from ml.load.plan import Known, Plan, hour_of, make_plan
from ml.load.sends import CONTACTS_PER_THOUSAND
from orders_core.tx import Tx

SCHEDULER = "scheduler"

log = structlog.get_logger()


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the plans that were asked for; return how many."""
    made = 0
    while may_go_on() and _one(house):
        made += 1
    return made


def ask(tx: Tx, *, why: str, by: str, now: datetime) -> UUID:
    """Ask the worker for a fresh plan; return the id of the run that will bring it."""
    return run_store.ask(tx, why=why, by=by, now=now)


def ask_nightly(tx: Tx, due_at: datetime) -> str:
    """Ask for the night's plan and forget what no page shows any more; say what was done."""
    forgotten = run_store.forget(tx, now=due_at)
    run_store.ask(tx, why="nightly", by=SCHEDULER, now=due_at)
    return f"asked, {forgotten} old hours forgotten"


def ask_hourly(tx: Tx, due_at: datetime) -> str:
    """Ask for a plan that knows how the day has gone so far."""
    run_store.ask(tx, why="hourly", by=SCHEDULER, now=due_at)
    return "asked"


def _one(house: House) -> bool:
    run_id = None
    try:
        with begin(house.engine) as tx:
            run = run_store.claim(tx)
            if run is None:
                return False
            run_id = run.id
            _make(tx, house, run)
    except Exception as fault:  # a run that cannot be made must not be tried for ever
        if run_id is None:
            raise
        log.exception("forecast_failed", run=str(run_id))
        with begin(house.engine) as tx:
            run_store.fail(tx, run_id, error=type(fault).__name__, now=house.clock.now())
    return True


def _make(tx: Tx, house: House, run: Run) -> None:
    now = house.clock.now()
    known = gather.known(tx, house.settings, now=now)
    plan = make_plan(known)
    run_store.store(
        tx,
        run.id,
        [vars(hour) for hour in plan.hours],
        facts=facts_of(plan, known),
        this_hour=hour_of(now),
        now=now,
    )
    log.info("forecast_made", run=str(run.id), why=run.why, hours=len(plan.hours))


def facts_of(plan: Plan, known: Known) -> Mapping[str, Any]:
    """Return what a plan rests on, to be stored beside it and shown on its page."""
    low, high = plan.multiplier.interval()
    return {
        "weeks_used": max((hour.weeks_used for hour in plan.hours), default=0),
        "contacts_known": sum(known.counts.values()),
        "known_since": min(known.counts).isoformat() if known.counts else None,
        "moved": plan.moved,
        "level": plan.level,
        "multiplier": {
            "mean": plan.multiplier.mean,
            "low": low,
            "high": high,
            "promotions_used": plan.multiplier.own_used,
        },
        "held": {name: {"came": one.came, "usual": one.usual} for name, one in plan.held.items()},
        "person_share": known.person_share,
        "target": asdict(known.target),
        "contacts_per_thousand_sends": CONTACTS_PER_THOUSAND,
        "inputs": digest_of(known),
    }


def digest_of(known: Known) -> str:
    """Return the SHA-256 of everything that went in: equal digests mean equal plans."""
    told = {
        "hour": hour_of(known.now),
        "zone": known.zone.key,
        "counts": sorted(known.counts.items()),
        "windows": [
            {**vars(window), "is_over": window.ends_at <= known.now} for window in known.windows
        ],
        "messages": sorted(known.messages.items()),
        "person_share": known.person_share,
        "target": asdict(known.target),
    }
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
