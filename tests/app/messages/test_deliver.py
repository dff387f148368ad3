"""Delivering: what leaves, what waits, what is written down, and who may write it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text

from app.db.transaction import begin
from app.hub import switch
from app.inbox.tables import inbox_item
from app.jobs.lanes import Lane
from app.messages import store, suppression_store
from app.messages.deliver import BATCH, drain
from app.people import calm_store, mute_store
from app.people.choice_store import choose
from app.people.tables import consent, contact, preference
from channels.contract import GiveUp, TryLater
from orders_core.ids import OrderId, PersonId, new_id
from tests.app.messages.desk import Desk, lane_of
from tests.shop import MORNING

MINUTE = 60


def settle(desk: Desk, kind: str = "order") -> int:
    return drain(desk.delivery, lane_of(kind), at_most_seconds=20)


def test_what_is_due_leaves_and_is_written_down(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())

    assert settle(desk) == 1

    row = desk.look(news)
    assert (row.state, row.provider_ref, row.attempts) == ("sent", "ref", 1)
    assert row.settled_at == MORNING
    assert desk.provider.seen[0].text == "Hello Ana"
    assert desk.provider.seen[0].to == "+8613800000001"
    assert settle(desk) == 0


def test_each_lane_delivers_only_its_own(desk: Desk) -> None:
    news, offer = desk.put(desk.draft("order"), desk.draft("marketing"))

    drain(desk.delivery, Lane.ORDER, at_most_seconds=20)

    assert desk.provider.rung == [news]
    assert desk.look(offer).state == "queued"


def test_more_than_a_batch_leaves_in_the_order_it_fell_due(desk: Desk) -> None:
    hours = (3, 1, 2, 5, 4, 8, 6, 7, 11, 9, 10, 12)
    ids = desk.put(*(desk.draft(at=MORNING - timedelta(hours=hour)) for hour in hours))

    settle(desk)

    by_due = sorted(zip(hours, ids, strict=True), reverse=True)
    assert desk.provider.rung == [message_id for _, message_id in by_due]


def test_a_full_claim_is_followed_by_another_until_nothing_is_due(desk: Desk) -> None:
    ids = desk.put(*(desk.draft() for _ in range(BATCH[Lane.ORDER] + 1)))

    assert settle(desk) == len(ids)
    assert len(desk.provider.rung) == len(ids)


def test_business_time_holds_a_message_back_until_its_hour(desk: Desk) -> None:
    (news,) = desk.put(desk.draft(at=MORNING + timedelta(hours=2)))

    assert settle(desk) == 0
    desk.shop.clock.advance(timedelta(hours=2))
    assert settle(desk) == 1

    assert desk.look(news).state == "sent"


def test_machine_time_holds_a_retry_back_however_far_business_time_jumps(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    desk.provider.answers = [TryLater("busy", after_seconds=MINUTE)]
    settle(desk)

    desk.shop.clock.advance(timedelta(hours=3))

    assert settle(desk) == 0
    desk.skip_wait(news)
    assert settle(desk) == 1
    assert desk.look(news).state == "sent"


def test_a_busy_provider_is_tried_five_times_and_then_given_up(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    desk.provider.answers = [TryLater("busy")] * 9

    for _ in range(9):
        desk.skip_wait(news)
        settle(desk)

    row = desk.look(news)
    assert len(desk.provider.seen) == 5
    assert (row.state, row.error) == ("failed", "tried 5 times: busy")


def test_a_retry_waits_within_its_bounds(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    desk.provider.answers = [TryLater("busy", after_seconds=100)]

    settle(desk)

    with begin(desk.shop.engine) as tx:
        waits = text(
            "SELECT extract(epoch FROM not_before - clock_timestamp()) FROM message WHERE id = :id"
        )
        wait_seconds = float(tx.execute(waits, {"id": news}).scalar_one())
    assert 90 < wait_seconds <= 130


def test_an_expired_message_never_leaves(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    desk.shop.clock.advance(timedelta(days=1))

    assert settle(desk) == 1

    row = desk.look(news)
    assert (row.state, row.attempts) == ("expired", 0)
    assert row.settled_at == MORNING + timedelta(days=1)
    assert desk.provider.seen == []


def test_a_dead_address_is_never_written_to_again(desk: Desk) -> None:
    first, second = desk.put(desk.draft(), desk.draft(at=MORNING + timedelta(hours=1)))
    desk.provider.answers = [GiveUp("no such number", address_is_dead=True)]
    settle(desk)
    desk.shop.clock.advance(timedelta(hours=1))

    settle(desk)

    assert desk.look(first).state == "failed"
    assert (desk.look(second).state, desk.look(second).error) == (
        "cancelled",
        "the address is suppressed",
    )
    assert desk.provider.rung == [first]
    with begin(desk.shop.engine) as tx:
        found = suppression_store.find(tx, "sms", "+8613800000001")
    assert found is not None
    assert (found.reason, found.at) == ("address_is_dead", MORNING)


def test_a_refusal_that_is_not_the_addresses_fault_suppresses_nobody(desk: Desk) -> None:
    desk.put(desk.draft())
    desk.provider.answers = [GiveUp("text refused")]

    settle(desk)

    with begin(desk.shop.engine) as tx:
        assert suppression_store.find(tx, "sms", "+8613800000001") is None


def test_an_address_that_was_removed_meanwhile_is_not_written_to(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    with begin(desk.shop.engine) as tx:
        tx.execute(delete(contact).where(contact.c.person_id == desk.ana))

    settle(desk)

    assert (desk.look(news).state, desk.look(news).error) == (
        "cancelled",
        "the address was removed",
    )
    assert desk.provider.seen == []


def test_a_bell_that_waits_falls_silent_when_its_person_pauses_everything(desk: Desk) -> None:
    news, answer = desk.put(desk.draft(), desk.draft("support"))
    with begin(desk.shop.engine) as tx:
        until = MORNING + timedelta(days=1)
        calm_store.pause(tx, PersonId(desk.ana), until, source="test", now=MORNING)

    settle(desk)

    assert (desk.look(news).state, desk.look(news).error) == (
        "cancelled",
        "the person paused all bells",
    )
    assert desk.look(answer).state == "sent"


def test_a_bell_that_waits_falls_silent_when_its_order_is_muted(desk: Desk) -> None:
    order_id = OrderId(new_id())
    news, answer = desk.put(desk.draft(order_id=order_id), desk.draft("support", order_id=order_id))
    with begin(desk.shop.engine) as tx:
        mute_store.mute(tx, order_id, PersonId(desk.ana), now=MORNING)

    settle(desk)

    assert (desk.look(news).state, desk.look(news).error) == (
        "cancelled",
        "the person muted the order",
    )
    assert desk.look(answer).state == "sent"


@pytest.mark.parametrize(
    ("asked_on", "kind", "state"),
    [
        ("sms", "order", "sent"),
        ("email", "order", "cancelled"),
        (None, "order", "cancelled"),
        ("sms", "marketing", "cancelled"),
    ],
)
def test_a_bell_asked_for_of_this_order_leaves_though_such_news_is_refused(
    desk: Desk, asked_on: str | None, kind: str, state: str
) -> None:
    order_id, ana = OrderId(new_id()), PersonId(desk.ana)
    (bell,) = desk.put(desk.draft(kind, channel="sms", category="delivery", order_id=order_id))
    with begin(desk.shop.engine) as tx:
        choose(tx, ana, {("delivery", "*"): False}, source="test", now=MORNING)
        if asked_on:
            mute_store.tell_more(tx, order_id, ana, channel=asked_on, now=MORNING)

    settle(desk, kind)

    assert desk.look(bell).state == state


@pytest.mark.parametrize(
    ("waited", "is_read", "state"),
    [(True, True, "cancelled"), (True, False, "sent"), (False, True, "sent")],
)
def test_a_bell_that_waited_falls_silent_when_its_news_was_read_meanwhile(
    desk: Desk, *, waited: bool, is_read: bool, state: str
) -> None:
    verdict_id, later = new_id(), MORNING + timedelta(hours=1 if waited else 0)
    line, bell = desk.put(
        desk.draft(verdict_id=verdict_id, channel="inapp", address=str(desk.ana)),
        desk.draft(verdict_id=verdict_id, due_at=later),
    )
    with begin(desk.shop.engine) as tx:
        read = MORNING if is_read else None
        tx.execute(
            insert(inbox_item).values(
                id=line,
                person_id=desk.ana,
                notice="news",
                title="t",
                body="b",
                arrived_at=MORNING,
                read_at=read,
            )
        )
    desk.shop.clock.advance(timedelta(hours=1))

    settle(desk)

    assert desk.look(bell).state == state


@pytest.mark.parametrize("how", ["consent", "preference"])
def test_advertising_that_was_refused_meanwhile_does_not_leave(desk: Desk, how: str) -> None:
    (offer, news) = desk.put(desk.draft("marketing"), desk.draft("order"))
    with begin(desk.shop.engine) as tx:
        if how == "consent":
            no = insert(consent).values(channel="sms", granted=False, source="t", at=MORNING)
        else:
            no = insert(preference).values(
                category="offers", channel="sms", wanted=False, at=MORNING
            )
        tx.execute(no.values(person_id=desk.ana))

    settle(desk, "marketing")
    settle(desk, "order")

    assert (desk.look(offer).state, desk.look(offer).error) == ("cancelled", "the person said no")
    assert desk.look(news).state == "sent"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({("delivery", "sms"): False}, "cancelled"),
        ({("delivery", "*"): False}, "cancelled"),
        ({("*", "sms"): False}, "cancelled"),
        ({("*", "*"): False}, "cancelled"),
        ({("*", "*"): False, ("delivery", "sms"): True}, "sent"),
        ({("*", "*"): False, ("*", "sms"): True}, "sent"),
        ({("delivery", "*"): True, ("*", "sms"): False}, "sent"),
        ({("orders", "sms"): False, ("delivery", "email"): False}, "sent"),
    ],
)
def test_news_that_was_switched_off_meanwhile_does_not_leave(
    desk: Desk, said: dict[tuple[str, str], bool], state: str
) -> None:
    news, code = desk.put(desk.draft(category="delivery"), desk.draft("security"))
    with begin(desk.shop.engine) as tx:
        choose(tx, PersonId(desk.ana), said, source="test", now=MORNING)

    settle(desk)
    settle(desk, "security")

    assert desk.look(news).state == state
    assert desk.look(code).state == "sent"


def test_no_advertising_is_taken_while_marketing_is_stopped(desk: Desk) -> None:
    with begin(desk.shop.engine) as tx:
        switch.stop(tx, by="lea", why="complaints", now=MORNING)
    (offer, news) = desk.put(desk.draft("marketing"), desk.draft("order"))

    assert settle(desk, "marketing") == 0
    assert settle(desk, "order") == 1
    assert desk.look(offer).state == "queued"
    with begin(desk.shop.engine) as tx:
        assert store.lanes_due(tx, now=MORNING) == []
        switch.resume(tx, by="lea", why="mended", now=MORNING)

    assert settle(desk, "marketing") == 1
    assert desk.provider.rung == [news, offer]


def test_advertising_expires_even_while_marketing_is_stopped(desk: Desk) -> None:
    with begin(desk.shop.engine) as tx:
        switch.stop(tx, by="lea", why="complaints", now=MORNING)
    (offer,) = desk.put(desk.draft("marketing"))
    desk.shop.clock.advance(timedelta(days=2))

    settle(desk, "marketing")

    assert desk.look(offer).state == "expired"


def test_a_broken_template_fails_its_own_message_alone(desk: Desk) -> None:
    broken, absent, good = desk.put(
        desk.draft(variables={}), desk.draft(notice="nothing"), desk.draft()
    )

    assert settle(desk) == 3

    assert desk.look(broken).state == "failed"
    assert desk.look(broken).error == "template: notices/news/sms.en.j2: 'name' is undefined"
    assert desk.look(absent).state == "failed"
    assert desk.look(good).state == "sent"
    assert desk.provider.rung == [good]


def test_a_broken_template_spoils_no_neighbour_in_the_same_call(desk: Desk) -> None:
    ids = desk.put(
        *(desk.draft("service", variables={} if n == 3 else {"name": "Ana"}) for n in range(6))
    )

    settle(desk, "service")

    states = [desk.look(message_id).state for message_id in ids]
    assert states == ["sent"] * 3 + ["failed"] + ["sent"] * 2


def test_a_channel_that_raises_leaves_its_message_unknown_and_the_next_leaves(desk: Desk) -> None:
    first, second = desk.put(desk.draft(), desk.draft())
    desk.provider.answers = [RuntimeError("+8613800000001 exploded")]

    settle(desk)

    row = desk.look(first)
    assert (row.state, row.error, row.duplicate_risk) == (
        "queued",
        "the channel raised RuntimeError",
        True,
    )
    assert desk.look(second).state == "sent"


def test_a_channel_that_is_not_built_fails_its_messages(desk: Desk) -> None:
    (lost,) = desk.put(desk.draft(channel="inapp"))

    settle(desk)

    assert desk.look(lost).error == "no channel 'inapp' in this house"
