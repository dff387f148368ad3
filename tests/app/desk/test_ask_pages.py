"""The ask box of the order page: an answer from that order alone, or a case."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.desk.reply import undo
from app.people.links import links_of
from orders_core.ids import OrderId
from tests.app.desk.counter import answers, claim_all
from tests.app.desk.counter import asks as asks_by_hand
from tests.buying import MUG, bought, fill, move_in, rows
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}


@pytest.fixture
def orders(shop: Shop) -> list[OrderId]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
        return [bought(tx, (MUG, 1)), bought(tx, (MUG, 2))]


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME) as opened:
        yield opened


def path_of(shop: Shop, order_id: OrderId) -> str:
    return links_of(settings_of(shop)).order(order_id).removeprefix("http://testserver")


def asks(client: TestClient, path: str, words: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found is not None
    answer = client.post(f"{path}/ask", data={"csrf": found[1], "text": words})
    assert answer.status_code == 200
    return answer.text


def test_the_page_answers_about_its_own_order_not_the_latest(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    page = asks(client, path_of(shop, orders[0]), "我的订单到哪了？")

    assert "订单 100001 于" in page
    assert "100002" not in page


def test_an_answer_leads_to_the_page_that_does_what_was_wished(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    path = path_of(shop, orders[0])

    cancel = asks(client, path, "please cancel my order")
    choices = asks(client, path, "unsubscribe")

    assert f'<p><a href="{path}/cancel">' in cancel
    assert re.search(r'<p><a href="[^"]+/p/[^"]+"', choices)


def test_several_things_are_listed_and_answered_together(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    path = path_of(shop, orders[0])
    page = asks(client, path, "我的订单到哪了？<b>可以取消吗</b>？怎么开发票")

    assert "<li>我的订单到哪了</li><li>&lt;b&gt;可以取消吗&lt;/b&gt;</li>" in page
    assert page.count("订单 100001 于") == 1
    assert f'<p><a href="{path}/cancel">' in page
    assert f'<p><a href="{path}/invoice">' in page


def test_another_order_of_the_same_person_is_not_told_through_this_link(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    page = asks(client, path_of(shop, orders[0]), "订单100002到哪了？")

    assert "订单 100002" not in page
    with begin(shop.engine) as tx:
        assert rows(tx, "support_case", "reason = 'order_not_found'") == 1


def test_asking_for_a_person_opens_a_case_about_this_order(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    page = asks(client, path_of(shop, orders[0]), "转人工")

    assert "1001" in page
    with begin(shop.engine) as tx:
        assert rows(tx, "support_case", f"order_id = '{orders[0]}'") == 1
        assert rows(tx, "incoming", "how = 'order_page' AND about = 'other'") == 1


def test_an_empty_question_opens_nothing(shop: Shop, client: TestClient, orders: list[OrderId]):
    page = asks(client, path_of(shop, orders[0]), "  ")

    assert "data-failed" in page
    with begin(shop.engine) as tx:
        assert rows(tx, "support_case") == 0


def test_who_was_only_shown_the_order_asks_nothing(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    shared = links_of(settings_of(shop)).shared_order(orders[0]).removeprefix("http://testserver")

    assert client.post(f"{shared}/ask", data={"text": "转人工"}).status_code == 404


def test_a_conversation_is_shown_to_its_shopper_once_it_has_left(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    path = path_of(shop, orders[0])
    with begin(shop.engine) as tx:
        case = asks_by_hand(tx, "杯子碎了", order_id=orders[0]).case
        answers(tx, case, "明天补发一只。")
    assert "杯子碎了" in client.get(f"{path}/talk").text
    assert "明天补发一只。" not in client.get(f"{path}/talk").text  # it can still be undone

    with begin(shop.engine) as tx:
        claim_all(tx)
    page = client.get(f"{path}/talk/live").text
    assert "明天补发一只。" in page
    assert "staff:" not in page


def test_a_reply_that_was_taken_back_is_never_shown(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    with begin(shop.engine) as tx:
        case = asks_by_hand(tx, order_id=orders[0]).case
        said = answers(tx, case, "写错了")
        tx.execute(text("UPDATE message SET state = 'sent' WHERE channel = 'inapp'"))
        undo(tx, case.id, said.id, now=MORNING)

    assert "写错了" not in client.get(f"{path_of(shop, orders[0])}/talk").text


def test_what_is_written_into_a_conversation_reaches_the_agent_not_the_answers(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    path = path_of(shop, orders[0])
    with begin(shop.engine) as tx:
        case = asks_by_hand(tx, order_id=orders[0]).case
        answers(tx, case, "请问订单号是多少？")
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(f"{path}/talk").text)
    assert found is not None
    page = client.post(f"{path}/talk", data={"csrf": found[1], "text": "订单号100001"})

    assert "订单号100001" in page.text
    with begin(shop.engine) as tx:
        assert rows(tx, "support_case", "state = 'open' AND question = '订单号100001'") == 1


def test_a_conversation_opens_to_nobody_who_was_only_shown_the_order(
    shop: Shop, client: TestClient, orders: list[OrderId]
):
    shared = links_of(settings_of(shop)).shared_order(orders[0]).removeprefix("http://testserver")

    assert client.get(f"{shared}/talk").status_code == 404
