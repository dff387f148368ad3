"""Bells that were kept back ring if nobody has seen their news by now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from app.db.transaction import attempt
from app.house import House
from app.hub import escalate_ring, escalate_store
from app.hub.policy import read_policy
from app.jobs.crash import crash_point
from app.subscribers.batches import in_batches
from orders_core.tx import Tx

AT_ONCE = 100
KEPT = timedelta(days=90)
FORGOTTEN_AT_ONCE = 1000


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Settle the steps that are due, and forget those of long ago; return how many were settled."""
    done = in_batches(house, partial(_ring, house), may_go_on)
    attempt(house.engine, partial(_forget, house))
    return done


def _ring(house: House, tx: Tx) -> int:
    policy = read_policy(tx, house.settings)
    done = escalate_ring.ring(tx, policy=policy, now=house.clock.now(), at_most=AT_ONCE)
    crash_point("escalations.before_commit")
    return done


def _forget(house: House, tx: Tx) -> int:
    before = house.clock.now() - KEPT
    return escalate_store.forget(tx, before=before, at_most=FORGOTTEN_AT_ONCE)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a step is due."""
    return escalate_store.next_due(tx, after, until)
