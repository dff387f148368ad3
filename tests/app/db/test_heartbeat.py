"""Every process says that it is alive, and says goodbye."""

import os
from datetime import timedelta

from sqlalchemy import update

from app.db.engine import make_engine
from app.db.heartbeat import Heart, alive, beat, leave, living, process_name
from app.db.tables import heartbeat
from app.db.transaction import begin
from orders_core.tx import Tx
from tests import poll
from tests.shop import Shop


def silent_for(tx: Tx, process: str, seconds: float) -> None:
    tx.execute(
        update(heartbeat)
        .where(heartbeat.c.process == process)
        .values(seen_at=heartbeat.c.seen_at - timedelta(seconds=seconds))
    )


def test_a_beat_says_who_and_what(tx: Tx) -> None:
    beat(tx, "relay@here:1", "relay", is_leader=False)
    beat(tx, "scheduler@here:2", "scheduler", is_leader=True)

    relay, scheduler = alive(tx)

    assert (relay.process, relay.role, relay.pid) == ("relay@here:1", "relay", os.getpid())
    assert (relay.is_leader, scheduler.is_leader) == (False, True)
    assert 0 <= relay.silent_seconds < 5


def test_beating_again_renews_the_row_and_keeps_its_start(tx: Tx) -> None:
    beat(tx, "relay@here:1", "relay", is_leader=False)
    [before] = alive(tx)
    beat(tx, "relay@here:1", "relay", is_leader=True)

    [after] = alive(tx)

    assert after.started_at == before.started_at
    assert after.seen_at > before.seen_at
    assert after.is_leader


def test_silence_is_shown_and_after_five_minutes_forgotten(tx: Tx) -> None:
    for process in ("quiet", "gone", "well"):
        beat(tx, process, process, is_leader=False)
    silent_for(tx, "quiet", 60)
    silent_for(tx, "gone", 301)

    beat(tx, "well", "well", is_leader=False)

    assert [one.role for one in alive(tx)] == ["quiet", "well"]
    assert alive(tx)[0].silent_seconds >= 60
    assert living(tx, silent_seconds=30) == {"well"}
    assert living(tx, silent_seconds=90) == {"quiet", "well"}


def test_whoever_leaves_is_gone_at_once(tx: Tx) -> None:
    beat(tx, "relay@here:1", "relay", is_leader=False)

    leave(tx, "relay@here:1")

    assert alive(tx) == []


def test_a_heart_beats_while_its_block_runs(shop: Shop) -> None:
    def roles() -> list[str]:
        with begin(shop.engine) as tx:
            return [one.process for one in alive(tx)]

    with Heart(shop.engine, "web"):
        assert poll.until(roles) == [process_name("web")]
    assert roles() == []


def test_a_heart_outlives_a_database_that_is_away() -> None:
    with Heart(make_engine("postgresql://shop@127.0.0.1:9/shop"), "web"):
        pass
