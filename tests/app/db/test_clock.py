"""The shared business clock: one row, every process follows, it never goes back."""

from datetime import timedelta

import pytest

from app.db import clock
from app.db.clock import BusinessClock, open_clock
from app.db.transaction import begin
from orders_core.clock import SystemClock
from orders_core.tx import Tx
from tests.poll import until
from tests.shop import MORNING, Shop


def test_a_jump_moves_the_clock_forward_for_everyone(shop: Shop):
    elsewhere = BusinessClock(shop.engine)
    before = elsewhere.now()

    with begin(shop.engine) as tx:
        shown = clock.jump(tx, forward=timedelta(days=2))

    assert shown - before == pytest.approx(timedelta(days=2), abs=timedelta(seconds=1))
    until(lambda: elsewhere.now() >= shown, within_seconds=1)


def test_a_rate_of_sixty_makes_an_hour_of_a_minute(tx: Tx):
    clock.set_rate(tx, rate=60)
    timeline, machine_now = clock.read(tx)

    later = timeline.at(machine_now + timedelta(minutes=1))

    assert later - timeline.at(machine_now) == timedelta(hours=1)


def test_a_change_of_rate_is_no_jump(tx: Tx):
    timeline, machine_now = clock.read(tx)
    shown = clock.set_rate(tx, rate=60)

    assert shown - timeline.at(machine_now) < timedelta(seconds=5)


def test_the_clock_never_goes_back(tx: Tx):
    with pytest.raises(ValueError, match="never goes back"):
        clock.jump(tx, forward=timedelta(seconds=-1))
    with pytest.raises(ValueError, match="forward"):
        clock.set_rate(tx, rate=0)


def test_the_database_is_asked_at_most_every_tenth_of_a_second(shop: Shop):
    patient = BusinessClock(shop.engine, cache_seconds=3600)
    patient.now()
    shop.clock.advance(timedelta(days=1))

    assert patient.now() < MORNING + timedelta(hours=1)


def test_in_production_business_time_is_machine_time(shop: Shop):
    assert isinstance(open_clock(shop.engine, mode="production"), SystemClock)
    assert isinstance(open_clock(shop.engine, mode="demo"), BusinessClock)
