"""A demo's clock: it begins on the eve of 双11 and stands still while the demo is off."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from app.db import clock as clock_store
from app.db import heartbeat
from app.db.transaction import begin
from app.entry.demo_clock import EVE, rest, wind
from orders_core.clock import Timeline
from tests.buying import MUG, bought, fill, move_in
from tests.cast import ANA
from tests.shop import Shop

CLOSE = timedelta(seconds=5)
NIGHT = timedelta(hours=9)


def forget_the_clock(engine: Engine) -> None:
    with begin(engine) as tx:
        tx.execute(text("DELETE FROM business_clock"))


def shown(engine: Engine) -> datetime:
    with begin(engine) as tx:
        timeline, machine_now = clock_store.read(tx)
        return timeline.at(machine_now)


def set_back(engine: Engine, *, by: timedelta, rate: float = 1.0) -> None:
    """Let the clock have been set at `EVE`, so long ago by the machine's time."""
    with begin(engine) as tx:
        machine_now = clock_store.read(tx)[1]
        set_then = Timeline(business_anchor=EVE, machine_anchor=machine_now - by, rate=rate)
        clock_store.write(tx, set_then)


def test_a_fresh_shop_begins_on_the_eve(shop: Shop):
    forget_the_clock(shop.engine)

    assert wind(shop.engine) - EVE < CLOSE
    assert shown(shop.engine) - EVE < CLOSE


def test_a_demo_that_was_stopped_goes_on_where_it_stood(shop: Shop):
    set_back(shop.engine, by=timedelta(minutes=10))
    rest(shop.engine)
    stood = shown(shop.engine)
    with begin(shop.engine) as tx:  # the night passes with the demo off
        tx.execute(
            text("UPDATE business_clock SET machine_anchor = machine_anchor - :night"),
            {"night": NIGHT},
        )

    went_on = wind(shop.engine)

    assert abs(went_on - stood) < CLOSE


@pytest.mark.parametrize("rate", [1.0, 60.0])
def test_a_demo_that_was_killed_goes_on_from_its_last_sign_of_life(shop: Shop, rate: float):
    set_back(shop.engine, by=NIGHT + timedelta(minutes=7), rate=rate)
    with begin(shop.engine) as tx:
        heartbeat.beat(tx, "web@here:1", "web", is_leader=False)
        tx.execute(text("UPDATE heartbeat SET seen_at = seen_at - :night"), {"night": NIGHT})

    went_on = wind(shop.engine)

    lived = timedelta(minutes=7) * rate
    assert abs(went_on - (EVE + lived)) < CLOSE * rate


def test_a_shop_that_lived_by_the_machines_time_is_not_set_back(shop: Shop):
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 3})
        move_in(tx, ANA)
        bought(tx, (MUG, 1))
    forget_the_clock(shop.engine)
    before = shown(shop.engine)

    assert wind(shop.engine) >= before
