"""Who is angry, threatens or presses: never answered by a machine, first in the queue, and why."""

from datetime import timedelta

import pytest

from app.desk import case_store
from app.desk.feelings import QUOTED, Feeling, feelings
from app.desk.hear import Heard, hear
from app.desk.intent import Abstain, Why
from app.desk.list_store import queue
from app.desk.priority import Signal
from app.desk.said import Answer
from app.desk.suggest import Words, suggest
from app.desk.view import Wanted
from app.people import store as people
from app.words.say import knows
from ml.answers.mood import Sign, mood
from orders_core.ids import OrderId
from orders_core.tx import Tx
from tests.app.desk.counter import answers, asks, policy, sent
from tests.buying import MUG, bought, fill, move_in
from tests.cast import ANA, BEN
from tests.shop import MORNING

MINUTE = timedelta(minutes=1)


@pytest.fixture
def order(tx: Tx) -> OrderId:
    move_in(tx)
    fill(tx, {MUG: 9})
    return bought(tx, (MUG, 1))


def asked(tx: Tx, words: str) -> Answer | Abstain:
    question = Heard(person=people.find(tx, ANA.person_id), text=words, how="api", wants_case=False)
    return hear(tx, question, policy=policy(tx), now=MORNING).answered


@pytest.mark.parametrize(
    "words",
    [
        "骗子，我的订单到哪了",
        "订单到哪了？我要找律师了",
        "where is my order you scammers",
        "Where is my order? I will take you to court",
        "WHERE IS MY ORDER!!!",
        "退订，垃圾",
    ],
)
def test_who_is_angry_or_threatens_is_answered_by_nobody_but_a_person(
    tx: Tx, order: OrderId, words: str
):
    said = asked(tx, words)

    assert isinstance(said, Abstain)
    assert said.because is Why.ANGRY


@pytest.mark.parametrize("words", ["订单到哪了", "WHERE IS MY ORDER", "where is my order, no rush"])
def test_who_is_calm_is_answered_as_ever(tx: Tx, order: OrderId, words: str):
    assert isinstance(asked(tx, words), Answer)


def test_the_angry_get_a_receipt_and_a_case_that_comes_first(tx: Tx, order: OrderId):
    calm = asks(tx, "可以开发票吗", who=BEN).case
    question = Heard(
        person=people.find(tx, ANA.person_id), text="订单到哪了，再不发就投诉", how="api"
    )

    told = hear(tx, question, policy=policy(tx), now=MORNING + MINUTE)

    assert told.case is not None
    assert (told.case.reason, told.case.priority) == (Why.WANTS_PERSON, 1)
    assert Signal.THREAT in told.case.signals
    assert sent(tx, "case_received")
    assert [row.case.id for row in queue(tx, Wanted(), at_most=9)] == [told.case.id, calm.id]


def test_the_draft_for_an_angry_person_says_sorry_first(tx: Tx, order: OrderId):
    person = people.find(tx, ANA.person_id)
    case = asks(tx, "骗子，订单到哪了", order_id=order).case

    drafts = [
        suggest(tx, case, person, Words(words, MORNING), now=MORNING)
        for words in ("骗子，订单到哪了", "订单到哪了")
    ]

    assert [one.said[0].fact for one in drafts if one] == ["question.mood", "order.placed_at"]


def test_who_wants_it_tomorrow_comes_before_who_does_not(tx: Tx, order: OrderId):
    first = asks(tx, "可以改地址吗", who=BEN).case
    pressing = asks(tx, "明天就要用，能改地址吗", order_id=order, at=MORNING + MINUTE).case

    assert (pressing.signals, pressing.priority) == ((Signal.URGENT,), 2)
    assert [row.case.id for row in queue(tx, Wanted(), at_most=9)] == [pressing.id, first.id]


def test_only_what_the_person_wrote_counts_as_writing_again(tx: Tx, order: OrderId):
    case = asks(tx, "在吗", order_id=order).case
    for minute in (1, 2, 3):
        answers(tx, case, "稍等", at=MORNING + minute * MINUTE)
        asks(tx, "在不在", who=BEN, at=MORNING + minute * 2 * MINUTE)

    again = asks(tx, "有人吗", order_id=order, at=MORNING + 8 * MINUTE).case
    thrice = [asks(tx, f"在吗 {n}", order_id=order, at=MORNING + n * MINUTE).case for n in (10, 12)]

    assert Signal.URGENT not in again.signals
    assert Signal.URGENT in thrice[-1].signals
    assert len(case_store.asked_at(tx, ANA.person_id, since=MORNING + MINUTE)) == 3


def test_an_agent_is_told_the_score_and_the_words_it_rests_on():
    felt = mood("垃圾！！！再不发就投诉，明天要用", now=MORNING, zone="Asia/Shanghai")

    threat, pressing = feelings(felt, locale="en")

    assert threat == Feeling("Threatens", "0.94", "“投诉”, “垃圾”, “!!!”")
    assert pressing.name == "Presses"
    assert pressing.reasons.startswith("wanted soon: 明天, “要用”")
    assert feelings(mood("你好", now=MORNING, zone="UTC"), locale="en") == ()


def test_every_sign_has_words_for_an_agent():
    signs = {f"desk.felt.{sign}" for sign in Sign if sign not in QUOTED and sign is not Sign.CALM}

    assert [key for key in {*signs, "desk.felt.quoted"} if not knows(key)] == []
