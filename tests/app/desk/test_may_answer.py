"""What is answered by itself, what is drafted, and that nothing is said but what the books hold."""

import csv
import re
from pathlib import Path

import pytest

from app.desk import answer as answering
from app.desk.answer import answer, draft
from app.desk.drafts import DRAFTS
from app.desk.intent import Abstain
from app.desk.may_answer import ACTIONS, MAY, SHEET, BadSheet, How, Row, read_sheet
from app.desk.reading import Reading
from app.desk.reference import Mentioned
from app.desk.said import Answer, Story
from app.words import show
from ml.answers.intents import Intent
from orders_core.orders.order import OrderStatus
from tests.app.desk.money_stories import MONEY_STORIES
from tests.app.desk.stories import NOW

TABLE = Path(__file__).with_name("answers_told.csv")
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
ZONE = "Asia/Shanghai"
DIGITS = re.compile(r"[0-9]+")


def tell(intent: Intent, story: str, language: str) -> Answer | Abstain:
    reading = Reading(language, intent, Mentioned())
    return answer(reading, MONEY_STORIES[story], zone=ZONE, now=NOW)


def told(intent: Intent, story: str, language: str) -> dict[str, str]:
    said = tell(intent, story, language)
    row = {"intent": str(intent), "story": story, "language": language}
    if isinstance(said, Abstain):
        return row | {"how": str(said.because), "opens": "", "says": ""}
    return row | {"how": "answer", "opens": said.opens or "", "says": said.text}


