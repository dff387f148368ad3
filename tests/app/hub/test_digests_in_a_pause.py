"""A digest that would close while the bells are paused waits for the pause to be over."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.hub import digest_store
from app.hub.digest_close import close
from app.people import calm_store, mute_store
from app.people.calm import ENDLESS
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts
from tests.app.hub.test_digests import (
    EVENING,
    READER,
    close_due,
    fell_out,
    letters,
    news,
    slots,
)
from tests.shop import MORNING

PUSHED = replace(READER, rhythms={"push": "daily"})
TWO_DAYS_ON = EVENING + timedelta(days=2)


def paused(tx: Tx, until: datetime) -> None:
    calm_store.pause(tx, READER.person_id, until, source="api", now=MORNING)


def open_ends(tx: Tx) -> list[datetime]:
    return [slot.closes_at for slot in slots(tx) if slot.state == "open"]


def test_a_digest_that_closes_during_a_pause_comes_when_it_is_over(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"), news(READER, "b"))
    paused(tx, TWO_DAYS_ON)

    close_due(tx)

    assert letters(tx) == []
    assert open_ends(tx) == [TWO_DAYS_ON]
    close_due(tx, TWO_DAYS_ON)
    [letter] = letters(tx)
    assert letter.variables["total"] == 2
    assert fell_out(tx).count("put_off") == 2


def test_a_pause_that_is_over_by_the_time_of_the_closing_holds_nothing(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    paused(tx, EVENING)

    close_due(tx)

    assert len(letters(tx)) == 1


def test_a_pause_counts_at_the_time_of_the_closing_and_not_of_the_slot(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    paused(tx, EVENING + timedelta(minutes=10))

    close_due(tx, EVENING + timedelta(minutes=11))

    assert len(letters(tx)) == 1


def test_a_pause_without_an_end_leaves_the_bell_out_and_nothing_waits(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    paused(tx, ENDLESS)

    close_due(tx)

    assert [row.channel for row in queued(tx)] == ["inapp"]
    assert open_ends(tx) == []
    assert fell_out(tx) == [None]
    assert "paused" in [row.because for row in verdicts(tx)]


def test_the_line_in_the_inbox_is_never_paused(tx: Tx):
    reader = replace(READER, rhythms={"inapp": "daily"})
    enter(tx, reader)
    tell(tx, news(reader, "a"))
    paused(tx, TWO_DAYS_ON)

    close_due(tx)

    assert "inapp" in [row.channel for row in queued(tx)]
    assert open_ends(tx) == []


def test_what_is_of_no_use_by_the_end_of_a_pause_does_not_wait(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))  # worth reading for seven days
    paused(tx, EVENING + timedelta(days=8))

    close_due(tx)

    assert fell_out(tx) == ["too_late"]
    assert open_ends(tx) == []


def test_a_pause_that_ends_at_night_lets_the_digest_come_in_the_morning(tx: Tx):
    enter(tx, PUSHED)
    tell(tx, news(PUSHED, "a", notice="back_in_stock", variables={"item": "Tea"}))
    paused(tx, EVENING + timedelta(hours=8))  # 02:00 in Shanghai

    close_due(tx)

    [end] = open_ends(tx)
    assert EVENING + timedelta(hours=8) < end < EVENING + timedelta(hours=24)


def test_what_was_muted_during_the_pause_falls_out_after_it(tx: Tx):
    enter(tx, READER)
    order = OrderId(new_id())
    tell(tx, news(READER, "a", order_id=order))
    paused(tx, TWO_DAYS_ON)
    close_due(tx)

    mute_store.mute(tx, order, READER.person_id, now=EVENING)
    close_due(tx, TWO_DAYS_ON)

    assert letters(tx) == []
    assert sorted(filter(None, fell_out(tx))) == ["order_muted", "put_off"]


def test_what_was_put_off_joins_the_next_slot_if_that_of_the_pause_is_closing(tx: Tx):
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    paused(tx, TWO_DAYS_ON)
    held = digest_store.take(tx, now=EVENING, at_most=9)
    tx.execute(
        text(
            "INSERT INTO digest_slot (id, person_id, channel, closes_at, state)"
            " SELECT gen_random_uuid(), person_id, channel, :at, 'closed' FROM digest_slot"
        ),
        {"at": TWO_DAYS_ON},
    )
    assert len(held) == 1

    close(tx, held, policy=POLICY, now=EVENING)

    assert open_ends(tx) == [TWO_DAYS_ON + timedelta(days=1)]
