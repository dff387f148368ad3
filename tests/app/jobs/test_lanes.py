"""Every lane has exactly one worker, and order news never stands behind a campaign."""

from itertools import chain

from app.jobs.lanes import EVENTS, HANDLES_EVENTS, SLOW, WORKERS, Lane, queue_of, queues_of
from app.subscribers.chores import chores_of


def test_every_queue_is_consumed_by_one_worker() -> None:
    consumed = list(chain.from_iterable(queues_of(worker) for worker in WORKERS))

    assert sorted(consumed) == sorted([EVENTS, SLOW, *map(queue_of, Lane)])


def test_urgent_lanes_and_events_have_a_worker_of_their_own() -> None:
    assert set(WORKERS[HANDLES_EVENTS]) == {Lane.SECURITY, Lane.ORDER}
    assert EVENTS in queues_of(HANDLES_EVENTS)


def test_what_computes_for_long_carries_no_message() -> None:
    assert queues_of(SLOW) == [SLOW]
    assert "forecast" in [chore.name for chore in chores_of(SLOW)]


def test_the_smaller_the_lane_the_sooner() -> None:
    assert sorted(Lane) == [Lane.SECURITY, Lane.ORDER, Lane.SERVICE, Lane.MARKETING]