def facts_of(story: Story, language: str) -> list[str]:
    """Write every number and date that the books hold of an order as a sentence would."""
    order = story.order
    things = [order, *story.parcels, *story.refunds, *story.returns]
    ats = [
        getattr(thing, name)
        for thing in things
        for name in dir(thing)
        if name.endswith(("_at", "_from", "_until")) and getattr(thing, name)
    ]
    minors = [order.total_minor, order.deposit_minor or 0, order.paid_minor]
    minors += [order.total_minor - order.paid_minor, *(one.amount_minor for one in story.refunds)]
    words = [str(order.number), str(len(story.parcels))]
    words += [show.when(language, at, zone=ZONE) for at in ats]
    words += [show.day(language, at, zone=ZONE) for at in ats]
    words += [show.money(language, minor, order.currency) for minor in minors]
    words += [word for one in story.parcels for word in (one.number, one.pickup_code or "")]
    words += [
        str(int((NOW - one.last_scan_at).total_seconds() // 3600))
        for one in story.parcels
        if one.last_scan_at
    ]
    words += [one.reference or "" for one in story.refunds]
    return sorted({word for word in words if word}, key=len, reverse=True)


def test_the_table_names_every_intent_in_both_languages():
    named = {(row["intent"], row["language"]) for row in ROWS}

    assert named == {(str(one), language) for one in Intent for language in ("zh", "en")}
    assert len(ROWS) >= 150


def test_every_row_of_the_table_is_told_as_it_stands_there():
    wrong = [
        row for row in ROWS if told(Intent(row["intent"]), row["story"], row["language"]) != row
    ]

    assert wrong == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_and_every_date_of_an_answer_is_a_fact_of_its_order(language: str):
    for name, story in MONEY_STORIES.items():
        facts = facts_of(story, language)
        for intent in Intent:
            reading = Reading(language, intent, Mentioned())
            said = [
                answer(reading, story, zone=ZONE, now=NOW),
                draft(reading, story, zone=ZONE, now=NOW),
            ]
            for text in (one.text for one in said if isinstance(one, Answer)):
                rest = text
                for fact in facts:
                    rest = rest.replace(fact, "")
                assert not DIGITS.search(rest), (name, intent, text)
                assert "!" not in text
                assert "！" not in text


def test_an_answer_uses_only_what_its_row_allows_and_offers_only_its_action():
    for name in MONEY_STORIES:
        for intent in Intent:
            said = tell(intent, name, "en")
            if isinstance(said, Answer):
                assert {one.kind for one in said.said} <= MAY[intent].may_use
                assert said.opens in {None, MAY[intent].action}


PAIRS = [(one, other) for one, row in MAY.items() for other in sorted(row.serves)]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda intent: str(intent))
def test_an_answer_that_serves_another_question_tells_all_that_the_books_hold_of_it(
    one: Intent, other: Intent
):
    told = 0
    for name in MONEY_STORIES:
        said, asked = (tell(intent, name, "en") for intent in (one, other))
        if isinstance(said, Answer) and isinstance(asked, Answer):
            held = {(fact.fact, fact.value) for fact in asked.said if fact.value is not None}
            assert held <= {(fact.fact, fact.value) for fact in said.said}, name
            told += bool(held)
    assert told


def test_where_an_answer_serves_another_question_that_one_is_answered_too():
    for one, other in PAIRS:
        for state, how in MAY[one].by_state.items():
            assert how is not How.ANSWER or MAY[other].by_state[state] is How.ANSWER, (one, other)


def test_a_fact_that_the_sheet_does_not_allow_is_left_to_an_agent(monkeypatch: pytest.MonkeyPatch):
    without = Row(frozenset({"order"}), MAY[Intent.REFUND_WHERE].by_state, "", frozenset())
    monkeypatch.setattr(answering, "MAY", {**MAY, Intent.REFUND_WHERE: without})

    said = tell(Intent.REFUND_WHERE, "refund_made", "en")

    assert isinstance(said, Abstain)


def test_every_draft_asks_back_and_tells_how_the_order_stands():
    for language in ("zh", "en"):
        for intent in Intent:
            said = draft(
                Reading(language, intent, Mentioned()),
                MONEY_STORIES["delivered"],
                zone=ZONE,
                now=NOW,
            )
            assert said.said[-1].sentence
            assert (intent in DRAFTS[language]) == (said.said[0].fact == "question.intent")


def test_both_languages_ask_back_about_the_same_and_about_all_that_is_drafted():
    left = {intent for intent, row in MAY.items() if set(row.by_state.values()) != {How.ANSWER}}

    assert DRAFTS["zh"].keys() == DRAFTS["en"].keys()
    assert left - {Intent.OTHER} <= DRAFTS["zh"].keys()


def test_harm_damage_and_complaints_are_never_answered_by_themselves():
    by_hand = {
        Intent.COMPLAINT, Intent.HUMAN, Intent.DAMAGED, Intent.QUALITY, Intent.WRONG_ITEM,
        Intent.MISSING_ITEM, Intent.OTHER,
    }  # fmt: skip

    for intent in by_hand:
        assert How.ANSWER not in MAY[intent].by_state.values()
    assert MAY[Intent.DELIVERED_NOT_RECEIVED].by_state[OrderStatus.DELIVERED] is How.DISPUTED


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\nother,", "\nthanks,", "thanks stands twice"),
        ("\nother,", "\ngossip,", "gossip"),
        ("where,order parcel,answer", "where,order parcel,perhaps", "where"),
        ("where,order parcel", "where,rumour", "no kinds of facts"),
        ("where,order parcel", "where,", "no kinds of facts"),
        (",answer,cancel,", ",answer,burn,", "no action: burn"),
        ("\npoints,", "\n# points,", "points"),
    ],
)
def test_a_sheet_that_leaves_something_open_is_refused(old: str, new: str, says: str):
    text = SHEET.read_text("utf-8")
    assert old in text

    with pytest.raises(BadSheet, match=says):
        read_sheet(text.replace(old, new, 1))


def test_an_intent_that_is_missing_from_the_sheet_is_named():
    lines = SHEET.read_text("utf-8").splitlines()

    with pytest.raises(BadSheet, match="nothing is said of points"):
        read_sheet("\n".join(line for line in lines if not line.startswith("points,")))


def test_every_action_of_the_sheet_is_known():
    assert {row.action for row in MAY.values()} == ACTIONS
