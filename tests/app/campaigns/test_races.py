"""Pauses, cancellations, second workers and deaths in the middle: still everybody exactly once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from app.campaigns import change, slot_store, store, told_store
from app.campaigns.campaign import CampaignId, State, Timing
from app.campaigns.fan_out import STOPPED, decide_chunk
from app.campaigns.launch import Turn, run_due
from app.db.transaction import begin
from app.house import House
from app.hub.policy import read_policy
from app.jobs.crash import FAULT, KILLED
from bench.crowd import ZONES
from tests import poll
from tests.app.campaigns.crowd import act, count, draft, gather, scheduled, told_twice, wall
from tests.shop import Shop
from tests.together import together

ROOT = Path(__file__).parents[3]
TO_EVERYBODY_AT_LAST = timedelta(days=2)


def decided(shop: Shop, campaign_id: CampaignId) -> int:
    with begin(shop.engine) as tx:
        return sum(told_store.tally(tx, campaign_id).values())


def test_once_a_pause_is_committed_nobody_further_is_decided_about(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 4000)
    campaign_id = scheduled(shop, draft())
    at_pause: list[int] = []

    def pause() -> None:
        poll.until(lambda: decided(shop, campaign_id) > 0)
        with begin(shop.engine) as tx:
            change.pause(tx, campaign_id, act())
        at_pause.append(decided(shop, campaign_id))

    together(pause, partial(run_due, house), partial(run_due, house))

    assert at_pause == [decided(shop, campaign_id)]
    assert 0 < at_pause[0] < 4000
    with begin(shop.engine) as tx:
        change.resume(tx, campaign_id, act())
    poll.until(lambda: not run_due(house), within_seconds=60)  # a turn ends after eight seconds
    assert decided(shop, campaign_id) == 4000


def test_a_pause_waits_for_the_chunk_under_way(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 600)
    campaign_id = scheduled(shop, draft())
    Turn(house).step()
    paused = threading.Event()

    def pause() -> None:
        with begin(shop.engine) as tx:
            change.pause(tx, campaign_id, act())
        paused.set()

    with begin(shop.engine) as tx:
        store.hold(tx, campaign_id)  # as a chunk does
        waiting = threading.Thread(target=pause)
        waiting.start()
        assert not paused.wait(0.3)
    waiting.join()

    assert paused.is_set()


def test_two_workers_share_a_campaign_without_telling_anybody_twice(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 2000, zones=ZONES)
    campaign_id = scheduled(shop, draft(timing=Timing.PERSON, wall=wall("2026-03-03T09:00")))
    shop.clock.advance(TO_EVERYBODY_AT_LAST)

    together(*[partial(run_due, house)] * 3)
    run_due(house)

    assert decided(shop, campaign_id) == 2000
    with begin(shop.engine) as tx:
        assert told_twice(tx) == 0
        assert store.find(tx, campaign_id).state is State.FINISHED


def test_a_worker_that_lost_its_lease_is_refused_by_the_token(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)
    campaign_id = scheduled(shop, draft())
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        change.begin(tx, campaign_id, now=now)
        slow = slot_store.claim(tx, now=now)
        assert slot_store.claim(tx, now=now) is None
    assert slow is not None
    end_leases(shop)
    with begin(shop.engine) as tx:
        quick = slot_store.claim(tx, now=now)

    with begin(shop.engine) as tx:
        policy = read_policy(tx, house.settings)
        assert decide_chunk(tx, slow, policy=policy, now=now) == STOPPED
        slot_store.release(tx, slow)
    assert quick is not None
    assert quick.token == slow.token + 1
    assert decided(shop, campaign_id) == 0
    with begin(shop.engine) as tx:
        assert slot_store.claim(tx, now=now) is None  # the slow one released nothing
        assert decide_chunk(tx, quick, policy=policy, now=now).decided == 20


def test_a_cancellation_in_the_middle_leaves_nothing_to_leave(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 4000)
    campaign_id = scheduled(shop, draft())

    def cancel() -> None:
        poll.until(lambda: decided(shop, campaign_id) > 0)
        with begin(shop.engine) as tx:
            change.cancel(tx, campaign_id, act())

    together(cancel, partial(run_due, house), partial(run_due, house))
    while run_due(house):
        pass

    assert 0 < decided(shop, campaign_id) < 4000
    with begin(shop.engine) as tx:
        assert set(told_store.messages_by_state(tx, campaign_id)) == {"cancelled"}


def end_leases(shop: Shop) -> None:
    """Let ten seconds of machine time have passed."""
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE campaign_slot SET lease_until = clock_timestamp()"))


@contextmanager
def worker(shop: Shop, fault: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of campaigns in a process of its own; killed at the end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), FAULT: fault}
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.app.campaigns.worker", shop.url], env=environment, cwd=ROOT
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def press(shop: Shop, verb: change.Verb, campaign_id: CampaignId) -> None:
    with begin(shop.engine) as tx:
        verb(tx, campaign_id, act())


def check(shop: Shop, campaign_id: CampaignId, people: int) -> None:
    """Hold everybody's verdict, message and line of the campaign against each other."""
    with begin(shop.engine) as tx:
        assert store.find(tx, campaign_id).state is State.FINISHED
        assert told_twice(tx) == 0
        for table in ("verdict", "told", "campaign_verdict"):
            assert count(tx, f"SELECT count(*) FROM {table}") == people, table  # noqa: S608
        assert sum(slot.decided for slot in slot_store.of(tx, campaign_id)) == people
        lost = (
            "SELECT count(*) FROM campaign_verdict LEFT JOIN message USING (verdict_id)"
            " WHERE outcome IN ('send', 'quiet_hours') AND message.id IS NULL"
        )
        assert count(tx, lost) == 0
    assert decided(shop, campaign_id) == people


