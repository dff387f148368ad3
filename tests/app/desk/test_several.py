"""Several wishes in one message: each read, all answered in one reply, or all left to a person."""

import pytest
from sqlalchemy import update

from app.desk.api import answer_body
from app.desk.clauses import clauses, to_draft, wishes
from app.desk.hear import Heard, Told, hear
from app.desk.intent import Abstain, Why
from app.desk.may_answer import MAY, How
from app.desk.reading import Reading, read
from app.desk.said import Answer
from app.desk.several import once
from app.desk.suggest import Words, suggest
from app.desk.understood import By
from app.people import store as people
from ml.answers import corpus
from ml.answers.corpus import LANGUAGES, PARTS
from orders_core.ids import OrderId
from orders_core.orders.tables import orders
from orders_core.tx import Tx
from tests.app.desk.counter import asks, policy
from tests.buying import MUG, bought, fill, move_in, order
from tests.cast import ANA, BEN
from tests.shop import MORNING

PARTED = [
    ("Where is my order, and can I get an invoice?", ["where", "invoice"]),
    ("订单100017到哪了？另外发票怎么开", ["where", "invoice"]),
    ("where is my order? also how do I return this", ["where", "return_how"]),
    ("什么时候发货，可以开发票吗，谢谢", ["when_ships", "invoice"]),
    ("杯子碎了，订单到哪了", ["damaged", "where"]),
    ("我的快递到哪了，取件码是多少", ["where", "pickup_code"]),
    ("Where is my order? What is the pickup code? Thanks!", ["where", "pickup_code"]),
    ("到哪了？还有发票怎么开；顺便怎么退货", ["where", "invoice", "return_how"]),
    ("I want to cancel and my refund has not arrived", ["cancel", "refund_where"]),
]
WHOLE = [
    "where is my order",
    "订单100017，怎么退货",
    "100017",
    "Where is my order? Thanks!",
    "where is my order and the moon",
    "Where is my order, and can you recommend a gift?",
    "Where is my order? What is the pickup code? And can you recommend a gift?",
    "Where is my order? And where is my friend's?",
    "我要投诉，订单到哪了",
    "人工，发票怎么开",
    "货走到哪了，一直没消息",
    "Payment went through, status still pending",
    "",
    "，。？",
]


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    move_in(tx, ANA, BEN)
    fill(tx, {MUG: 9})
    return bought(tx, (MUG, 1))


def told(tx: Tx, words: str, *, wants_case: bool = False) -> Told:
    person = people.find(tx, ANA.person_id)
    question = Heard(person=person, text=words, how="api", wants_case=wants_case)
    return hear(tx, question, policy=policy(tx), now=MORNING)


@pytest.mark.parametrize(("text", "intents"), PARTED)
def test_a_message_that_asks_several_things_is_taken_apart(text: str, intents: list[str]):
    found = wishes(text, fallback="en")

    assert [str(one.reading.intent) for one in found] == intents
    assert all(one.words and one.words in text for one in found)


@pytest.mark.parametrize("text", WHOLE)
def test_what_asks_one_thing_or_is_not_all_understood_stays_whole(text: str):
    assert wishes(text, fallback="en") == ()


def test_clauses_leave_no_words_out_and_keep_their_letters():
    text = "订单１００．５到哪了？还有Ｉｎｖｏｉｃｅ, please. also 3,000"

    assert [one.words for one in clauses(text) if one.words] == [
        "订单１００．５到哪了",
        "Ｉｎｖｏｉｃｅ",
        "please",
        "3,000",
    ]


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_the_corpus_that_asks_one_thing_is_answered_otherwise_than_before(
    language: str,
):
    for line in (one for part in PARTS for one in corpus.read(language, part)):
        parted = wishes(line.text, fallback=language)
        alone = isinstance(read(line.text, fallback=language), Reading)
        is_answered = parted and all(
            one.is_asked and How.ANSWER in MAY[one.reading.intent].by_state.values()
            for one in parted
        )
        assert not (parted and alone), line.text
        assert not is_answered, line.text


