"""What is told counts under the cap, in the transaction that tells it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.hub.bounds import MOST_CAP, Bounds, Cap
from app.hub.pressure import Entry, mask, seconds_of, unpack
from app.hub.tables import pressure
from app.hub.verdict import Because
from orders_core.tx import Tx
from tests.app.hub.stage import (
    NIGHT,
    POLICY,
    enter,
    tell,
    wish,
)
from tests.app.hub.test_notify import reasons
from tests.cast import ANA, DEE
from tests.shop import MORNING


def announce(tx: Tx, times: int, *, at: datetime = MORNING) -> list[Because | None]:
    """Announce something several times, each in a call of its own."""
    found = []
    for number in range(times):
        named = f"{at.isoformat()}-{number}"
        found += reasons(tell(tx, wish(ANA, "announcement", dispatch=named, at=at), now=at))
    return found


def test_the_fourth_announcement_of_a_day_is_skipped(tx: Tx):
    enter(tx, ANA)

    assert announce(tx, 4) == [None, None, None, Because.CAP_REACHED]


def test_four_announcements_in_one_batch_are_three(tx: Tx):
    enter(tx, ANA)

    batch = [wish(ANA, "announcement", dispatch=str(number)) for number in range(4)]

    assert reasons(tell(tx, *batch)) == [None, None, None, Because.CAP_REACHED]


def test_the_next_day_has_room_again(tx: Tx):
    enter(tx, ANA)
    announce(tx, 3)

    assert announce(tx, 1, at=MORNING + timedelta(days=1, seconds=1)) == [None]


def test_one_persons_cap_is_not_anothers(tx: Tx):
    enter(tx, ANA, DEE)
    announce(tx, 3)

    assert reasons(tell(tx, wish(DEE, "announcement"))) == [None]


def test_what_was_heard_is_one_entry_a_message(tx: Tx):
    enter(tx, ANA)

    announce(tx, 1)

    [packed] = tx.scalars(select(pressure.c.recent)).all()
    assert [unpack(number) for number in packed] == [
        Entry(seconds_of(MORNING), 3, mask(["inapp", "email", "push"]))
    ]


def test_a_row_stays_short_however_much_is_heard(tx: Tx):
    enter(tx, ANA)
    policy = replace(POLICY, bounds=Bounds(cap=Cap(MOST_CAP)))
    for day in range(5):
        at = NIGHT + timedelta(days=day)
        batch = [
            wish(ANA, "announcement", dispatch=f"{day}-{number}", at=at) for number in range(30)
        ]
        tell(tx, *batch, policy=policy, now=at)

    size = tx.scalar(select(func.pg_column_size(pressure.c.recent)))
    assert size is not None
    assert size <= 1500


def test_news_of_an_order_leaves_no_trace_on_the_cap(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "order_paid"))

    assert tx.scalar(select(func.count()).select_from(pressure)) == 0
