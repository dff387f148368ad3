"""What is found in people's words, as an agent sees it marked and as a draft repeats it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.desk.ask import ask
from app.desk.marks import Piece, named, pieces
from app.desk.noted import noted
from app.desk.reading import read
from app.desk.said import Answer, Speaker
from app.desk.suggest import Words, suggest
from app.people import store as people
from app.words.say import knows
from ml.answers.extract.carriers import SHAPES
from ml.answers.extract.found import Kind
from ml.answers.extract.names import CARRIERS
from ml.answers.extract.read import extract
from orders_core.orders.tables import orders
from orders_core.tx import Tx
from tests.app.desk.counter import asks
from tests.buying import MUG, bought, fill, move_in, order
from tests.cast import ANA
from tests.shop import MORNING

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def marked(text: str, locale: str = "en") -> list[tuple[str, str, str]]:
    cut = pieces(text, locale=locale, at=AT, zone=ZONE)
    return [(one.words, one.name, one.means) for one in named(cut)]


def test_a_text_cut_and_put_together_again_is_the_same():
    text = "订单１００017，<b>昨天</b>买了两件 &amp; 13800138000"
    cut = pieces(text, locale="zh", at=AT, zone=ZONE)

    assert "".join(one.words for one in cut) == text
    assert Piece("，<b>") in cut


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("周五前要用", "en", ("周五", "Day", "by Fri 27 Nov")),
        ("周五前要用", "zh", ("周五", "日期", "不晚于 11月27日 周五")),
        ("5/6", "en", ("5/6", "Day", "Fri 5 Jun or Wed 6 May")),
        ("1月5日", "en", ("1月5日", "Day", "Tue 5 Jan 2027")),
        ("上周", "en", ("上周", "Day", "Mon 16 Nov – Sun 22 Nov")),
        ("尾号 1234", "en", ("1234", "Last digits", "1234 (phone)")),
        ("运单 SF1029384756012", "zh", ("SF1029384756012", "运单号", "sf1029384756012 (顺丰)")),
        ("两百元", "en", ("两百元", "Amount", "CN¥200.00")),
        ("两件", "en", ("两件", "Quantity", "2 件")),
    ],
)
def test_an_agent_is_told_what_was_found_and_what_it_means(
    text: str, locale: str, expected: tuple[str, str, str]
):
    assert marked(text, locale) == [expected]


def test_what_is_written_twice_is_said_once():
    assert len(marked("100017 还是 100017")) == 1


def test_everything_that_can_be_found_has_words():
    ends = {*SHAPES, *CARRIERS.values(), "phone", "card", "order", "ups", "fedex", "dhl", "usps"}
    wanted = [*(f"desk.found.{kind}" for kind in Kind), *(f"desk.found.of.{one}" for one in ends)]

    assert [key for key in wanted if not knows(key)] == []


def repeated(text: str, language: str) -> list[str]:
    speaker = Speaker(language, ZONE, AT)
    return [one.sentence for one in noted(extract(text, now=AT, zone=ZONE), speaker)]


def test_a_draft_repeats_days_counts_and_amounts():
    assert repeated("上周五买的两件，付了199元", "zh") == [
        "您提到的日期是 11月20日 周五。",
        "您提到的数量是 两件。",
        "您提到的金额是 ¥199.00。",
    ]
    assert repeated("I need 3 pcs by Friday", "en") == [
        "The quantity you mention is 3 pcs.",
        "You would like it by Fri 27 Nov.",
    ]


def test_a_draft_asks_which_of_two_days_is_meant_and_leaves_out_today():
    assert repeated("bought on 5/6", "en") == ["Do you mean Fri 5 Jun or Wed 6 May?"]
    assert repeated("今天能退吗", "zh") == []


def test_a_draft_repeats_no_number_of_a_phone_or_an_order():
    assert repeated("100017，13800138000，尾号 1234", "zh") == []


def test_a_suggestion_counts_yesterday_from_the_day_it_was_written(tx: Tx):
    move_in(tx)
    fill(tx, {MUG: 9})
    case = asks(tx, "昨天收到的两件都碎了", order_id=bought(tx, (MUG, 1))).case
    person, later = people.find(tx, ANA.person_id), MORNING + timedelta(days=4)

    words = Words("昨天收到的两件都碎了", MORNING)
    suggested = suggest(tx, case, person, words, now=later)

    assert isinstance(suggested, Answer)
    [day] = [one.value for one in suggested.said if one.fact == "question.day"]
    assert day == (MORNING - timedelta(days=1)).date().isoformat()
    assert [one.value for one in suggested.said if one.fact == "question.quantity"] == [2]


@pytest.mark.parametrize(
    "way", ["订单号 {0} {1} 到哪了", "订单{0}-{1}到哪了", "order {0} {1} where is it"]
)
def test_an_order_is_found_however_its_number_is_parted(tx: Tx, way: str):
    move_in(tx)
    fill(tx, {MUG: 9})
    wanted, other = bought(tx, (MUG, 1)), bought(tx, (MUG, 1))
    tx.execute(
        update(orders).where(orders.c.id == other).values(placed_at=MORNING + timedelta(hours=1))
    )
    number = str(order(tx, wanted).number)

    ana = people.find(tx, ANA.person_id)
    asks = read(way.format(number[:3], number[3:]), fallback=ana.locale)
    said = ask(tx, ana, asks, now=MORNING)

    assert isinstance(said, Answer)
    assert said.order is not None
    assert said.order.id == wanted
