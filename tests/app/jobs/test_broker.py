"""The broker carries wake-ups and nothing else; without it there is silence, not trouble."""

import time

import orjson
import pytest
import redis

from app.jobs.broker import WAKE_LANE, Bell, make_celery
from app.jobs.lanes import EVENTS, Lane, queue_of
from tests.shop import Shop

NOWHERE = "redis://127.0.0.1:9/0"


def waiting(shop: Shop, queue: str) -> list[dict[str, object]]:
    """Read what waits in a queue of the broker."""
    with redis.Redis.from_url(shop.broker_url) as broker:
        return [orjson.loads(raw) for raw in broker.lrange(queue, 0, -1)]  # type: ignore[union-attr]


def test_each_ring_is_one_small_task_in_the_queue_of_its_lane(shop: Shop) -> None:
    bell = Bell(make_celery(shop.broker_url))

    assert bell.wake_events()
    assert all(bell.wake_lane(lane) for lane in Lane)

    assert len(waiting(shop, EVENTS)) == 1
    for lane in Lane:
        [task] = waiting(shop, queue_of(lane))
        headers = task["headers"]
        assert isinstance(headers, dict)
        assert (headers["task"], headers["argsrepr"]) == (WAKE_LANE, f"({lane.value},)")
        assert headers["eta"] is None
        assert headers["expires"] is not None
        assert task["content-type"] == "application/json"


@pytest.mark.parametrize("url", [NOWHERE, "redis+socket:///nowhere/valkey.sock", "unix:///nowhere"])
def test_a_broker_that_is_away_is_told_apart_within_seconds(url: str) -> None:
    bell = Bell(make_celery(url))
    started = time.monotonic()

    assert not bell.wake_events()
    assert not bell.wake_lane(Lane.ORDER)
    assert time.monotonic() - started < 6


def test_the_settings_that_make_each_known_trap_harmless() -> None:
    conf = make_celery(NOWHERE).conf

    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert (conf.timezone, conf.enable_utc) == ("UTC", True)
    assert conf.broker_transport_options["visibility_timeout"] >= 600
    assert conf.broker_transport_options["socket_timeout"] <= 5
