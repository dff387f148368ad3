"""Offers ring no bell for whoever would likely refuse all; where it cannot be told, they do."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.house import House
from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES
from app.hub.decide import decide
from app.hub.explain import explain
from app.hub.facts import Known, recall, remember
from app.hub.tired_store import cases, keep, standing
from app.hub.tired_table import read_tired
from app.hub.verdict import Because, Send, Skip, Verdict
from app.people.choices import ChannelName
from app.people.erase_store import OF_A_PERSON
from app.people.recipient import Recipient
from app.people.store import recipients
from app.people.tables import tired
from app.rules import standard
from app.subscribers import fatigue
from ml.fatigue.risk import NAMES, Risk
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter
from tests.cast import ANA, BEN
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

DAY = timedelta(days=1)
HELD = Bounds(tired=tuple(range(5, 101)))
OFFER, NEWS = NOTICES["announcement"], NOTICES["order_shipped"]
WORN = replace(ANA, tired=(7, "unopened"))


def judge(person: Recipient, bounds: Bounds = HELD, notice: str = "announcement") -> Verdict:
    return decide(NOTICES[notice], person, (), bounds, MORNING)


def test_an_offer_rings_nowhere_for_whoever_it_would_drive_away_and_waits_in_the_inbox():
    assert judge(WORN).answer == Send(("inapp",))
    assert judge(replace(WORN, tired=(4, "unopened"))).answer == judge(ANA).answer


def test_without_an_inbox_line_to_move_nothing_goes_out():
    verdict = decide(
        replace(OFFER, channels=(ChannelName.PUSH, ChannelName.SMS)), WORN, (), HELD, MORNING
    )

    assert verdict.answer == Skip(Because.TIRED)
    assert verdict.decided_by == "fatigue"


def test_news_of_an_order_rings_all_the_same():
    assert judge(WORN, notice="order_shipped").answer == judge(ANA, notice="order_shipped").answer


def test_of_whom_nothing_can_be_told_every_bell_rings():
    assert ANA.tired is None
    assert judge(ANA).answer == judge(ANA, Bounds()).answer


def test_the_table_of_the_product_holds_from_five_percent_on():
    assert read_tired(standard.sheet_of("fatigue") or "") == tuple(range(5, 101))


def test_the_shops_table_is_what_decisions_obey(tx: Tx):
    enter(tx, ANA)

    assert POLICY.bounds.tired == ()
    assert remember(Known(OFFER, WORN, None)) != remember(Known(OFFER, ANA, None))
    assert recall("announcement", remember(Known(OFFER, WORN, None))).person.tired == WORN.tired


@pytest.mark.parametrize("why", NAMES)
@pytest.mark.parametrize(("locale", "said"), [("en", "7 %"), ("zh", "7%")])
def test_the_verdict_says_how_likely_and_why(why: str, locale: str, said: str):
    verdict = judge(replace(ANA, tired=(7, why)))
    row = SimpleNamespace(
        answer="send", because=None, until=None, trace=verdict.trace, decided_by="all_clear"
    )

    asked = explain(row, locale=locale, zone="Asia/Shanghai").asked

    answer = next(one.answer for one in asked if one.rule == "fatigue")
    assert said in answer
    assert "rule." not in answer


def test_a_risk_is_read_with_its_person_and_gone_with_the_next_night(tx: Tx):
    enter(tx, ANA, BEN)

    keep(tx, {ANA.person_id: Risk(0.071, "sends_7")}, now=MORNING)
    before = recipients(tx, [ANA.person_id, BEN.person_id])
    keep(tx, {}, now=MORNING + DAY)

    assert before[ANA.person_id].tired == (7, "sends_7")
    assert before[BEN.person_id].tired is None
    assert recipients(tx, [ANA.person_id])[ANA.person_id].tired is None
    assert tired in OF_A_PERSON


def offered(
    tx: Tx, person_id: PersonId, days_ago: float, *, read_after: float | None = None
) -> None:
    """An offer that reached somebody, by two channels."""
    at, verdict_id, line = MORNING - days_ago * DAY, new_id(), new_id()
    for message_id, channel in ((line, "inapp"), (new_id(), "push")):
        tx.execute(
            text(
                "INSERT INTO message (id, verdict_id, person_id, notice, channel, address, kind,"
                " lane, locale, variables, state, queued_at, due_at, expires_at, category)"
                " VALUES (:m, :v, :p, 'announcement', :c, '', 'marketing', 3, 'en', '{}', 'sent',"
                " :at, :at, :at, 'offers')"
            ),
            {"m": message_id, "v": verdict_id, "p": person_id, "c": channel, "at": at},
        )
    tx.execute(
        text(
            "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
            " VALUES (:m, :p, 'announcement', 't', 'b', :at, :read)"
        ),
        {
            "m": line,
            "p": person_id,
            "at": at,
            "read": at + read_after * DAY if read_after else None,
        },
    )


def refused(tx: Tx, person_id: PersonId, days_ago: float) -> None:
    tx.execute(
        text("INSERT INTO preference VALUES (:p, 'offers', '*', false, :at)"),
        {"p": person_id, "at": MORNING - days_ago * DAY},
    )


def test_a_telling_is_judged_by_what_was_known_then(tx: Tx):
    enter(tx, ANA)
    offered(tx, ANA.person_id, 29, read_after=1)
    offered(tx, ANA.person_id, 14, read_after=3)
    offered(tx, ANA.person_id, 12)
    refused(tx, ANA.person_id, 6)

    newest, second, first = cases(tx, now=MORNING)

    assert (first.signs.sends_7, first.signs.sends_30, first.signs.opened_share) == (1, 1, 0.0)
    assert (second.signs.sends_7, second.signs.sends_30, second.signs.opened_share) == (1, 2, 1.0)
    assert (newest.signs.sends_7, newest.signs.sends_30, newest.signs.opened_share) == (2, 3, 0.5)
    assert [one.left for one in (first, second, newest)] == [False, False, True]


def test_a_week_that_is_not_over_says_nothing_yet(tx: Tx):
    enter(tx, ANA)
    offered(tx, ANA.person_id, 6)

    assert cases(tx, now=MORNING) == []
    assert standing(tx, now=MORNING)[ANA.person_id].sends_7 == 2


def test_the_night_keeps_a_risk_of_everybody_where_it_can_be_told(shop: Shop):
    house = House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
    with begin(shop.engine) as tx:
        fatigue.ask_nightly(tx, MORNING)
        fatigue.ask_nightly(tx, MORNING)

    assert fatigue.run_due(house, lambda: True) == 1
    assert fatigue.run_due(house, lambda: True) == 0
    with begin(shop.engine) as tx:
        [row] = tx.execute(text("SELECT state, facts FROM learning_run"))
        assert (row.state, row.facts["can_tell"]) == ("made", False)


def test_of_many_who_hear_much_the_worn_out_get_the_higher_risk(tx: Tx):
    people = [PersonId(new_id()) for _ in range(120)]
    for n, one in enumerate(people):
        tx.execute(
            text("INSERT INTO person (id, locale, zone, created_at) VALUES (:p, 'en', 'UTC', :at)"),
            {"p": one, "at": MORNING - 400 * DAY},
        )
        is_worn = n % 2 == 0
        refuses = is_worn and n % 6
        often = (40, 20, 15, 14, 13, 12) if refuses else (40, 20, 15, 14, 13, 12, 3, 2, 1)
        for days_ago in often if is_worn else (60, 40, 30, 20, 10, 1):
            offered(tx, one, days_ago, read_after=None if is_worn else 1)
        if refuses:
            refused(tx, one, 11)

    facts = fatigue.score(tx, MORNING)

    risks = {one: person.tired for one, person in recipients(tx, people).items()}
    worn, calm = risks[people[0]], risks[people[1]]
    assert facts["can_tell"]
    assert worn is not None
    assert calm is not None
    assert worn[0] > 3 * max(calm[0], 1)
