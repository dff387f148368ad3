"""What was decided too long ago is decided again before it rings; what is old news is retracted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from app.db.transaction import begin
from app.hub import switch
from app.hub.bounds import Bounds, Window
from app.hub.question import Standing
from app.hub.quiet_hours import UNLAWFUL
from app.hub.release import release, retract
from app.hub.release_store import take
from app.hub.tables import pressure
from app.jobs.lanes import Lane
from app.messages import store, suppression_store
from app.messages.message import Claimed
from app.messages.tables import message
from app.people import mute_store
from app.people import store as people
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.person import Profile
from app.people.recipient import Recipient
from app.people.unsubscribe import unsubscribe
from orders_core.ids import EventId, OrderId, PersonId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, POLICY, enter, queued, tell, wish
from tests.buying import TEA, bought, fill, moved, paid
from tests.cast import ANA, CHIYO
from tests.shop import MORNING, Shop
from tests.together import together

BOUNDS = POLICY.bounds
HOUR = timedelta(hours=1)
LATE_EVENING = NIGHT - timedelta(minutes=70)  # 21:50 in Shanghai
PAST_TEN = NIGHT - timedelta(minutes=55)  # 22:05 in Shanghai
LANES = list(Lane)


def again(tx: Tx, now: datetime = NEXT_MORNING, bounds: Bounds = BOUNDS) -> int:
    return release(tx, LANES, bounds=bounds, now=now)


def leaving(tx: Tx, now: datetime = NEXT_MORNING) -> list[Claimed]:
    """Take what may leave now, and send it."""
    return [
        one
        for lane in Lane
        for one in store.claim(tx, lane, now=now, at_most=999, lease_seconds=600)
        if one.barred is None
    ]


def bells(tx: Tx) -> Sequence[Row[Any]]:
    return [row for row in queued(tx) if row.channel != "inapp"]


def held(tx: Tx, notice: str = "order_shipped", who: Recipient = ANA, **more: Any) -> None:
    """Tell somebody something at night, whose bells wait for the morning."""
    enter(tx, who)
    tell(tx, wish(who, notice, at=NIGHT, **more), now=NIGHT)
    assert {row.due_at for row in bells(tx)} == {NEXT_MORNING}


def lives_in(tx: Tx, zone: str, who: Recipient = ANA) -> None:
    people.change(tx, {who.person_id: Profile(reference="", zone=zone)}, now=NIGHT)


def ended(tx: Tx) -> set[tuple[str, str | None, datetime | None]]:
    return {(row.state, row.error, row.settled_at) for row in bells(tx)}


def test_what_waited_leaves_only_after_it_was_decided_again(tx: Tx):
    held(tx)

    assert {one.channel for one in leaving(tx)} == {"inapp"}
    assert again(tx) == 2
    assert {one.channel for one in leaving(tx)} == {"email", "sms"}
    assert again(tx) == 0


def test_what_still_waits_is_left_alone(tx: Tx):
    held(tx)

    assert again(tx, NEXT_MORNING - timedelta(seconds=1)) == 0


def test_what_was_moved_to_later_is_left_alone(tx: Tx):
    held(tx)
    tx.execute(update(message).where(message.c.channel != "inapp").values(stands_until=NIGHT))

    assert again(tx, NIGHT + HOUR) == 0


def test_whoever_unsubscribed_in_the_night_hears_nothing_in_the_morning(tx: Tx):
    held(tx, "announcement")
    unsubscribe(tx, ANA.person_id, Category.OFFERS, now=NIGHT + HOUR)
    choose(
        tx,
        ANA.person_id,
        {(Category.OFFERS, ChannelName.PUSH): False},
        source="t",
        now=NIGHT + HOUR,
    )

    again(tx)

    assert ended(tx) == {("cancelled", "no_consent", NEXT_MORNING)}
    assert {one.channel for one in leaving(tx)} == {"inapp"}


def test_an_unsubscribe_between_release_and_claim_is_seen_by_the_claim(tx: Tx):
    held(tx, "announcement")
    again(tx)
    unsubscribe(tx, ANA.person_id, Category.OFFERS, now=NEXT_MORNING)

    assert {one.channel for one in leaving(tx)} == {"inapp", "push"}


def test_whoever_muted_the_order_in_the_night_hears_nothing_in_the_morning(tx: Tx):
    order_id = OrderId(new_id())
    held(tx, order_id=order_id)
    mute_store.mute(tx, order_id, ANA.person_id, now=NIGHT)

    again(tx)

    assert ended(tx) == {("cancelled", "order_muted", NEXT_MORNING)}


def test_an_address_that_died_is_not_rung_and_a_new_one_is(tx: Tx):
    held(tx)
    suppression_store.suppress(tx, [("email", "ana@mail.example")], reason="dead", now=NIGHT)
    moved_on = Profile(reference="", contacts={ChannelName.SMS: "+8613900139000"})
    people.change(tx, {ANA.person_id: moved_on}, now=NIGHT)

    again(tx)

    email, sms = bells(tx)
    assert (email.state, email.error) == ("cancelled", "suppressed")
    assert (sms.state, sms.address) == ("queued", "+8613900139000")
    assert [one.channel for one in leaving(tx) if one.channel != "inapp"] == ["sms"]


def test_whoever_moved_to_where_it_is_night_waits_on_and_is_told_once(tx: Tx):
    held(tx)
    lives_in(tx, "Europe/London")  # where it is midnight
    eight_in_london = NEXT_MORNING + 8 * HOUR

    again(tx)

    assert {row.due_at for row in bells(tx)} == {eight_in_london}
    assert [one for one in leaving(tx) if one.channel != "inapp"] == []
    assert again(tx, eight_in_london) == 2
    assert {one.channel for one in leaving(tx, eight_in_london)} == {"email", "sms"}
    assert leaving(tx, eight_in_london + HOUR) == []


def test_whoever_moved_to_where_it_is_day_is_told_once_when_the_time_comes(tx: Tx):
    held(tx)
    lives_in(tx, "America/New_York")  # where it is seven in the evening

    again(tx)

    assert len([one for one in leaving(tx) if one.channel != "inapp"]) == 2


def test_what_would_come_too_late_is_cancelled(tx: Tx):
    held(tx)
    tx.execute(update(message).values(expires_at=NEXT_MORNING + HOUR))
    lives_in(tx, "Europe/London")

    again(tx)

    assert ended(tx) == {("cancelled", "too_late", NEXT_MORNING)}


def test_what_expired_is_called_expired_by_whoever_claims_it(tx: Tx):
    held(tx)
    tx.execute(update(message).values(expires_at=NEXT_MORNING))

    assert again(tx) == 0
    assert len(leaving(tx)) == 3  # which the desk settles as expired


def test_a_bell_that_did_not_leave_before_the_night_waits_for_the_morning(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_shipped", at=LATE_EVENING), now=LATE_EVENING)

    assert {one.channel for one in leaving(tx, PAST_TEN)} == {"inapp"}
    assert again(tx, PAST_TEN) == 2
    assert {row.due_at for row in bells(tx)} == {NEXT_MORNING}


def test_what_was_decided_again_stands_until_the_next_night(tx: Tx):
    held(tx)
    again(tx)

    assert {row.stands_until for row in bells(tx)} == {NIGHT + timedelta(hours=23)}


def test_what_rings_at_any_hour_and_what_never_rings_stand_for_good(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_paid", at=LATE_EVENING), now=LATE_EVENING)

    assert {row.stands_until for row in queued(tx)} == {None}


def test_what_replay_tells_stands_for_good(tx: Tx):
    enter(tx, ANA)
    past = wish(ANA, "order_shipped", at=LATE_EVENING, event_id=new_id())
    tell(tx, past, now=LATE_EVENING + timedelta(days=30))

    assert {row.stands_until for row in queued(tx)} == {None}


def test_the_place_under_the_cap_is_neither_asked_for_nor_counted_again(tx: Tx):
    held(tx, "announcement")
    before = tx.scalars(select(pressure.c.recent)).all()

    again(tx, bounds=replace(BOUNDS, cap=replace(BOUNDS.cap, most=0)))

    assert tx.scalars(select(pressure.c.recent)).all() == before
    assert {one.channel for one in leaving(tx)} == {"inapp", "email", "push"}


def test_while_marketing_is_stopped_it_is_left_alone(tx: Tx):
    held(tx, "announcement")
    switch.stop(tx, by="t", why="t", now=NIGHT)
    tx.execute(update(message).values(state="queued", settled_at=None))

    assert again(tx) == 0


def test_the_law_holds_an_sms_that_was_queued_by_day(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_shipped", at=MORNING), now=MORNING)
    evening = datetime.combine(MORNING.date(), time(13, 30), tzinfo=MORNING.tzinfo)
    offer = {"notice": "announcement", "kind": "marketing", "lane": 3, "stands_until": evening}
    tx.execute(update(message).where(message.c.channel == "sms").values(**offer))

    again(tx, evening)  # 21:30 in Shanghai

    [sms] = [row for row in queued(tx) if row.channel == "sms"]
    assert sms.due_at == NEXT_MORNING
    assert Window(time(21), time(8)) == UNLAWFUL


def shipped(tx: Tx) -> OrderId:
    enter(tx, ANA)
    fill(tx, {TEA: 10})
    order_id = moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED)
    told = wish(
        ANA,
        "order_shipped",
        at=NIGHT,
        order_id=order_id,
        event_id=EventId(new_id()),
        standing=Standing(order_status="shipped"),
    )
    tell(tx, told, now=NIGHT)
    return order_id


def test_news_of_an_order_that_moved_on_is_not_released(tx: Tx):
    moved(tx, shipped(tx), OrderStatus.DELIVERED)

    again(tx)

    assert ended(tx) == {("cancelled", "superseded", NEXT_MORNING)}


def test_the_bells_of_an_order_that_moved_on_are_retracted_at_once(tx: Tx):
    order_id = shipped(tx)
    assert retract(tx, [order_id], now=NIGHT) == 0
    moved(tx, order_id, OrderStatus.DELIVERED)

    assert retract(tx, [order_id], now=NIGHT + HOUR) == 2

    assert ended(tx) == {("cancelled", "superseded", NIGHT + HOUR)}
    assert {row.state for row in queued(tx) if row.channel == "inapp"} == {"queued"}
    assert retract(tx, [order_id], now=NIGHT + HOUR) == 0


def test_what_was_decided_just_now_is_not_asked_whether_it_is_old_news(tx: Tx):
    order_id = shipped(tx)
    moved(tx, order_id, OrderStatus.DELIVERED)
    fresh = {row.verdict_id for row in bells(tx)}

    assert retract(tx, [order_id], but=fresh, now=NIGHT) == 0
    assert retract(tx, [order_id], now=NIGHT) == 2


def test_what_somebody_wished_for_is_held_against_the_state_of_the_order_alone(tx: Tx):
    enter(tx, ANA)
    fill(tx, {TEA: 10})
    order_id = paid(tx, bought(tx, (TEA, 1)))  # with nothing missing, and no parcel here
    for notice in ("order_short", "order_delayed"):
        tell(tx, wish(ANA, notice, at=NIGHT, dispatch=notice, order_id=order_id), now=NIGHT)
    waiting = [row for row in bells(tx) if row.due_at == NEXT_MORNING]
    assert {row.notice for row in waiting} == {"order_short", "order_delayed"}

    assert retract(tx, [order_id], now=NIGHT) == 0
    moved(tx, moved(tx, order_id, OrderStatus.SHIPPED), OrderStatus.DELIVERED)
    assert retract(tx, [order_id], now=NIGHT) == len(waiting)


def test_what_a_worker_holds_is_not_retracted(tx: Tx):
    order_id = shipped(tx)
    again(tx)
    leaving(tx)
    moved(tx, order_id, OrderStatus.DELIVERED)

    assert retract(tx, [order_id], now=NEXT_MORNING) == 0


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """A shop in which forty people wait for the morning."""
    everybody = [
        replace(CHIYO, person_id=PersonId(new_id()), name=f"one of forty: {number}", zone=ANA.zone)
        for number in range(40)
    ]
    with begin(shop.engine) as tx:
        enter(tx, *everybody)
        tell(tx, *(wish(who, "order_shipped", at=NIGHT) for who in everybody), now=NIGHT)
    return shop


def test_many_workers_decide_each_message_again_once(crowd: Shop):
    def work() -> int:
        total = 0
        while True:
            with begin(crowd.engine) as tx:
                done = release(tx, LANES, bounds=BOUNDS, now=NEXT_MORNING, at_most=7)
            total += done
            if not done:
                return total

    assert sum(together(*[work] * 6)) == 80
    with begin(crowd.engine) as tx:
        assert len([one for one in leaving(tx) if one.channel != "inapp"]) == 80


def test_nobody_waits_for_a_message_that_another_worker_decides(crowd: Shop):
    with begin(crowd.engine) as one:
        mine = take(one, LANES, now=NEXT_MORNING, at_most=50)
        with begin(crowd.engine) as other:
            theirs = take(other, LANES, now=NEXT_MORNING, at_most=50)

    assert (len(mine), len(theirs)) == (50, 30)
    assert not {held.id for held in mine} & {held.id for held in theirs}


def test_whoever_dies_while_deciding_leaves_all_as_it_was(crowd: Shop):
    with crowd.engine.connect() as dying:
        assert again(dying) == 80

    with begin(crowd.engine) as tx:
        assert again(tx) == 80
