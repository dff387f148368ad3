"""The broker carries wake-ups and nothing else; without it there is silence, not trouble."""

import time

from app.jobs.broker import WAKE_LANE, Bell, make_celery
from app.jobs.lanes import EVENTS, Lane, queue_of
from tests.shop import Shop
from tests.wakeups import waiting

NOWHERE = "redis://127.0.0.1:9/0"


def test_each_ring_is_one_small_task_in_the_queue_of_its_lane(shop: Shop) -> None:
    bell = Bell(make_celery(shop.broker_url))

    assert bell.wake_events()
    assert all(bell.wake_lane(lane) for lane in Lane)

    assert len(waiting(shop, EVENTS)) == 1
    for lane in Lane:
        [task] = waiting(shop, queue_of(lane))
        said = task["headers"]
        assert (said["task"], said["argsrepr"]) == (WAKE_LANE, f"({lane.value},)")
        assert (said["eta"], said["expires"] is None) == (None, False)
        assert task["content-type"] == "application/json"


def test_a_broker_that_is_away_is_told_apart_within_seconds() -> None:
    bell = Bell(make_celery(NOWHERE))
    started = time.monotonic()

    assert not bell.wake_lane(Lane.ORDER)
    assert time.monotonic() - started < 6


def test_the_settings_that_make_each_known_trap_harmless() -> None:
    conf = make_celery(NOWHERE).conf

    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert (conf.timezone, conf.enable_utc) == ("UTC", True)
    assert conf.broker_transport_options["ack_emulation"] is False
    assert conf.broker_transport_options["socket_timeout"] <= 5
