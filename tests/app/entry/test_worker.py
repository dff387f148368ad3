"""A worker does what it is woken for, and without any waking looks for itself."""

import os
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from app.db.heartbeat import process_name
from app.db.transaction import begin
from app.entry.child import AUTOGROUP, BEHIND
from app.entry.worker import Shift, equip
from app.house import House
from app.jobs.broker import WAKE_EVENTS, WAKE_LANE, make_celery
from app.jobs.lanes import Lane
from app.subscribers.handle import handle_events
from bench.processes import ROOT
from tests import poll
from tests.buying import MUG, buy, rows, wish
from tests.cast import DEE

NO_BROKER = "redis://127.0.0.1:9/0"


def order(house: House) -> None:
    with begin(house.engine) as tx:
        buy(tx, wish((MUG, 1), who=DEE))


def left(house: House) -> tuple[int, int]:
    """Count events and messages that nobody has dealt with."""
    with begin(house.engine) as tx:
        events = rows(tx, "outbox", "state <> 'done'")
        return events, rows(tx, "message", "state IN ('queued', 'sending')")


def told(house: House) -> int:
    with begin(house.engine) as tx:
        return rows(tx, "message", "state = 'sent'")


def test_without_a_broker_news_leaves_within_seconds(house: House) -> None:
    shift = Shift(house, "fast")
    shift.begin()
    order(house)

    poll.until(lambda: told(house) and left(house) == (0, 0), within_seconds=8)

    shift.end()


def test_woken_for_events_it_tells_at_once_and_woken_for_a_lane_it_delivers(house: House) -> None:
    celery = make_celery(NO_BROKER)
    equip(celery, Shift(house, "fast"))
    order(house)

    celery.tasks[WAKE_EVENTS]()
    at_once = (left(house), told(house) > 0)
    order(house)
    handle_events(house)
    queued = left(house)
    celery.tasks[WAKE_LANE](Lane.MARKETING.value)
    still = left(house)
    celery.tasks[WAKE_LANE](Lane.ORDER.value)

    assert at_once == ((0, 0), True)
    assert (queued[1] > 0, still, left(house)) == (True, queued, (0, 0))


@pytest.mark.parametrize("is_alone", [True, False])
def test_the_bulk_worker_takes_the_time_that_the_others_leave(*, is_alone: bool) -> None:
    code = (
        "import os; from app.entry import child, worker;"
        "worker.main = lambda name: print(name, os.nice(0), *child.AUTOGROUP.read_text().split()"
        " if child.AUTOGROUP.exists() else ()); child.worker_bulk()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=is_alone,
    )

    name, own, *session = done.stdout.split()
    assert (name, own) == ("bulk", str(os.nice(0) + BEHIND))
    if session and is_alone:  # ['/autogroup-17', 'nice', '10']
        assert session[-1] == str(BEHIND)
    elif session:
        assert session == AUTOGROUP.read_text().split()


def test_the_bulk_worker_leaves_events_and_order_news_alone(house: House) -> None:
    order(house)

    Shift(house, "bulk").go_round_once()

    assert left(house) == (1, 0)


def test_a_round_that_fails_is_not_the_last(house: House) -> None:
    shift = Shift(house, "fast")
    order(house)
    with begin(house.engine) as tx:
        tx.exec_driver_sql("ALTER TABLE history RENAME TO hidden")

    with capture_logs() as said:
        shift.begin()
        poll.until(lambda: "round_failed" in {entry["event"] for entry in said})
    with begin(house.engine) as tx:
        tx.exec_driver_sql("ALTER TABLE hidden RENAME TO history")

    poll.until(lambda: left(house) == (0, 0) and told(house), within_seconds=10)
    shift.end()


def test_a_shift_that_ended_takes_on_nothing_new(house: House) -> None:
    shift = Shift(house, "fast")
    shift.begin()
    shift.end()
    order(house)

    shift.handle_events()

    assert left(house) == (1, 0)


def test_what_it_holds_bears_its_name(house: House) -> None:
    order(house)
    Shift(house, "fast").handle_events()

    with begin(house.engine) as tx:
        name = process_name("worker-fast")
        assert rows(tx, "outbox", f"claimed_by = '{name}'") == 1
