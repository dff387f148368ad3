"""Told more of one order: `cases/told_more.csv`, and what is queued of it."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from app.hub.bell_rules import Bells
from app.hub.bell_table import read_bells
from app.hub.bounds import Bounds
from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import NOTICES, Kind
from app.hub.decide import decide
from app.hub.explain import explain
from app.hub.facts import Known, recall, remember
from app.hub.heed import heeding
from app.hub.policy import Policy
from app.hub.pressure import add, heard
from app.hub.question import Standing
from app.hub.release import release
from app.hub.route_rules import Route, Routes
from app.hub.verdict import Answer, Digest, Send, Skip, Verdict, Wait
from app.hub.why import Chosen, Told, Voice, why
from app.jobs.lanes import Lane
from app.messages.tables import message
from app.people import mute_store
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.recipient import Recipient
from app.rules.rule import ruling
from app.rules.standard import sheet_of
from app.settings import Settings
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, POLICY, enter, queued, tell, wish
from tests.app.hub.test_preference_cases import said, wishes
from tests.cast import ANA, BEN
from tests.shop import MORNING

TABLE = Path(__file__).parent / "cases" / "told_more.csv"
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
SHANGHAI = ZoneInfo("Asia/Shanghai")
STANDARD = read_bells(sheet_of("bells") or "")
ALL_STILL = Bells(still=dict.fromkeys(NOTICES, ("email", "push", "sms")))
HEED = heeding(Settings(mode="test"))
CAPPED = caps_of(
    Row(Limit("news", "bells", 1, Per("rolling_day")), Kind.ORDER, about, Over.DROP)
    for about in Category
)


def person_of(case: Mapping[str, str]) -> Recipient:
    on, apart = case["more on"], case["else"]
    person = replace(ANA, preferences=said(dict(case)), more_on=None if on == "-" else on)
    without = {on: to for on, to in ANA.addresses.items() if on != "push"}
    changes: Mapping[str, Mapping[str, Any]] = {
        "no consent": {"consents": {}},
        "dead push": {"dead": frozenset({("push", ANA.addresses["push"][0])})},
        "without push": {"addresses": without},
        "paused": {"paused_until": moment(case["at"]) + timedelta(days=1)},
        "muted": {"mutes_order": True},
        "daily letters": {"rhythms": {"email": "daily"}},
    }
    return replace(person, **changes.get(apart, {}))


def bounds_of(case: Mapping[str, str]) -> Bounds:
    bells = ALL_STILL if case["else"] == "still" else STANDARD
    bounds = Bounds(bells=bells, preferences=wishes(dict(case)))
    return replace(bounds, caps=CAPPED) if case["else"] == "capped" else bounds


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ", "minutes")


def shown(answer: Answer) -> str:
    match answer:
        case Send(channels):
            return f"send {' '.join(channels)}"
        case Wait(until, channels, at_once):
            return f"wait {local(until)} {' '.join(channels)}; at once {' '.join(at_once)}"
        case Digest(slots, at_once):
            folded = " ".join(f"{local(one.closes_at)} {one.channel}" for one in slots)
            return f"digest {folded}; at once {' '.join(at_once)}"
        case Skip(because):
            return f"skip {because}"
    raise AssertionError(answer)


def decided(case: Mapping[str, str]) -> Verdict:
    notice, at, apart = NOTICES[case["notice"]], moment(case["at"]), case["else"]
    heard_before: tuple[int, ...] = ()
    if apart == "capped":
        paid = NOTICES["order_paid"]
        heard_before = add((), heard(Send(("email", "push")), paid, at - timedelta(hours=1)))
    standing = {
        "fetched": Standing(order_status="delivered", is_fetched=True),
        "moved on": Standing(order_status="shipped"),
    }.get(apart)
    return decide(notice, person_of(case), heard_before, bounds_of(case), at, standing=standing)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_the_case_is_decided_as_the_table_says(case: dict[str, str]):
    assert shown(decided(case).answer) == case["answer"]


def test_the_table_asks_of_every_guard():
    assert len(CASES) >= 30


def test_a_bell_asked_for_is_not_held_back_for_another():
    routes = Routes({"packed": {"-": Route("push", 0), "push": Route("push", 0)}})
    notice = replace(NOTICES["packed"], channels=(ChannelName.PUSH, ChannelName.EMAIL))

    kept = decide(notice, replace(ANA, more_on="email"), (), Bounds(routes=routes), MORNING)

    assert kept.answer == Send(("push", "email"))


def test_a_decision_is_made_again_with_what_was_asked_for():
    known = Known(NOTICES["packed"], replace(ANA, more_on="push"), None)

    assert recall("packed", remember(known)).person.more_on == "push"


def order_told(tx: Tx, at: datetime = MORNING, channel: str = "push") -> OrderId:
    """Let Ana be told more of an order, and tell her that it is packed."""
    enter(tx, ANA, BEN)
    order_id = OrderId(new_id())
    mute_store.tell_more(tx, order_id, ANA.person_id, channel=channel, now=at)
    told = wish(ANA, "packed", order_id=order_id, at=at)
    other = wish(ANA, "packed", order_id=OrderId(new_id()), dispatch="other", at=at)
    wrong = wish(BEN, "packed", order_id=order_id, dispatch="ben", at=at)
    policy = Policy(Bounds(bells=read_bells(ruling(tx, "bells"))), POLICY.voice)
    tell(tx, told, other, wrong, policy=policy, now=at)
    return order_id


def pushed(tx: Tx) -> list[tuple[str, OrderId, str]]:
    return [(one.state, one.order_id, one.address) for one in queued(tx) if one.channel == "push"]


def test_more_is_rung_for_this_order_and_this_person_alone(tx: Tx):
    order_id = order_told(tx)

    assert pushed(tx) == [("queued", order_id, "ana-phone")]


def test_what_waits_for_the_morning_is_asked_with_the_same_wish(tx: Tx):
    order_told(tx, NIGHT)
    bounds = Bounds(bells=read_bells(ruling(tx, "bells")))

    assert release(tx, [Lane.ORDER], bounds=bounds, now=NEXT_MORNING) == 1
    assert [state for state, *_ in pushed(tx)] == ["queued"]


def test_what_waits_is_cancelled_once_it_rings_as_usual_again(tx: Tx):
    order_id = order_told(tx, NIGHT)
    mute_store.tell_as_usual(tx, order_id)

    HEED(tx, [ANA.person_id], NIGHT)

    assert [state for state, *_ in pushed(tx)] == ["cancelled"]


@pytest.mark.parametrize("cell", [("delivery", "push"), ("orders", "*"), ("*", "push"), ("*", "*")])
def test_a_no_said_later_takes_the_wish_for_more_back(tx: Tx, cell: tuple[str, str]):
    order_id = order_told(tx, NIGHT)
    choose(tx, ANA.person_id, {cell: False}, source="t", now=NIGHT)

    HEED(tx, [ANA.person_id], NIGHT)

    assert mute_store.wishes(tx, [order_id]) == {}
    assert [state for state, *_ in pushed(tx)] == ["cancelled"]


@pytest.mark.parametrize("cell", [("offers", "push"), ("delivery", "email"), ("support", "*")])
def test_a_no_to_something_else_leaves_it(tx: Tx, cell: tuple[str, str]):
    order_id = order_told(tx)
    choose(tx, ANA.person_id, {cell: False}, source="t", now=MORNING)

    assert mute_store.wishes(tx, [order_id])[order_id].more_on == "push"


def test_muting_and_being_told_more_take_each_others_place(tx: Tx):
    order_id = order_told(tx)
    mute_store.mute(tx, order_id, ANA.person_id, now=MORNING)
    muted = mute_store.wishes(tx, [order_id])[order_id]
    mute_store.unmute(tx, order_id)
    anew = mute_store.wishes(tx, [order_id])
    mute_store.tell_more(tx, order_id, ANA.person_id, channel="sms", now=MORNING)
    more = mute_store.wishes(tx, [order_id])[order_id]

    assert (muted.mutes, muted.more_on, anew) == (True, None, {})
    assert (more.mutes, more.more_on) == (False, "sms")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_wish_is_explained_to_staff_and_to_whoever_got_the_message(locale: str):
    case = {**CASES[1], "the person said": "delivery.push off"}
    verdict = decided(case)
    row = type(
        "Row",
        (),
        {
            "trace": [tuple(step) for step in verdict.trace],
            "answer": verdict.word,
            "because": None,
            "until": None,
            "decided_by": verdict.decided_by,
        },
    )
    asked = {
        one.rule: one.answer for one in explain(row, locale=locale, zone="Asia/Shanghai").asked
    }
    told = Told(
        notice=NOTICES["packed"],
        channel="push",
        order_number=7,
        is_unpaid=False,
        rules={rule: inputs for rule, _, inputs in verdict.trace},
    )
    chosen = Chosen(is_wanted=True, is_muted=False, consent=None, more_on="push")
    on = why(told, chosen, Voice(locale=locale, zone="UTC")).let_through
    off = why(told, replace(chosen, more_on=None), Voice(locale=locale, zone="UTC")).let_through

    words = {"zh": "多接收这个订单的通知", "en": "told more of"}[locale]
    assert all(words in asked[rule] for rule in ("preference", "bells"))
    [now] = set(on) - set(off)
    [then] = set(off) - set(on)
    assert words in now
    assert words in then


def test_a_message_whose_bell_was_only_asked_for_says_so_when_it_stays_still(tx: Tx):
    order_told(tx, NIGHT)
    tx.execute(update(message).values(stands_until=NIGHT))
    mute_store.tell_as_usual(tx, next(one.order_id for one in queued(tx)))

    release(
        tx, [Lane.ORDER], bounds=Bounds(bells=read_bells(ruling(tx, "bells"))), now=NEXT_MORNING
    )

    [bell] = [one for one in queued(tx) if one.channel == "push"]
    assert (bell.state, bell.error) == ("cancelled", "few_bells")
