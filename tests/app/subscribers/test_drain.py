"""Draining runs the shop's background work until nothing is due; jumping lives through it."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import clock as shared_clock
from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.messages.tables import message
from app.subscribers.drain import drain
from app.subscribers.jump import jump
from app.wiring import open_channels
from orders_core.orders.order import OrderStatus
from tests.buying import MUG, bought, move_in, moved, out_of_balance, paid, rows
from tests.cast import ANA, DEE
from tests.shop import MORNING, Shop
from tests.together import together

HOUR = timedelta(hours=1)


@pytest.fixture
def running(house: House) -> House:
    """The house with its own business clock and every channel but email, of which Dee has none."""
    with begin(house.engine) as tx:
        move_in(tx, ANA, DEE)
    clock = BusinessClock(house.engine)
    channels = open_channels(house.settings, engine=house.engine, clock=clock)
    return replace(house, clock=clock, channels=channels)


def put_off(house: House, *hours: float) -> None:
    """Let the hub queue messages by itself, then put the n-th of them off by so many hours."""
    with begin(house.engine) as tx:
        for later in hours:
            order_id = bought(tx, (MUG, 1))
            tx.exec_driver_sql(
                "INSERT INTO message (id, verdict_id, person_id, order_id, notice, channel, address,"
                " locale, kind, lane, variables, state, due_at, expires_at, queued_at)"
                " VALUES (uuid7(), uuid7(), %s, %s, 'order_paid', 'sms', '+8613800138000', 'zh',"
                " 'order', 1, '{}', 'queued', %s, %s, %s)",
                (
                    ANA.person_id,
                    order_id,
                    MORNING + later * HOUR,
                    MORNING + 99 * HOUR,
                    MORNING,
                ),
            )
        tx.exec_driver_sql("UPDATE outbox SET state = 'done'")


def settled_at(house: House) -> list[tuple[datetime, datetime | None]]:
    with begin(house.engine) as tx:
        rows = tx.execute(
            select(message.c.due_at, message.c.settled_at).order_by(message.c.due_at)
        )
        return [(row[0], row[1]) for row in rows]
