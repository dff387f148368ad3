"""Bells whose time has come, and whose verdict no longer stands, are decided again."""

from collections.abc import Callable, Sequence

from app.db.transaction import attempt
from app.house import House
from app.hub.policy import read_policy
from app.hub.release import release
from app.jobs.crash import crash_point
from app.jobs.lanes import WORKERS, Lane
from orders_core.tx import Tx

AT_ONCE = 200
BATCHES = 50


def run_fast(house: House, may_go_on: Callable[[], bool]) -> int:
    """Decide messages of the fast worker's lanes again; return how many."""
    return _run(house, WORKERS["fast"], may_go_on)


def run_bulk(house: House, may_go_on: Callable[[], bool]) -> int:
    """Decide messages of the bulk worker's lanes again; return how many."""
    return _run(house, WORKERS["bulk"], may_go_on)


def _run(house: House, lanes: Sequence[Lane], may_go_on: Callable[[], bool]) -> int:
    done = 0
    for _ in range(BATCHES):
        if not may_go_on():
            break
        some = _some(house, lanes)
        done += some
        if some < AT_ONCE:
            break
    return done


def _some(house: House, lanes: Sequence[Lane]) -> int:
    now = house.clock.now()

    def work(tx: Tx) -> int:
        bounds = read_policy(tx, house.settings).bounds
        done = release(tx, lanes, bounds=bounds, now=now, at_most=AT_ONCE)
        crash_point("release.before_commit")
        return done

    return attempt(house.engine, work)
