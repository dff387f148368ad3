"""Where people look is learnt, weighed with what it costs, and left to chance one time in ten."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES
from app.hub.decide import decide
from app.hub.explain import explain
from app.hub.facts import Known, bounds_of, named, recall, remember
from app.hub.notice import Kind
from app.hub.route_rules import Route, Routes
from app.hub.route_table import read_routes
from app.hub.verdict import Send, Verdict
from app.hub.why import Chosen, Told, Voice, why
from app.people.choices import BELLS, ChannelName
from app.people.recipient import Habits, Recipient
from app.rules import standard
from tests.cast import ANA
from tests.shop import MORNING

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROUTES = read_routes(standard.sheet_of("routing") or "", standard.sheet_of("bell_cost") or "")
LEARNT = Bounds(routes=ROUTES)
PUSHES: Habits = {"offers": {"push": (620, 60), "email": (110, 60), "sms": (500, 60)}}
ALIKE: Habits = {"offers": {"push": (320, 90), "email": (310, 90), "sms": (300, 90)}}
OFFER, INVITE = NOTICES["announcement"], NOTICES["review_invite"]


def known(habit: Habits, **more: Any) -> Recipient:
    return replace(ANA, habits=habit, **more)


def judge(
    person: Recipient, notice: str = "announcement", *, bounds: Bounds = LEARNT, **more: Any
) -> Verdict:
    told = replace(NOTICES[notice], channels=tuple(ChannelName), **more)
    return decide(told, person, (), bounds, MORNING)


def looked(verdict: Verdict) -> Any:
    return next(step.inputs for step in verdict.trace if step.rule == "routing")


def test_an_offer_rings_where_it_is_likely_seen_and_the_verdict_says_how_likely():
    verdict = judge(known(PUSHES))

    assert verdict.answer == Send(("inapp", "push"))
    assert looked(verdict) == {
        "first": "push",
        "by": "learnt",
        "open": {"email": 11, "push": 62, "sms": 50},
        "still": ("email", "sms"),
    }


CASES: list[tuple[str, Recipient, str, str | None]] = [
    ("opened last by letter, pushes are seen far more", known(
        PUSHES, opened=("email", MORNING.date())), "push", "learnt"),
    ("it cannot be told: the one opened last", known(
        ALIKE, opened=("email", MORNING.date())), "email", "seen"),
    ("it cannot be told and nothing was opened: all ring", known(
        ALIKE), "email push sms", "unsure"),
    ("nothing is known: the one opened last", known(
        {}, opened=("email", MORNING.date())), "email", "seen"),
    ("nothing is known, nothing was opened: all ring", known({}), "email push sms", None),
    ("what is known of news of orders says nothing of offers", known(
        {"orders": PUSHES["offers"]}), "email push sms", None),
    ("of one bell nothing is known: nothing is weighed", known(
        {"offers": {"push": (900, 10), "email": (10, 10)}}), "email push sms", None),
    ("a text is seen most but not worth its cost", known(
        {"offers": {"push": (500, 30), "email": (100, 30), "sms": (650, 30)}}), "push", "learnt"),
    ("a text is worth its cost", known(
        {"offers": {"push": (200, 30), "email": (100, 30), "sms": (650, 30)}}), "sms", "learnt"),
    ("she asked for letters: they stay, whatever is known", known(
        PUSHES, preferences={("offers", "email"): True}), "email push sms", None),
]  # fmt: skip


@pytest.mark.parametrize(("shows", "person", "rings", "by"), CASES, ids=[one[0] for one in CASES])
def test_the_bell_is_the_one_that_is_worth_most(
    shows: str, person: Recipient, rings: str, by: str | None
):
    assert shows
    verdict = judge(person)

    assert isinstance(verdict.answer, Send)
    assert sorted(set(verdict.answer.channels) - {"inapp"}) == rings.split()
    assert looked(verdict).get("by") == by


def test_what_a_text_costs_is_the_shops_to_say():
    of_texts = {"offers": {"push": (500, 30), "email": (100, 30), "sms": (650, 30)}}
    free = replace(ROUTES, costs=(("push", 0), ("email", 0), ("sms", 0)))
    dear = Routes({"announcement": {"none": Route("learnt", 0, 1_000)}}, ROUTES.costs)

    assert looked(judge(known(of_texts)))["first"] == "push"
    assert looked(judge(known(of_texts), bounds=Bounds(routes=free)))["first"] == "sms"
    assert looked(judge(known(of_texts), bounds=Bounds(routes=dear)))["first"] == "push"


def at(person: Recipient, when: datetime, notice: str, **more: Any) -> Any:
    told = replace(NOTICES[notice], channels=tuple(ChannelName), **more)
    return looked(decide(told, person, (), LEARNT, when))


def test_one_invitation_in_ten_is_left_to_chance_as_often_as_its_propensity_says():
    letters = known(PUSHES, opened=("email", MORNING.date()))
    asked = [at(letters, MORNING + n * timedelta(seconds=7), "review_invite") for n in range(6_000)]

    seen = Counter(one["first"] for one in asked)
    propensity = {one["first"]: one["p"] for one in asked}
    assert {(one["best"], one["before"]) for one in asked} == {("push", "email")}
    assert sum(propensity.values()) == pytest.approx(1, abs=0.001)
    for bell in BELLS:
        assert seen[bell] / len(asked) == pytest.approx(propensity[bell], abs=0.012)
        by = {one["by"] for one in asked if one["first"] == bell}
        assert by == {"learnt" if bell == "push" else "chance"}


def test_where_all_would_have_rung_chance_lets_all_ring():
    asked = [at(known(PUSHES), MORNING + n * timedelta(seconds=7), "review_invite")
             for n in range(2_000)]  # fmt: skip

    every = [one for one in asked if one["first"] == "all"]
    assert 60 < len(every) < 140
    assert {(one["by"], one["p"]) for one in every} == {("chance", 0.05)}
    assert not any("still" in one for one in every)


def test_an_offer_an_order_a_code_and_what_is_urgent_are_never_left_to_chance():
    learnt = Bounds(
        routes=Routes(
            {name: {"none": Route("learnt", 0)} for name in NOTICES},
        )
    )
    person = known({"orders": PUSHES["offers"], **PUSHES})
    for notice in NOTICES.values():
        told = replace(notice, channels=tuple(ChannelName))
        for n in range(40):
            found = looked(decide(told, person, (), learnt, MORNING + n * HOUR))
            if notice.kind is Kind.SECURITY:
                assert found == {}
            elif notice.kind is not Kind.SERVICE or notice.is_urgent:
                assert "p" not in found
    urgent = [at(person, MORNING + n * HOUR, "review_invite", is_urgent=True) for n in range(40)]
    assert {one["by"] for one in urgent} == {"learnt"}


@pytest.mark.parametrize("habit", [PUSHES, ALIKE, {}])
@pytest.mark.parametrize("notice", ["announcement", "review_invite", "order_paid"])
def test_what_was_kept_decides_the_same_again_to_the_letter(habit: Habits, notice: str):
    person = known(habit, opened=("email", MORNING.date()))
    ruled = bounds_of(named(LEARNT)[1])
    assert ruled.routes == LEARNT.routes
    for n in range(60):
        when = MORNING + n * timedelta(seconds=7)
        first = decide(NOTICES[notice], person, (), LEARNT, when)
        again = recall(notice, remember(Known(NOTICES[notice], person, None)))
        back = replace(again.person, person_id=person.person_id)

        assert decide(again.notice, back, (), ruled, when) == first


def test_a_policy_of_before_costs_were_known_is_read_with_the_usual_ones():
    old = named(LEARNT)[1].replace(',"costs":[["push",0],["email",100],["sms",5000]]', "")
    assert "costs" not in old

    assert bounds_of(old.replace(",20000]", "]")).routes == LEARNT.routes


SAYS = [
    (known(PUSHES), "6 of 10 cases", "每 10 次约 6 次"),
    (known(ALIKE), "cannot be told yet", "还无法判断"),
    (known(ALIKE, opened=("push", MORNING.date())), "cannot be told yet", "还无法判断"),
    (known({"offers": {"push": (620, 60), "email": (20, 9), "sms": (500, 60)}}),
     "fewer than 1", "不到 1"),
]  # fmt: skip


@pytest.mark.parametrize(("person", "en", "zh"), SAYS)
def test_the_verdict_says_how_much_is_opened_where(person: Recipient, en: str, zh: str):
    row = SimpleNamespace(
        answer="send", because=None, until=None, trace=judge(person).trace, decided_by="all_clear"
    )
    for locale, said in (("en", en), ("zh", zh)):
        asked = explain(row, locale=locale, zone="UTC").asked
        answer = next(one.answer for one in asked if one.rule == "routing")
        assert said in answer
        assert "{" not in answer


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("by", ["learnt", "chance", "seen"])
def test_whoever_asks_why_hears_how_much_they_open_where(locale: str, by: str):
    inputs = {"first": "push", "by": by, "open": {"push": 62, "email": 11}, "still": ["email"]}
    told = Told(
        notice=INVITE, channel="push", order_number=None, is_unpaid=False, rules={"routing": inputs}
    )
    chosen = Chosen(is_wanted=True, is_muted=False, consent=None)

    said = " ".join(why(told, chosen, Voice(locale=locale, zone="UTC")).let_through)

    assert ("6" in said) == (by != "seen")
    assert "{" not in said


def test_every_word_of_a_draw_that_lets_all_ring_is_there():
    for by in ("chance", "unsure"):
        trace = [("routing", "pass", {"first": "all", "by": by, "open": {"push": 62}})]
        row = SimpleNamespace(
            answer="send", because=None, until=None, trace=trace, decided_by="all_clear"
        )
        for locale in ("en", "zh"):
            assert "6" in explain(row, locale=locale, zone="UTC").asked[0].answer
