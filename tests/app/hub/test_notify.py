"""The one door: told once for good, decided, and queued, all in one transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select

from app.hub import switch
from app.hub.catalogue import NOTICES, UnknownNotice
from app.hub.decide import RULES
from app.hub.decision import Decision
from app.hub.question import Standing
from app.hub.tables import told
from app.hub.verdict import Because
from app.messages import store as messages
from app.messages.tables import message, suppression
from app.people import mute_store
from app.people.choices import Category
from app.people.links import Purpose
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import (
    LINKS,
    NEXT_MORNING,
    NIGHT,
    enter,
    queued,
    tell,
    verdicts,
    wish,
)
from tests.cast import ANA, BEN, CHIYO
from tests.shop import MORNING


def reasons(decisions: list[Decision]) -> list[Because | None]:
    return [decision.verdict.because for decision in decisions]


def test_news_becomes_one_message_on_each_channel(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "order_paid"))

    assert [(row.channel, row.address) for row in queued(tx)] == [
        ("inapp", str(ANA.person_id)),
        ("email", "ana@mail.example"),
        ("push", "ana-phone"),
    ]


def test_a_message_knows_its_verdict_its_lane_its_language_and_when_it_is_too_late(tx: Tx):
    enter(tx, BEN)
    order_id = new_id()

    [decision] = tell(tx, wish(BEN, "order_paid", order_id=order_id))

    row = queued(tx)[1]
    assert (row.verdict_id, row.order_id, row.kind, row.lane) == (
        decision.id,
        order_id,
        "order",
        1,
    )
    assert (row.locale, row.state, row.due_at, row.queued_at) == ("en", "queued", MORNING, MORNING)
    assert row.expires_at == MORNING + NOTICES["order_paid"].ttl


def test_what_was_told_is_not_told_again(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA))
    again = tell(tx, wish(ANA), now=MORNING + timedelta(days=400))

    assert again == []
    assert len(queued(tx)) == 3
    assert len(verdicts(tx)) == 1


def test_the_same_wish_twice_in_one_batch_is_one(tx: Tx):
    enter(tx, ANA)

    assert len(tell(tx, wish(ANA), wish(ANA))) == 1
    assert len(queued(tx)) == 3


def test_one_dispatch_tells_each_person_once(tx: Tx):
    enter(tx, ANA, BEN)

    tell(tx, wish(ANA), wish(BEN))
    tell(tx, wish(BEN), wish(ANA))

    assert len(verdicts(tx)) == 2


def test_what_was_decided_against_is_not_decided_again(tx: Tx):
    enter(tx, BEN)

    tell(tx, wish(BEN, "announcement"))
    again = tell(tx, wish(BEN, "announcement"))

    assert again == []
    assert queued(tx) == []


def test_what_is_told_is_remembered_in_sixteen_bytes(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, dispatch="x" * 10_000))

    assert tx.scalar(select(func.length(told.c.dispatch))) == 16


def test_a_verdict_is_stored_with_every_rule_that_was_asked(tx: Tx):
    enter(tx, BEN)
    event_id = new_id()

    tell(tx, wish(BEN, "announcement", event_id=event_id))

    [row] = verdicts(tx)
    assert (row.answer, row.because, row.decided_by) == ("skip", "no_consent", "consent")
    assert (row.event_id, row.decided_at, row.until) == (event_id, MORNING, None)
    assert [rule for rule, _, _ in row.trace] == ["superseded", "suppression", "consent"]
    assert row.trace[-1] == ["consent", "skip", {"inapp": None, "email": None, "push": None}]


def test_every_rule_of_a_sent_message_is_in_its_verdict(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "announcement"))

    [row] = verdicts(tx)
    assert [rule for rule, _, _ in row.trace] == [rule for rule, _ in RULES]
    assert (row.answer, row.decided_by) == ("send", "all_clear")


def test_at_night_the_inbox_is_written_now_and_the_bells_are_due_in_the_morning(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "order_shipped", at=NIGHT), now=NIGHT)

    assert [(row.channel, row.due_at) for row in queued(tx)] == [
        ("inapp", NIGHT),
        ("email", NEXT_MORNING),
        ("sms", NEXT_MORNING),
    ]
    assert verdicts(tx)[0].until == NEXT_MORNING


def test_what_waits_is_not_too_late_before_it_rings(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "announcement", at=NIGHT), now=NIGHT)

    assert all(row.expires_at >= row.due_at + timedelta(days=1) for row in queued(tx))


def test_what_is_decided_as_of_another_time_is_not_too_late_today(tx: Tx):
    enter(tx, ANA)
    years_ago = MORNING - timedelta(days=3000)

    [decision] = tell(tx, wish(ANA, at=years_ago))

    assert verdicts(tx)[0].decided_at == years_ago
    assert decision.verdict.because is None
    assert all(row.due_at == years_ago for row in queued(tx))
    assert all(row.expires_at > MORNING for row in queued(tx))


def test_a_suppressed_address_gets_nothing(tx: Tx):
    enter(tx, ANA)
    tx.execute(
        insert(suppression).values(
            channel="email", address="ana@mail.example", reason="bounced", at=MORNING
        )
    )

    tell(tx, wish(ANA))

    assert [row.channel for row in queued(tx)] == ["inapp", "push"]


def test_another_channels_suppression_does_not_count(tx: Tx):
    enter(tx, ANA)
    tx.execute(
        insert(suppression).values(
            channel="sms", address="ana@mail.example", reason="bounced", at=MORNING
        )
    )

    tell(tx, wish(ANA))

    assert [row.channel for row in queued(tx)] == ["inapp", "email", "push"]


def test_somebody_nobody_knows_gets_a_verdict_and_no_message(tx: Tx):
    [decision] = tell(tx, wish(ANA))

    assert decision.verdict.because is Because.NO_ADDRESS
    assert queued(tx) == []


def test_old_news_gets_a_verdict_and_no_message(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "order_paid", standing=Standing(order_status="delivered")))

    assert verdicts(tx)[0].because == "superseded"
    assert queued(tx) == []


def test_a_notice_nobody_wrote_is_refused_before_anything_is_told(tx: Tx):
    enter(tx, ANA)

    with pytest.raises(UnknownNotice):
        tell(tx, wish(ANA, "order_payed"))

    assert tx.scalar(select(func.count()).select_from(told)) == 0


def test_nothing_wished_for_is_nothing_told(tx: Tx):
    assert tell(tx) == []


def test_stopped_marketing_is_not_queued_whatever_policy_was_read_before(tx: Tx):
    enter(tx, ANA)
    switch.stop(tx, by="staff:ops", why="wrong price", now=MORNING)

    decisions = tell(tx, wish(ANA, "announcement", dispatch="tea"), wish(ANA, "order_paid"))

    assert reasons(decisions) == [Because.MARKETING_STOPPED, None]


def test_a_message_carries_the_persons_own_words_and_links(tx: Tx):
    enter(tx, CHIYO)

    tell(tx, wish(CHIYO, "order_paid", variables={"order_number": "100001"}))

    said = queued(tx)[0].variables
    assert (said["shop"], said["name"], said["zone"]) == ("Xiaoman Goods", "Chiyo", "Asia/Tokyo")
    assert (said["order_number"], said["carrier"]) == ("100001", None)
    inbox = said["order_url"].partition("?")[0].rpartition("/")[2]
    choices = said["preferences_url"].rpartition("/")[2]
    assert LINKS.person(inbox, Purpose.INBOX) == CHIYO.person_id
    assert LINKS.person(choices, Purpose.PREFERENCES) == CHIYO.person_id
    assert "unsubscribe_url" not in said


def test_news_of_an_order_leads_to_the_orders_own_page(tx: Tx):
    enter(tx, CHIYO)
    order_id = OrderId(new_id())

    tell(tx, wish(CHIYO, "order_paid", order_id=order_id))

    page = queued(tx)[0].variables["order_url"].partition("?")[0]
    grant = LINKS.open_order(page.rpartition("/")[2])
    assert (grant.purpose, grant.order_id) == (Purpose.ORDER, order_id)


def test_a_code_leads_nowhere(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "security_code", variables={"code": "482913"}))

    [text, mail] = queued(tx)
    assert (text.channel, mail.channel, text.lane) == ("sms", "email", 0)
    assert [text.variables[name] for name in ("order_url", "preferences_url")] == [None, None]
    assert mail.variables["code"] == "482913"


def test_a_muted_order_rings_no_bell_and_its_neighbour_does(tx: Tx):
    enter(tx, ANA)
    muted, other = OrderId(new_id()), OrderId(new_id())
    mute_store.mute(tx, muted, ANA.person_id, now=MORNING)

    tell(tx, wish(ANA, dispatch="a", order_id=muted), wish(ANA, dispatch="b", order_id=other))

    assert [row.channel for row in queued(tx) if row.order_id == muted] == ["inapp"]
    assert len([row for row in queued(tx) if row.order_id == other]) == 3


def test_an_answer_goes_out_at_night_while_the_person_is_in_the_talk(tx: Tx):
    enter(tx, ANA)
    asleep = wish(ANA, "case_answered", dispatch="a", at=NIGHT, variables={"answer": "会补发"})
    awake = replace(asleep, dispatch="b", is_awaited=True, hold_seconds=8)

    first, second = tell(tx, asleep, awake, now=NIGHT)

    assert (first.verdict.word, second.verdict.word) == ("wait", "send")
    assert {row.due_at for row in queued(tx) if row.verdict_id == second.id} == {NIGHT}
    assert {row.lane for row in queued(tx)} == {1}


def test_what_can_be_undone_is_held_for_its_machine_seconds(tx: Tx):
    enter(tx, ANA)

    [reply] = tell(tx, wish(ANA, "case_answered", hold_seconds=8, variables={"answer": "会补发"}))

    left = select(func.min(message.c.not_before - func.clock_timestamp()))
    assert timedelta(seconds=6) < tx.scalar(left) <= timedelta(seconds=8)
    assert messages.withdraw(tx, [reply.id], why="undone", now=MORNING) == 3


def test_marketing_carries_a_way_out_of_its_own_category(tx: Tx):
    enter(tx, ANA)

    tell(tx, wish(ANA, "announcement", variables={"title": "春茶", "body": "已到"}))

    said = queued(tx)[1].variables
    grant = LINKS.open(said["unsubscribe_url"].rpartition("/")[2], Purpose.UNSUBSCRIBE)
    assert (grant.person_id, grant.category) == (ANA.person_id, Category.OFFERS)
    assert (said["title"], said["shop"]) == ("春茶", "小满杂货")


def test_hundreds_are_told_in_a_handful_of_statements(tx: Tx):
    crowd = [replace(ANA, person_id=PersonId(new_id()), name=f"c-{n}") for n in range(300)]
    enter(tx, *crowd)
    ran: list[str] = []
    event.listen(tx, "before_cursor_execute", lambda *said: ran.append(said[2]))

    decisions = tell(tx, *[wish(who, "announcement") for who in crowd])

    assert len(decisions) == 300
    assert len(queued(tx)) == 900
    assert len(ran) <= 12
