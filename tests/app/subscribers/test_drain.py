"""Draining runs the shop's background work until nothing is due; jumping lives through it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Row, select

from app.db import clock as shared_clock
from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.messages.tables import captured, message
from app.people.recipient import Recipient
from app.rules.rule import publish, save
from app.subscribers.drain import Drained, drain
from app.subscribers.jump import jump
from app.wiring import open_channels
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from tests.buying import MUG, buy, move_in, moved, out_of_balance, paid, rows, wish
from tests.cast import ANA, CHIYO, DEE
from tests.shop import MORNING, Shop
from tests.together import together

NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai, midnight in Tokyo
EIGHT_IN_TOKYO = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
EIGHT_IN_SHANGHAI = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)
RING_ALL = """\
table,bells,first,complete
column,when notice,then push,then sms,then email,note
sort,word,flag,flag,flag,
rule,-,yes,yes,yes,
"""


@pytest.fixture
def running(house: House) -> House:
    """The house with the clock and the channels of life, all bells ringing; mail goes nowhere."""
    with begin(house.engine) as tx:
        move_in(tx, ANA, CHIYO, DEE)
        publish(tx, "bells", save(tx, RING_ALL, by="lead", why="loud", now=MORNING).version)
    clock = BusinessClock(house.engine)
    channels = open_channels(house.settings, engine=house.engine, clock=clock)
    here = {name: channel for name, channel in channels.items() if name != "email"}
    on_the_dot = house.settings.model_copy(update={"quiet_spread_minutes": 0})
    return replace(house, settings=on_the_dot, clock=clock, channels=here)


def shipped(house: House, who: Recipient) -> OrderId:
    with begin(house.engine) as tx:
        [outcome] = buy(tx, wish((MUG, 1), who=who))
        assert isinstance(outcome, Placed)
        return moved(tx, paid(tx, outcome.order_id), OrderStatus.SHIPPED)


def told_by_sms(house: House) -> Sequence[Row[datetime, str, datetime, datetime]]:
    """Read each SMS about a shipment: due, state, settled, and when the phone got it."""
    with begin(house.engine) as tx:
        return tx.execute(
            select(message.c.due_at, message.c.state, message.c.settled_at, captured.c.captured_at)
            .join(captured, captured.c.message_id == message.c.id)
            .where(message.c.channel == "sms", message.c.notice == "order_shipped")
            .order_by(message.c.due_at)
        ).all()


def test_draining_goes_on_until_nothing_is_due(running: House) -> None:
    shipped(running, DEE)

    first, again = drain(running), drain(running)

    assert first.events == 3
    assert first.messages > 0
    assert again == Drained()
    with begin(running.engine) as tx:
        assert rows(tx, "outbox", "state <> 'done'") == 0
        assert rows(tx, "message", "state IN ('queued', 'sending')") == 0
        assert out_of_balance(tx) == []


def test_two_that_drain_tell_nobody_twice(running: House, shop: Shop) -> None:
    for _ in range(10):
        shipped(running, DEE)

    totals = together(*[partial(drain, running)] * 2)

    assert sum(total.events for total in totals) == 30
    with begin(shop.engine) as tx:
        doubles = tx.exec_driver_sql(
            "SELECT count(*) FROM (SELECT order_id, notice, channel FROM message"
            " GROUP BY 1, 2, 3 HAVING count(*) > 1) AS doubles"
        ).scalar_one()
        assert doubles == 0
        assert rows(tx, "captured") == rows(tx, "message", "channel IN ('sms', 'push')")


def test_a_drain_that_has_no_time_does_nothing(running: House) -> None:
    shipped(running, DEE)

    assert drain(running, at_most_seconds=0) == Drained()


def test_a_jump_over_the_night_tells_each_at_eight_in_the_morning_there(
    running: House, shop: Shop
) -> None:
    shop.clock.set(NIGHT)
    shipped(running, DEE)
    shipped(running, CHIYO)

    arrived = jump(running, forward=timedelta(hours=12))

    assert abs(arrived.now - (NIGHT + timedelta(hours=12))) < A_MOMENT
    assert arrived.events == 6
    tokyo, shanghai = told_by_sms(running)
    for told, eight in ((tokyo, EIGHT_IN_TOKYO), (shanghai, EIGHT_IN_SHANGHAI)):
        due_at, state, settled_at, captured_at = told
        assert (due_at, state) == (eight, "sent")
        assert abs(settled_at - eight) < A_MOMENT
        assert abs(captured_at - eight) < A_MOMENT


def test_a_jump_that_does_not_reach_the_morning_leaves_the_night_quiet(
    running: House, shop: Shop
) -> None:
    shop.clock.set(NIGHT)
    shipped(running, DEE)

    jump(running, forward=timedelta(hours=8))

    assert told_by_sms(running) == []
    with begin(shop.engine) as tx:
        assert rows(tx, "message", "state = 'queued'") > 0


def test_a_jump_of_nothing_still_does_what_is_due(running: House) -> None:
    shipped(running, DEE)

    assert jump(running, forward=timedelta(0)).events == 3


def test_a_jump_back_is_refused(running: House) -> None:
    with pytest.raises(ValueError, match="never goes back"):
        jump(running, forward=-timedelta(hours=1))

    with begin(running.engine) as tx:
        timeline, machine_now = shared_clock.read(tx)
    assert abs(timeline.at(machine_now) - MORNING) < A_MOMENT
