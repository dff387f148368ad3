"""Who is likely to refuse offers: learnt every night, in a worker, from what became of them."""

from collections.abc import Callable
from datetime import datetime

import structlog

from app.db.transaction import begin
from app.house import House
from app.hub import tired_store
from orders_core.tx import Tx

SEED = 0

log = structlog.get_logger()


def ask_nightly(tx: Tx, due_at: datetime) -> str:
    """Ask for the night's risks."""
    tired_store.ask(tx, now=due_at)
    return "asked"


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the runs that were asked for; return how many. Each is one transaction."""
    made = 0
    while may_go_on() and _one(house):
        made += 1
    return made


def _one(house: House) -> bool:
    run_id = None
    now = house.clock.now()
    try:
        with begin(house.engine) as tx:
            run_id = tired_store.claim(tx)
            if run_id is None:
                return False
            facts = score(tx, now=now)
            tired_store.close(tx, run_id, state="made", facts=facts, now=now)
            log.info("fatigue_scored", **facts)
    except Exception:  # one that cannot be made must not be tried for ever: a night brings the next
        if run_id is None:
            raise
        log.exception("fatigue_not_scored", run=str(run_id))
        with begin(house.engine) as tx:
            tired_store.close(tx, run_id, state="failed", facts=None, now=now)
    return True


def score(tx: Tx, *, now: datetime) -> dict[str, float | int | bool]:
    """Learn from the offers of half a year and keep everybody's risk; say what was found.

    Where it cannot be told who refuses, nobody has a risk and every bell rings as before.
    """
    from ml.fatigue.risk import learn, risk

    cases = tired_store.cases(tx, now=now)
    learnt = learn(cases, seed=SEED)
    people = tired_store.standing(tx, now=now) if learnt else {}
    risks = {one: risk(learnt, signs) for one, signs in people.items()} if learnt else {}
    tired_store.keep(tx, risks, now=now)
    return {
        "cases": len(cases),
        "left": sum(case.left for case in cases),
        "can_tell": learnt is not None,
        "gained": learnt.gained if learnt else 0.0,
        "people": len(risks),
    }
