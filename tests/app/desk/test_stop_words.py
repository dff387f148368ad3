"""退订 by SMS: an answer that says no more ends offers there, and nothing else does."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.db.transaction import begin
from app.desk import replies_api
from app.messages.tables import message
from app.people import api, choices_api
from app.people.choices import Category, ChannelName
from app.people.stop_words import means_stop
from tests.app.hub.stage import enter, tell, wish
from tests.cast import ANA
from tests.doors import Doors, open_doors
from tests.shop import Shop

NUMBER = ANA.addresses["sms"][0]


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        told = {"title": "t", "body": "b"}
        tell(tx, wish(ANA, "announcement", variables=told), wish(ANA, dispatch="news"))
    with open_doors(shop, api.router, choices_api.router, replies_api.router) as opened:
        yield opened


@pytest.mark.parametrize(
    "text", ["退订", " TD ", "t", "Ｒ", "“退订”。", "Stop!", "拒收", "unsubscribe"]
)
def test_a_word_that_ends_it(text: str):
    assert means_stop(text)


@pytest.mark.parametrize(
    "text", ["", "我要退订这个订单的包裹吗", "can you stop at 5pm?", "ok", "1"]
)
def test_whoever_writes_more_asks_something(text: str):
    assert not means_stop(text)


def test_an_answer_ends_offers_there_and_says_so_in_the_history(doors: Doors):
    answer = doors.call(
        "POST", "/v1/replies", {"channel": "sms", "sender": NUMBER, "text": "退订"}
    ).json()

    assert (answer["outcome"], len(answer["people"])) == ("unsubscribed", 1)
    grid = doors.get(f"/v1/people/{ANA.name}/preferences")["preferences"]
    assert grid[Category.OFFERS][ChannelName.SMS] is False
    assert grid[Category.ORDERS][ChannelName.SMS] is True
    [newest, *_] = doors.get(f"/v1/people/{ANA.name}/choices")["data"]
    assert (newest["by"], newest["where"]) == ("person", "reply")


def test_what_waits_there_is_cancelled_and_news_of_orders_stays(doors: Doors):
    said = {"channel": "email", "sender": ANA.addresses["email"][0], "text": "STOP"}
    doors.call("POST", "/v1/replies", said)

    with begin(doors.shop.engine) as tx:
        rows = tx.execute(select(message.c.notice, message.c.channel, message.c.state)).all()
    gone = {(row.notice, row.channel) for row in rows if row.state == "cancelled"}
    assert gone == {("announcement", "email")}
    assert {row.state for row in rows if row.notice == "order_paid"} == {"queued"}


def test_the_number_may_be_written_as_people_do(doors: Doors):
    local = NUMBER.removeprefix("+86")
    said = {"channel": "sms", "sender": f"{local[:3]} {local[3:]}", "text": "T"}

    assert len(doors.call("POST", "/v1/replies", said).json()["people"]) == 1


@pytest.mark.parametrize(
    ("sender", "text", "status"),
    [(NUMBER, "谢谢", 404), ("+8613999999999", "退订", 202), ("nobody", "退订", 202)],
)
def test_what_is_not_said_changes_nothing(doors: Doors, sender: str, text: str, status: int):
    before = doors.get(f"/v1/people/{ANA.name}/preferences")
    said = {"channel": "sms", "sender": sender, "text": text}

    answer = doors.call("POST", "/v1/replies", said)

    assert answer.status_code == status
    assert answer.json().get("people", []) == []
    assert doors.get(f"/v1/people/{ANA.name}/preferences") == before
