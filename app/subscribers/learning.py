"""What is learnt now and then: asked for by the clock, made by whichever worker takes a run."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from app.db import learning_store
from app.db.transaction import begin
from app.house import House
from orders_core.tx import Tx

log = structlog.get_logger()

Learn = Callable[[Tx, datetime], Mapping[str, Any]]


def make_due(house: House, may_go_on: Callable[[], bool], name: str, learn: Learn) -> int:
    """Make the runs of a name that were asked for; return how many. Each is one transaction."""
    made = 0
    while may_go_on() and _one(house, name, learn):
        made += 1
    return made


def _one(house: House, name: str, learn: Learn) -> bool:
    run_id = None
    now = house.clock.now()
    try:
        with begin(house.engine) as tx:
            run_id = learning_store.claim(tx, name)
            if run_id is None:
                return False
            facts = learn(tx, now)
            learning_store.close(tx, run_id, state="made", facts=facts, now=now)
            log.info("learnt", about=name)
    except Exception:  # one that fails must not be tried for ever: the clock brings the next
        if run_id is None:
            raise
        log.exception("not_learnt", about=name, run=str(run_id))
        with begin(house.engine) as tx:
            learning_store.close(tx, run_id, state="failed", facts=None, now=now)
    return True
