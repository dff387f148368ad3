"""A worker dies in each of its windows: nothing is lost, and a second bell rings where it must."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.db.transaction import begin
from app.jobs.crash import FAULT, KILLED
from app.jobs.lanes import Lane
from app.messages import capture, capture_store, store
from app.messages.deliver import Delivery, drain
from channels.fake.channel import Fake
from tests.app.messages.desk import RENDERER, Desk
from tests.poll import until

ROOT = Path(__file__).parents[3]
SECOND_BELLS = {
    "deliver.after_claim": 0,
    "deliver.after_send": 1,
    "deliver.before_commit": 1,
    "deliver.after_record": 0,
}


def run_worker(desk: Desk, fault: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.messages.crashing", desk.shop.url],
        cwd=ROOT,
        env={**os.environ, FAULT: fault},
        timeout=60,
        check=False,
    )
    return done.returncode


def left(desk: Desk) -> Counter[UUID | None]:
    with begin(desk.shop.engine) as tx:
        return Counter(copy.message_id for copy in capture_store.page(tx, at_most=999))


def finish(desk: Desk) -> None:
    """Another worker does what is left, once the lease of the dead one is over."""
    rest = Delivery(
        engine=desk.shop.engine,
        clock=desk.shop.clock,
        channels={"sms": Fake("sms", capture.outbox_record(desk.shop.engine, desk.shop.clock))},
        renderer=RENDERER,
    )

    def is_done() -> bool:
        drain(rest, Lane.ORDER, at_most_seconds=5)
        with begin(desk.shop.engine) as tx:
            lane = store.waiting(tx, now=desk.shop.clock.now())[Lane.ORDER]
        return lane.due == lane.sending == 0

    until(is_done, what="everything left once the lease was over")


@pytest.mark.parametrize("point", SECOND_BELLS)
def test_nothing_is_lost_wherever_a_worker_dies(desk: Desk, point: str) -> None:
    desk.shop.clock.set(datetime.now(UTC))  # the dying process lives by the machine's clock
    at = desk.shop.clock.now() - timedelta(minutes=1)
    ids = desk.put(*(desk.draft(at=at) for _ in range(12)))

    nth = 1 if point == "deliver.after_claim" else 3
    assert run_worker(desk, f"{point}:{nth}") == KILLED
    finish(desk)

    bells = left(desk)
    assert set(bells) == set(ids)
    twice = [message_id for message_id, times in bells.items() if times > 1]
    assert len(twice) == SECOND_BELLS[point]
    assert all(desk.look(one).state == "sent" for one in ids)
    assert all(desk.look(one).duplicate_risk for one in ids if one in twice)


def test_a_worker_that_nobody_kills_sends_each_once(desk: Desk) -> None:
    desk.shop.clock.set(datetime.now(UTC))
    at = desk.shop.clock.now() - timedelta(minutes=1)
    ids = desk.put(*(desk.draft(at=at) for _ in range(12)))

    assert run_worker(desk, "deliver.after_send:99") == 0

    assert left(desk) == Counter(dict.fromkeys(ids, 1))
