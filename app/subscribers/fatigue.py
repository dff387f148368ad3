"""Who is likely to refuse offers: learnt every night, in a worker, from what became of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.db import learning_store
from app.house import House
from app.hub import tired_store
from app.subscribers.learning import make_due
from orders_core.tx import Tx

SEED = 0


def ask_nightly(tx: Tx, due_at: datetime) -> str:
    """Ask for the night's risks."""
    learning_store.ask(tx, learning_store.FATIGUE, now=due_at)
    return "asked"


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Make the runs that were asked for; return how many."""
    return make_due(house, may_go_on, learning_store.FATIGUE, score)


def score(tx: Tx, now: datetime) -> Mapping[str, Any]:
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
