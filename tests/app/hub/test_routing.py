"""Which bell goes first: `cases/routing.csv`, where people were seen to look, and old verdicts."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES, Kind
from app.hub.decide import RULES, decide
from app.hub.explain import explain
from app.hub.facts import Known, bounds_of, named, recall, remember
from app.hub.opened_store import Opened, read_everywhere
from app.hub.release import ASKED_AGAIN
from app.hub.route_rules import Route, Routes
from app.hub.route_table import read_routes
from app.hub.routing import routing
from app.hub.verdict import Send, Verdict
from app.hub.why import Chosen, Told, Voice, why
from app.people import opened_store
from app.people.choices import BELLS, ChannelName
from app.people.recipient import Recipient
from app.people.store import recipients
from app.rules import rule, standard
from app.rules.rule import ruling
from app.templating.render import Renderer
from app.templating.samples import sample
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts, wish
from tests.cast import ANA, BEN
from tests.shop import MORNING

TEMPLATES = Path(__file__).parents[3] / "templates"
TABLE = Path(__file__).parent / "cases" / "routing.csv"
with TABLE.open(encoding="utf-8", newline="") as sheet:
    CASES = list(csv.DictReader(sheet))
A_DAY = timedelta(days=1)
PUSHED = replace(ANA, opened=("push", MORNING.date()))


def listed(text: str) -> list[str]:
    return [] if text == "-" else text.split("; ")


def standard_routes() -> Routes:
    return read_routes(standard.sheet_of("routing") or "", standard.sheet_of("bell_cost") or "")


def bounds(case: dict[str, str]) -> Bounds:
    """Read `standard`, or `push > seen 0; escalation sms 30` for the notice of the case."""
    if case["the table"] == "standard":
        return Bounds(routes=standard_routes())
    routes, steps, name = {}, [], case["notice"]
    for one in listed(case["the table"]):
        match one.split():
            case ["escalation", channel, minutes]:
                steps.append((name, channel, int(minutes)))
            case [seen, ">", first, minutes]:
                routes[seen] = Route(first, int(minutes))
    return Bounds(routes=Routes({name: routes}), escalations=tuple(steps))


def person(case: dict[str, str]) -> Recipient:
    chosen, rhythms = {}, {}
    for one in listed(case["the person chose"]):
        cell, answer = one.split()
        if "." in cell:
            about, on = cell.split(".")
            chosen[about, on] = answer == "on"
        else:
            rhythms[cell] = answer
    dead = [(on, to) for on in case["dead"].split() for to in ANA.addresses.get(on, ())]
    return replace(
        ANA,
        opened=None
        if case["opened last"] == "-"
        else (case["opened last"], MORNING.date() - int(case["days ago"]) * A_DAY),
        preferences=chosen,
        rhythms=rhythms,
        dead=frozenset(dead),
    )


def later(verdict: Verdict) -> list[str]:
    steps = [step.inputs["later"] for step in verdict.trace if step.rule == "escalation"]
    return [f"{channel} {minutes}" for found in steps for channel, minutes in found]


def looked(verdict: Verdict) -> Any:
    return next(step.inputs for step in verdict.trace if step.rule == "routing")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_the_case_goes_as_the_table_says(case: dict[str, str]):
    channels = tuple(ChannelName(one) for one in case["may ring on"].split())
    notice = replace(NOTICES[case["notice"]], channels=channels)

    verdict = decide(notice, person(case), (), bounds(case), MORNING)

    assert isinstance(verdict.answer, Send)
    assert " ".join(verdict.answer.channels) == case["rings at once"]
    assert list(looked(verdict).get("still", ())) == [
        one for part in listed(case["still"]) for one in part.split()
    ]
    assert later(verdict) == listed(case["later"])
    assert looked(verdict).get("by", "-") == case["named by"]


def test_it_takes_away_bells_only_and_gives_nothing():
    for notice in NOTICES.values():
        for opened in (None, *((bell, MORNING.date()) for bell in BELLS)):
            them = replace(ANA, opened=opened)
            freely = decide(notice, them, (), Bounds(), MORNING).answer
            routed = decide(notice, them, (), Bounds(routes=standard_routes()), MORNING).answer
            assert isinstance(freely, Send)
            assert isinstance(routed, Send)
            gone = set(freely.channels) - set(routed.channels)
            assert set(routed.channels) <= set(freely.channels)
            assert gone <= set(BELLS)
            assert not gone or notice.kind in {Kind.SERVICE, Kind.MARKETING}


def test_the_table_that_rules_is_read_and_a_new_version_obeyed(tx: Tx):
    def ruled() -> Routes:
        return read_routes(ruling(tx, "routing"), ruling(tx, "bell_cost"))

    assert ruled() == standard_routes()
    assert ruled().by["announcement"]["push"] == Route("learnt", 0, 20_000)
    assert "order_paid" not in ruled().by

    changed = (standard.sheet_of("routing") or "").replace(",learnt,0,", ",cheapest,20,")
    saved = rule.save(tx, changed, by="mia", why="test", now=MORNING)
    rule.publish(tx, "routing", saved.version)

    assert ruled().by["announcement"]["sms"] == Route("cheapest", 20, 20_000)


def test_a_link_names_the_channel_that_it_was_written_for(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "review_invite"))
    facts = queued(tx)[0].variables
    renderer = Renderer.of_folder(TEMPLATES)

    letter = renderer.render("review_invite", "email", "en", sample("review_invite", "en") | facts)

    assert "&amp;c=email" in (letter.html or "")
    assert "&c=email" in letter.text
    folded = {"folded": [{"notice": "review_invite", "facts": facts}], "total": 1}
    digest = renderer.render("digest", "email", "en", sample("digest", "en") | folded)
    assert "&c=email" in digest.text
    old = {**facts, "order_url": "https://shop.example/i/t?v=ver_1"}
    letter = renderer.render("review_invite", "email", "en", sample("review_invite", "en") | old)
    assert "&c=" not in letter.text


def opened_by(tx: Tx, who: Recipient) -> tuple[str, Any] | None:
    return recipients(tx, [who.person_id])[who.person_id].opened


def test_what_is_opened_is_remembered_of_whoever_it_rang_for(tx: Tx):
    enter(tx, ANA, BEN)
    [made] = tell(tx, wish(ANA, "order_paid"))

    def opens(who: Recipient, on: str) -> None:
        by_whom = who.person_id
        read_everywhere(tx, Opened(made.id, on), person_id=by_whom, order_id=None, now=MORNING)

    opens(BEN, "push")
    assert opened_by(tx, ANA) is None
    assert opened_by(tx, BEN) is None
    for nowhere in ("", "inapp", "fax", "sms"):  # it never went out as a text
        opens(ANA, nowhere)
    assert opened_by(tx, ANA) is None

    opens(ANA, "push")
    assert opened_by(tx, ANA) == ("push", MORNING.date())


def test_what_was_opened_later_stands(tx: Tx):
    enter(tx, ANA)
    for channel, days in (("push", 0), ("email", 2), ("sms", 1)):
        at = MORNING + days * A_DAY
        opened_store.opened(tx, ANA.person_id, ChannelName(channel), now=at)

    assert opened_by(tx, ANA) == ("email", (MORNING + 2 * A_DAY).date())


def test_a_verdict_says_of_what_it_knew_and_an_old_one_knew_nothing():
    known = Known(NOTICES["announcement"], PUSHED, None)

    written = remember(known)
    assert orjson.loads(written)["x"]["opened"] == ["push", MORNING.date().isoformat()]
    assert recall("announcement", written).person.opened == PUSHED.opened
    assert recall("announcement", remember(replace(known, person=ANA))).person.opened is None

    ruled = Bounds(routes=standard_routes())
    assert bounds_of(named(ruled)[1]).routes == ruled.routes
    old = orjson.loads(named(ruled)[1])
    del old["routes"]
    assert bounds_of(orjson.dumps(old).decode()).routes == Routes()


def test_one_channel_is_queued_and_the_verdict_says_which_and_why(tx: Tx):
    enter(tx, ANA)
    opened_store.opened(tx, ANA.person_id, ChannelName.PUSH, now=MORNING)
    routed = replace(POLICY, bounds=Bounds(routes=standard_routes()))

    tell(tx, wish(ANA, "announcement"), policy=routed)

    assert {row.channel for row in queued(tx)} == {"inapp", "push"}
    [row] = verdicts(tx)
    for locale, said in (("en", "something was opened there last"), ("zh", "最近一次是在这里打开")):
        asked = explain(row, locale=locale, zone="UTC").asked
        assert said in next(one.answer for one in asked if one.rule == "routing")


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_every_answer_has_words(case: dict[str, str], locale: str):
    channels = tuple(ChannelName(one) for one in case["may ring on"].split())
    notice = replace(NOTICES[case["notice"]], channels=channels)
    verdict = decide(notice, person(case), (), bounds(case), MORNING)
    row = SimpleNamespace(
        answer="send", because=None, until=None, trace=verdict.trace, decided_by="all_clear"
    )

    asked = explain(row, locale=locale, zone="UTC").asked

    answer = next(one.answer for one in asked if one.rule == "routing")
    assert answer
    assert "{" not in answer


def test_whoever_asks_why_hears_that_one_channel_was_enough():
    inputs = {"first": "push", "by": "seen", "still": ["email"]}
    chosen = Chosen(is_wanted=True, is_muted=False, consent=None)
    voice = Voice(locale="en", zone="UTC")

    def said(channel: str, **more: str) -> str:
        rules = {"routing": inputs | more}
        about = Told(
            notice=NOTICES["review_invite"],
            channel=channel,
            order_number=None,
            is_unpaid=False,
            rules=rules,
        )
        return " ".join(why(about, chosen, voice).let_through)

    assert "you opened something there last" in said("push")
    assert "rings once" in said("push", by="cheapest")
    assert "opened something" not in said("inapp")


def test_a_bell_that_was_routed_is_not_routed_again_when_it_leaves():
    assert routing in [asked for _, asked in RULES]
    assert routing not in ASKED_AGAIN
