"""The desk as agents see it, without scripts: the queue, a case, and every button as a form."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from app.access import staff
from app.db.transaction import begin
from app.desk import case_store
from app.desk.case import Case, State
from orders_core.ids import OrderId, new_id, show
from tests.app.desk.counter import answers, asks, claim_all
from tests.buying import MUG, bought, fill, move_in, rows
from tests.cast import BEN
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

AGENT, PASSWORD = "lan@shop.example", "a long enough password"
SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}


@dataclass(frozen=True)
class Agent:
    """An agent before the desk."""

    client: TestClient
    shop: Shop

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def does(self, case: Case, verb: str, **fields: str) -> Response:
        """Fill in a form as the case's own page gives it out, and send it."""
        page = self.client.get(f"/desk/cases/{case.ref}").text
        form = {"csrf": field(page, "csrf"), "version": field(page, "version"), **fields}
        if verb == "reply":
            form.setdefault("key", field(page, "key"))
        return self.client.post(f"/desk/cases/{case.ref}/{verb}", data=form)

    def now(self, case: Case) -> Case:
        with begin(self.shop.engine) as tx:
            return case_store.hold(tx, case.id)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found[1]


@pytest.fixture
def order(shop: Shop) -> OrderId:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
        return bought(tx, (MUG, 1))


@pytest.fixture
def case(shop: Shop, order: OrderId) -> Case:
    with begin(shop.engine) as tx:
        return asks(tx, "杯子碎了，我要退款", order_id=order).case


@pytest.fixture
def other(shop: Shop, case: Case) -> Case:
    with begin(shop.engine) as tx:
        return asks(tx, "可以开发票吗", who=BEN).case


def entered(shop: Shop, role: str) -> TestClient:
    with begin(shop.engine) as tx:
        staff.put(tx, email=AGENT, name="Lan", password=PASSWORD, role=role)
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    client = TestClient(app, headers=SAME, follow_redirects=False)
    csrf = field(client.get("/login").text, "csrf")
    client.post("/login", data={"email": AGENT, "password": PASSWORD, "csrf": csrf})
    return client


@pytest.fixture
def agent(shop: Shop) -> Iterator[Agent]:
    with entered(shop, "agent") as client:
        yield Agent(client, shop)


def test_the_queue_shows_the_most_urgent_first_with_its_clock(
    agent: Agent, case: Case, other: Case
):
    page = agent.page("/desk")

    assert page.index("杯子碎了") < page.index("可以开发票吗")
    assert "2 hours left" in page
    assert 'role="status">2 cases<' in page


def test_an_overdue_case_says_so_in_words(agent: Agent, case: Case):
    agent.shop.clock.set(MORNING + timedelta(minutes=150))

    assert "Overdue by 30 minutes" in agent.page("/desk")


def test_an_empty_queue_teaches(agent: Agent):
    assert "when somebody asks for a person on an order page" in agent.page("/desk")
    assert "Cases rest here once they are answered" in agent.page("/desk?state=waiting")
    assert "exactly as it is written" in agent.page("/desk?priority=1")


def test_what_was_found_in_the_words_is_marked_and_said(agent: Agent, order: OrderId):
    with begin(agent.shop.engine) as tx:
        case = asks(tx, "<b>周五前要用</b>，两件，¥199", order_id=order).case

    page = agent.page(f"/desk/cases/{case.ref}")

    assert "&lt;b&gt;<mark" in page
    assert re.search(r'<mark title="Day: by [^"]+">周五</mark>', page)
    assert re.search(r'<span class="quiet">Amount</span> CN¥199.00</li>', page)
    assert "<mark" in agent.page(f"/desk/cases/{case.ref}/talk")


def test_the_queue_is_narrowed_and_searched(agent: Agent, case: Case, other: Case):
    with begin(agent.shop.engine) as tx:
        number = tx.execute(text("SELECT number FROM orders")).scalar_one()

    assert "可以开发票吗" not in agent.page("/desk?priority=3")
    assert "杯子碎了" in agent.page("/desk?priority=3&language=zh")
    assert "杯子碎了" not in agent.page("/desk?language=en")
    assert "杯子碎了" not in agent.page("/desk?mine=1")
    for words in (number, case.number):
        found = agent.page(f"/desk?q={words}")
        assert "杯子碎了" in found
        assert "可以开发票吗" not in found
    assert "Nothing matches" in agent.page("/desk?q=nothing")
    assert "杯子碎了" in agent.page(
        "/desk?state=lost&priority=9"
    )  # what makes no sense is left out


def test_the_list_alone_comes_for_a_page_that_looks_again(agent: Agent, case: Case):
    page = agent.page(f"/desk/queue?current={case.ref}")

    assert "<html" not in page
    assert 'aria-current="true"' in page