def test_a_worker_killed_in_a_chunk_loses_nobody_and_repeats_nobody(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 600, zones=ZONES)
    campaign_id = scheduled(shop, draft(timing=Timing.PERSON, wall=wall("2026-03-03T09:00")))
    shop.clock.advance(TO_EVERYBODY_AT_LAST)

    for fault in ("campaigns.in_chunk:2", "campaigns.after_chunk:1", "campaigns.in_chunk:1"):
        with worker(shop, fault) as dying:
            assert dying.wait(30) == KILLED
        press(shop, change.pause, campaign_id)
        before = decided(shop, campaign_id)
        end_leases(shop)
        run_due(house)
        assert decided(shop, campaign_id) == before
        press(shop, change.resume, campaign_id)
    run_due(house)

    check(shop, campaign_id, 600)


def has_decided(shop: Shop, campaign_id: CampaignId, people: int) -> bool:
    return decided(shop, campaign_id) >= people


def is_finished(shop: Shop, campaign_id: CampaignId) -> bool:
    with begin(shop.engine) as tx:
        return store.find(tx, campaign_id).state is State.FINISHED


@pytest.mark.long
@pytest.mark.timeout(300)
def test_twenty_thousand_are_told_once_through_three_pauses_and_two_kills(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20_000)
    campaign_id = scheduled(shop, draft())
    for wanted, is_killed in ((2000, True), (6000, False), (11_000, True)):
        with worker(shop) as running:
            reached = partial(has_decided, shop, campaign_id, wanted)
            poll.until(reached, within_seconds=60)
            press(shop, change.pause, campaign_id)
            assert decided(shop, campaign_id) < 20_000
            if is_killed:
                running.send_signal(signal.SIGKILL)
                running.wait()
            press(shop, change.resume, campaign_id)
    with worker(shop):
        poll.until(partial(is_finished, shop, campaign_id), within_seconds=60)

    check(shop, campaign_id, 20_000)
