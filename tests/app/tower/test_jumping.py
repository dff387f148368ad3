"""The clock bar jumps: one at a time, bounded, with everything that came due done on the way."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.db.transaction import begin
from app.house import House
from app.tower import jump_store
from app.tower.jump_store import Jump
from app.tower.jumping import Goal, run, start, target_of
from tests.poll import until
from tests.shop import MORNING, Shop


def last(house: House) -> Jump:
    with begin(house.engine) as tx:
        found = jump_store.last(tx)
    assert found is not None
    return found


def in_shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (in_shanghai(10, 19, 52), in_shanghai(11, 8)),
        (in_shanghai(11, 7, 59), in_shanghai(11, 8)),
        (in_shanghai(11, 8), in_shanghai(12, 8)),
    ],
)
def test_the_next_morning_is_always_ahead(now: datetime, morning: datetime):
    assert target_of(Goal.MORNING, now, zone="Asia/Shanghai") == morning


def test_three_days_keep_the_wall_time_where_a_clock_change_lies_between():
    before = datetime(2026, 10, 24, 17, 30, tzinfo=UTC)  # 18:30 in London, which is UTC+1

    after = target_of(Goal.DAYS, before, zone="Europe/London")

    assert after == datetime(2026, 10, 27, 18, 30, tzinfo=UTC)


def test_a_jump_arrives_behind_the_answer_and_tells_what_was_done(house: House):
    target = MORNING + timedelta(hours=22)

    assert start(house, target)

    until(lambda: not last(house).is_under_way, within_seconds=30)
    jump = last(house)
    assert jump.state == "arrived"
    assert jump.reached_at >= target
    assert jump.share == 1.0


def test_two_clicks_start_one_jump(house: House):
    barrier, started = threading.Barrier(2), []

    def click() -> None:
        barrier.wait()
        with begin(house.engine) as tx:
            started.append(
                jump_store.begin_jump(tx, now=MORNING, target=MORNING + timedelta(days=3))
            )

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert sum(one is not None for one in started) == 1


def test_a_jump_that_takes_too_long_stops_where_it_is(house: House):
    with begin(house.engine) as tx:
        jump_id = jump_store.begin_jump(tx, now=MORNING, target=MORNING + timedelta(days=3))
    assert jump_id is not None

    run(house, jump_id, MORNING + timedelta(days=3), longest_seconds=0)

    assert last(house).state == "stopped"


def test_a_jump_that_died_with_its_process_does_not_bar_the_next(house: House, shop: Shop):
    with begin(shop.engine) as tx:
        jump_store.begin_jump(tx, now=MORNING, target=MORNING + timedelta(days=3))
        tx.exec_driver_sql("UPDATE clock_jump SET heard_at = heard_at - interval '2 minutes'")

    with begin(shop.engine) as tx:
        assert jump_store.begin_jump(tx, now=MORNING, target=MORNING) is not None