def test_the_list_goes_out_as_a_table_that_no_spreadsheet_runs(
    agent: Agent, shop: Shop, case: Case
):
    with begin(shop.engine) as tx:
        asks(tx, "=HYPERLINK(1)", who=BEN)
    answer = agent.client.get("/desk/cases.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    assert [line["question"] for line in lines] == ["杯子碎了，我要退款", "'=HYPERLINK(1)"]
    assert (lines[0]["signals"], lines[0]["priority"]) == ("money", "3")


def test_a_case_shows_the_talk_the_order_and_a_drafted_answer(agent: Agent, case: Case):
    page = agent.page(f"/desk/cases/{case.ref}")

    assert "杯子碎了，我要退款" in page
    assert "order.placed_at" in page  # the fact that the suggestion rests on
    assert "order-story" in page
    assert "About money" in page
    assert "The shop said that a person will answer." in page
    assert "Ask for a photo" in page


def test_a_case_about_no_order_says_so(agent: Agent, other: Case):
    page = agent.page(f"/desk/cases/{other.ref}")

    assert "About no order" in page
    assert "What the order says" not in page


def test_an_answer_is_sent_and_can_be_undone(agent: Agent, case: Case):
    assert agent.does(case, "reply", text="已为您提交退款。").status_code == 303
    page = agent.page(f"/desk/cases/{case.ref}?done=sent")
    assert (agent.now(case).state, "Not sent yet" in page) == (State.WAITING, True)

    undone = agent.does(case, "undo", entry=field(page, "entry"))
    back = agent.page(undone.headers["location"])
    assert agent.now(case).state is State.OPEN
    assert "nothing of it was sent" in back
    assert re.search(r"<textarea[^>]*>已为您提交退款。</textarea>", back)


def test_the_same_form_twice_sends_once(agent: Agent, case: Case):
    key = show("ent", new_id())
    for _ in range(2):
        form = {"text": "好的", "key": key, "version": "1"}
        assert agent.does(case, "reply", **form).status_code == 303

    with begin(agent.shop.engine) as tx:
        assert rows(tx, "verdict", "notice = 'case_answered'") == 1


def test_an_answer_to_what_changed_meanwhile_comes_back_with_its_words(agent: Agent, case: Case):
    with begin(agent.shop.engine) as tx:
        asks(tx, "还在吗", order_id=case.order_id)
    refused = agent.does(case, "reply", text="我写了很久的回复", version="1")

    assert refused.status_code == 409
    assert "data-failed" in refused.text
    assert "我写了很久的回复</textarea>" in refused.text
    assert "还在吗" in refused.text


def test_what_left_cannot_be_undone_and_the_page_says_so(agent: Agent, case: Case):
    with begin(agent.shop.engine) as tx:
        said = answers(tx, case)
        claim_all(tx)
    refused = agent.does(case, "undo", entry=show("ent", said.id))

    assert refused.status_code == 409
    assert "Too late to undo" in refused.text


def test_what_partly_left_is_undone_for_the_rest(agent: Agent, case: Case):
    with begin(agent.shop.engine) as tx:
        said = answers(tx, case)
        tx.execute(text("UPDATE message SET state = 'sent' WHERE channel = 'inapp'"))
    undone = agent.does(case, "undo", entry=show("ent", said.id))

    assert "Part of the reply had left" in agent.page(undone.headers["location"])


def test_resolving_goes_on_to_the_next_case_and_can_be_taken_back(
    agent: Agent, case: Case, other: Case
):
    to = agent.does(case, "resolve").headers["location"]
    assert to == f"/desk/cases/{other.ref}?done=resolved&last={case.ref}"
    page = agent.page(to)
    assert f"Case {case.number} is resolved." in page
    assert f"Open case {case.number} again" in page

    assert (
        agent.does(other, "resolve").headers["location"] == f"/desk?done=resolved&last={other.ref}"
    )
    assert f"Case {other.number} is resolved." in agent.page(
        f"/desk?done=resolved&last={other.ref}"
    )
    assert agent.does(case, "reopen").status_code == 303
    assert agent.now(case).state is State.OPEN


def test_a_look_is_kept_from_case_to_case(agent: Agent, case: Case, other: Case):
    page = agent.page(f"/desk/cases/{case.ref}?language=zh")

    assert f"/desk/cases/{other.ref}?language=zh" in page
    assert f"/desk/cases/{case.ref}/resolve?language=zh" in page


def test_an_agent_takes_a_case_and_gives_it_back(agent: Agent, case: Case):
    agent.does(case, "assign", to="me")
    assert agent.now(case).assigned_to == f"staff:{AGENT}"
    assert "with Lan" in agent.page("/desk?mine=1")

    agent.does(case, "assign", to="nobody")
    assert agent.now(case).assigned_to is None


def test_canned_replies_and_the_suggestion_are_put_in_without_scripts(agent: Agent, case: Case):
    page = agent.does(case, "insert", text="您好。", canned="photo").text
    assert re.search(r">您好。\n\n我会尽快为您处理。[^<]+</textarea>", page)

    page = agent.does(case, "insert", insert="suggested").text
    assert re.search(r">订单 \d+ 于 [^<]+</textarea>", page)
    assert re.search(r">您好。</textarea>", agent.does(case, "insert", text="您好。").text)


def test_what_only_a_person_may_answer_is_drafted_for_them(agent: Agent, shop: Shop, case: Case):
    with begin(shop.engine) as tx:
        damaged = asks(tx, "收到的杯子碎了", order_id=case.order_id).case
    page = agent.page(f"/desk/cases/{damaged.ref}")

    assert "请拍下破损处和外包装" in page
    assert "question.intent" in page


def test_words_of_a_shopper_are_only_words(agent: Agent, shop: Shop, case: Case):
    with begin(shop.engine) as tx:
        evil = asks(tx, "<script>alert(1)</script>", who=BEN).case
    page = agent.page(f"/desk/cases/{evil.ref}")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("lead", 200), ("operator", 200), ("marketer", 403)]
)
def test_the_desk_opens_to_who_answers_people(shop: Shop, case: Case, role: str, status: int):
    with entered(shop, role) as client:
        for path in ("/desk", "/desk/queue", "/desk/cases.csv", f"/desk/cases/{case.ref}"):
            assert client.get(path).status_code == status


def test_a_form_without_its_token_does_nothing(agent: Agent, case: Case):
    answer = agent.client.post(f"/desk/cases/{case.ref}/resolve", data={"version": "1"})

    assert answer.status_code == 403
    assert agent.now(case).state is State.OPEN