def test_all_wishes_are_answered_in_one_reply_and_no_sentence_twice(tx: Tx, order_id: OrderId):
    said = told(tx, "我的订单到哪了？什么时候发货，可以取消吗")

    assert isinstance(said.answered, Answer)
    sentences = [one.sentence for one in said.answered.said]
    assert len(set(sentences)) == len(sentences)
    assert {one.fact for one in said.answered.said} >= {"order.placed_at", "page.cancel"}
    assert said.answered.asks == ("我的订单到哪了", "什么时候发货", "可以取消吗")
    assert said.answered.every_opens == ("cancel",)
    assert said.answered.events
    assert (said.read.by, [one.link is not None for one in said.parts]) == (
        By.PATTERNS,
        [False, False, True],
    )


def test_one_wish_that_must_not_be_answered_hands_all_over(tx: Tx, order_id: OrderId):
    said = told(tx, "杯子碎了，订单到哪了", wants_case=True)

    assert isinstance(said.answered, Abstain)
    assert said.answered.because is Why.DRAFTED
    assert said.case is not None
    assert said.case.order_id == order_id
    assert [isinstance(one.answered, Answer) for one in said.parts] == [False, True]


def test_words_that_only_tell_are_for_a_person_to_weigh(tx: Tx, order_id: OrderId):
    said = told(tx, "预售取消，发票怎么开")

    assert isinstance(said.answered, Abstain)
    assert said.answered.because is Why.OUT_OF_SCOPE


def test_who_is_angry_is_not_answered_in_parts(tx: Tx, order_id: OrderId):
    said = told(tx, "订单到哪了？另外发票怎么开，垃圾")

    assert isinstance(said.answered, Abstain)
    assert said.parts == ()


def test_the_draft_covers_every_wish_and_asks_first(tx: Tx, order_id: OrderId):
    words = "杯子碎了，订单到哪了，发票怎么开"
    case = asks(tx, words, order_id=order_id).case

    suggested = suggest(
        tx, case, people.find(tx, ANA.person_id), Words(words, MORNING), now=MORNING
    )

    assert suggested is not None
    kinds = [one.kind for one in suggested.said]
    assert kinds[0] == "question"
    assert kinds == sorted(kinds, key=lambda kind: kind != "question")
    facts = [one.fact for one in suggested.said]
    assert "order.placed_at" in facts
    assert "invoice" in [one.opens for one in suggested.said]


def test_the_draft_for_who_complains_covers_what_they_ask_as_well(tx: Tx, order_id: OrderId):
    words = "两件都碎了，发票怎么开，明天要用，再不处理就投诉"
    case = asks(tx, words, order_id=order_id).case

    suggested = suggest(
        tx, case, people.find(tx, ANA.person_id), Words(words, MORNING), now=MORNING
    )

    assert suggested is not None
    asked = {one.value for one in suggested.said if one.fact == "question.intent"}
    assert {"damaged", "complaint"} <= asked
    assert "invoice" in [one.opens for one in suggested.said]


@pytest.mark.parametrize("text", ["货走到哪了，一直没消息", "Where is my order", "发票怎么开"])
def test_what_is_read_as_one_thing_is_drafted_as_one(text: str):
    assert to_draft(text, fallback="en") == ()


def test_somebody_elses_order_is_answered_in_parts_like_one_that_is_not_there(
    tx: Tx, order_id: OrderId
):
    tx.execute(update(orders).where(orders.c.id == order_id).values(person_id=BEN.person_id))
    bought(tx, (MUG, 1))
    words = "订单{}到哪了？另外发票怎么开"
    foreign = str(order(tx, order_id).number)

    theirs, nobodys = (told(tx, words.format(number)) for number in (foreign, "999999"))

    assert answer_body(theirs.answered) == answer_body(nobodys.answered)
    assert [one.answered for one in theirs.parts] == [one.answered for one in nobodys.parts]
    assert isinstance(theirs.answered, Abstain)
    assert theirs.answered.because is Why.ORDER_NOT_FOUND


def test_sentences_are_kept_in_their_order(tx: Tx, order_id: OrderId):
    said = told(tx, "我的订单到哪了").answered

    assert isinstance(said, Answer)
    assert once([*said.said, *said.said]) == said.said
    assert said.asks == ()
