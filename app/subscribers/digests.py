"""Digests whose slot has ended are closed and go out."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.db.transaction import attempt
from app.house import House
from app.hub import digest_close, digest_store
from app.hub.digest_items import KEPT
from app.hub.digest_store import Held
from app.hub.policy import read_policy
from app.jobs.crash import crash_point
from orders_core.tx import Tx

AT_ONCE = 50
BATCHES = 40
FORGOTTEN_AT_ONCE = 1000


def run_due(house: House, may_go_on: Callable[[], bool]) -> int:
    """Close the slots that are due, and forget those that closed long ago; return how many closed.

    One that another worker takes over meanwhile is left to it.
    """
    done = 0
    for _ in range(BATCHES):
        if not may_go_on():
            break
        held = attempt(house.engine, partial(_take, house))
        crash_point("digests.after_take")
        if not held:
            break
        done += _close(house, held)
    attempt(house.engine, partial(_forget, house))
    return done


def _take(house: House, tx: Tx) -> list[Held]:
    return digest_store.take(tx, now=house.clock.now(), at_most=AT_ONCE)


def _close(house: House, held: list[Held]) -> int:
    now = house.clock.now()

    def work(tx: Tx) -> None:
        policy = read_policy(tx, house.settings)
        digest_close.close(tx, held, policy=policy, now=now)
        crash_point("digests.before_closed")

    try:
        attempt(house.engine, work)
    except digest_close.SlotLost:
        return 0
    return len(held)


def _forget(house: House, tx: Tx) -> int:
    before = house.clock.now() - KEPT
    return digest_store.forget(tx, before=before, at_most=FORGOTTEN_AT_ONCE)


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first time after `after`, at most `until`, that a digest closes."""
    return digest_store.next_due(tx, after, until)
