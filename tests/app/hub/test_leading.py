"""The first piece of news of a digest goes out at once, and exactly one is the first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.hub.bounds import Bounds
from app.hub.catalogue import Notice, find
from app.hub.decide import decide
from app.hub.digest import leads
from app.hub.explain import explain
from app.hub.facts import recall
from app.hub.question import Question
from app.hub.verdict import Answer, Because, Digest, Send, Slot, Verdict, Wait
from app.people.recipient import Recipient
from orders_core.tx import Tx
from tests.app.hub.stage import NIGHT, POLICY, enter, queued, tell, verdicts, wish
from tests.app.hub.test_digest_locks import WAITS
from tests.app.hub.test_digests import EVENING, MINUTE, close_due, letters, news, slots
from tests.cast import ANA
from tests.poll import until
from tests.shop import MORNING, Shop

FIRST = replace(ANA, rhythms={"email": "first_daily"})
SHIPPED = find("order_shipped")
LETTER = Slot("email", EVENING)


def decided(
    person: Recipient = FIRST,
    *,
    at: datetime = MORNING,
    bounds: Bounds = POLICY.bounds,
    notice: Notice = SHIPPED,
) -> tuple[Verdict, tuple[Slot, ...]]:
    verdict = decide(notice, person, (), bounds, at)
    return verdict, leads(Question(notice, person, (), bounds, at), verdict.answer)


def test_the_first_piece_of_news_goes_out_at_once_and_opens_its_digest():
    verdict, led = decided()

    assert verdict.answer == Send(("inapp", "email", "sms"))
    assert led == (LETTER,)


def test_what_follows_while_the_digest_is_open_is_gathered():
    verdict, led = decided(replace(FIRST, open_slots={"email": (EVENING,)}))

    assert verdict.answer == Digest((LETTER,), ("inapp", "sms"), Because.FOLDED)
    assert led == ()


def test_the_next_digest_has_a_first_piece_of_news_of_its_own():
    verdict, led = decided(replace(FIRST, open_slots={"email": (EVENING - timedelta(days=1),)}))

    assert verdict.answer == Send(("inapp", "email", "sms"))
    assert led == (LETTER,)


def test_the_shop_may_say_so_too():
    verdict, led = decided(ANA, bounds=Bounds(rhythms=(("order", "email", "first_daily"),)))

    assert verdict.answer == Send(("inapp", "email", "sms"))
    assert led == (LETTER,)


def test_one_channel_may_lead_while_another_gathers_all():
    verdict, led = decided(replace(ANA, rhythms={"email": "first_daily", "inapp": "hourly"}))

    hourly = Slot("inapp", MORNING + timedelta(hours=1))
    assert verdict.answer == Digest((hourly,), ("email", "sms"), Because.FOLDED)
    assert led == (LETTER,)


def test_what_the_night_holds_opens_nothing_and_is_gathered():
    verdict, led = decided(at=NIGHT)

    assert isinstance(verdict.answer, Digest)
    assert "email" in {slot.channel for slot in verdict.answer.slots}
    assert led == ()


def test_the_inbox_keeps_no_hours_and_leads_at_night():
    verdict, led = decided(replace(ANA, rhythms={"inapp": "first_hourly"}), at=NIGHT)

    assert isinstance(verdict.answer, Wait)
    assert [slot.channel for slot in led] == ["inapp"]


def test_urgent_news_opens_no_digest():
    _, led = decided(notice=find("order_paid"))

    assert led == ()


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "First on its channel, so it goes at once"), ("zh", "该渠道的第一条，立即发送")],
)
def test_the_verdict_says_that_it_was_the_first(tx: Tx, locale: str, said: str):
    enter(tx, FIRST)
    tell(tx, news(FIRST, "a"))

    [row] = verdicts(tx)
    asked = {one.rule: one.answer for one in explain(row, locale=locale, zone=FIRST.zone).asked}
    assert asked["rhythm"].startswith(said)


def test_of_three_pieces_of_news_one_rings_and_two_come_together(tx: Tx):
    enter(tx, FIRST)
    [one] = tell(tx, news(FIRST, "a"))
    tell(tx, news(FIRST, "b"), now=MORNING + MINUTE)
    tell(tx, news(FIRST, "c"), now=MORNING + 2 * MINUTE)

    assert len(letters(tx)) == 1
    close_due(tx)
    first, gathered = letters(tx)
    assert (first.verdict_id, gathered.notice) == (one.id, "digest")
    assert gathered.variables["total"] == 2


def test_of_two_pieces_of_news_in_one_batch_the_first_leads(tx: Tx):
    enter(tx, FIRST)
    made = tell(tx, news(FIRST, "a"), news(FIRST, "b"))

    assert [isinstance(one.verdict.answer, Send) for one in made] == [True, False]
    assert len(letters(tx)) == 1


def test_where_nothing_follows_nothing_more_is_sent(tx: Tx):
    enter(tx, FIRST)
    tell(tx, news(FIRST, "a"))

    close_due(tx)

    assert len(letters(tx)) == 1
    assert [row.state for row in slots(tx)] == ["closed"]


def test_a_trial_leads_nothing(tx: Tx):
    enter(tx, FIRST)
    tell(tx, news(FIRST, "a", is_trial=True))

    assert slots(tx) == []


def test_a_decision_made_again_of_what_it_knew_is_the_same(tx: Tx):
    enter(tx, FIRST)
    made = tell(tx, news(FIRST, "a")) + tell(tx, news(FIRST, "b"))

    for one, row in zip(made, verdicts(tx), strict=True):
        known = recall(row.notice, row.facts)
        again = decide(known.notice, known.person, (), POLICY.bounds, MORNING)
        assert (again.answer, again.trace) == (one.verdict.answer, one.verdict.trace)


def test_of_many_that_come_at_once_exactly_one_leads_and_none_is_lost(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, FIRST)

    def told(number: int) -> None:
        with begin(shop.engine) as tx:
            tell(tx, wish(FIRST, "order_shipped", dispatch=f"news-{number}"))

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(told, range(16)))

    with begin(shop.engine) as tx:
        assert len([row for row in queued(tx) if row.channel == "email"]) == 1
        assert tx.scalar(text("SELECT count(*) FROM digest_item")) == 15
        assert tx.scalar(text("SELECT count(*) FROM digest_slot")) == 1


def test_who_comes_while_another_opens_the_digest_joins_it(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, FIRST)

    def second() -> Answer:
        with begin(shop.engine) as tx:
            [made] = tell(tx, news(FIRST, "b"))
            return made.verdict.answer

    def waits() -> bool:
        with begin(shop.engine) as tx:
            return bool(tx.execute(text(WAITS)).scalar_one())

    with ThreadPoolExecutor(1) as hands:
        with begin(shop.engine) as tx:
            [first] = tell(tx, news(FIRST, "a"))
            going = hands.submit(second)
            until(waits, what="the second waits for the slot")
        assert isinstance(first.verdict.answer, Send)
        assert isinstance(going.result(), Digest)
