"""Asking over HTTP: an answer with its facts, or the reason why a person must give it."""

from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from app.desk import api
from orders_core.ids import OrderId, new_id, read, show
from orders_core.outbox.reading import history_of
from tests.buying import MUG, bought, fill, move_in, paid, rows
from tests.cast import ANA
from tests.doors import Doors, open_doors
from tests.shop import Shop

WHO = show("per", ANA.person_id)


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
        bought(tx, (MUG, 1))
    with open_doors(shop, api.router) as opened:
        yield opened


def test_an_answer_names_the_facts_it_rests_on(doors: Doors):
    said = doors.call("POST", "/v1/ask", {"person": WHO, "text": "我的订单到哪了？"}).json()

    assert (said["abstained"], said["because"], said["language"]) == (False, None, "zh")
    assert said["order"].startswith("ord_")
    assert [fact["fact"] for fact in said["facts"]] == ["order.placed_at"]
    assert said["answer"] == "".join(fact["sentence"] for fact in said["facts"])


def test_an_answer_cites_the_events_that_its_facts_came_with(doors: Doors):
    asking = {"person": WHO, "text": "我的订单到哪了？"}
    placed = doors.call("POST", "/v1/ask", asking).json()
    with begin(doors.shop.engine) as tx:
        paid(tx, OrderId(read("ord", placed["order"])))
    told = doors.call("POST", "/v1/ask", asking).json()

    with begin(doors.shop.engine) as tx:
        events = history_of(tx, read("ord", placed["order"]))
    types = {show("evt", event.id): event.type for event in events}
    assert [types[one] for one in placed["events"]] == ["order.placed"]
    assert [types[one] for one in told["events"]] == ["order.paid"]


def test_a_wish_that_the_orders_page_grants_is_answered_with_that_page(doors: Doors):
    told = doors.call("POST", "/v1/ask", {"person": WHO, "text": "please cancel my order"}).json()

    assert told["action"]["name"] == "cancel"
    assert told["action"]["url"].endswith("/cancel")

    asked = doors.call("POST", "/v1/ask", {"person": WHO, "text": "where is it"}).json()
    assert asked["action"] is None


def test_a_message_that_asks_several_things_lists_them_and_a_single_one_does_not(doors: Doors):
    text = "Where is my order, and can I cancel it?"
    told = doors.call("POST", "/v1/ask", {"person": WHO, "text": text}).json()
    alone = doors.call("POST", "/v1/ask", {"person": WHO, "text": "Where is my order?"}).json()

    assert not told["abstained"]
    assert told["answer"].startswith(alone["answer"])
    assert [(one["text"], one["intent"], one["answered"]) for one in told["parts"]] == [
        ("Where is my order", "where", True),
        ("can I cancel it", "cancel", True),
    ]
    assert told["parts"][0]["action"] is None
    assert told["parts"][1]["action"] == told["action"]
    assert told["action"]["url"].endswith("/cancel")
    assert "parts" not in alone


def test_a_part_that_a_person_must_answer_says_why(doors: Doors):
    told = doors.call("POST", "/v1/ask", {"person": WHO, "text": "杯子碎了，订单到哪了"}).json()

    assert (told["abstained"], told["because"], told["answer"]) == (True, "drafted", None)
    assert [(one["answered"], one["because"]) for one in told["parts"]] == [
        (False, "drafted"),
        (True, None),
    ]
    assert told["case"]["number"]


def test_whoever_wants_no_more_letters_is_led_to_their_choices_without_an_order(doors: Doors):
    told = doors.call("POST", "/v1/ask", {"person": WHO, "text": "请不要再发短信了"}).json()

    assert (told["order"], told["events"]) == (None, [])
    assert told["action"]["name"] == "preferences"
    assert "/p/" in told["action"]["url"]


def test_what_is_beyond_us_abstains(doors: Doors):
    texts = {"": "empty", "😀": "empty", "x" * 900_000: "too_long", "a refund": "out_of_scope"}

    for text, because in texts.items():
        question = {"person": WHO, "text": text, "open_case": False}
        reply = doors.call("POST", "/v1/ask", question)
        assert reply.status_code == 200
        assert reply.json() | {"language": None} == {
            "answer": None,
            "language": None,
            "facts": [],
            "events": [],
            "action": None,
            "order": None,
            "abstained": True,
            "because": because,
            "read": {"by": "nobody", "intent": None, "sure": None, "needs": None, "model": None},
            "case": None,
        }


def test_what_is_beyond_us_becomes_a_case(doors: Doors):
    said = doors.call("POST", "/v1/ask", {"person": WHO, "text": "杯子碎了，我要退款"}).json()
    again = doors.call("POST", "/v1/ask", {"person": WHO, "text": "转人工"}).json()

    case = said["case"]
    assert (said["abstained"], case["number"], case["state"]) == (True, 1001, "open")
    assert (case["because"], case["question"]) == ("out_of_scope", "杯子碎了，我要退款")
    assert case["order"].startswith("ord_")  # the latest, as an answer would take it
    assert again["case"]["id"] == case["id"]


def test_what_is_answered_and_what_says_nothing_opens_no_case(doors: Doors):
    for text in ("我的订单到哪了？", "", "😀"):
        said = doors.call("POST", "/v1/ask", {"person": WHO, "text": text}).json()
        assert said["case"] is None


def test_a_question_under_one_key_is_heard_once(doors: Doors):
    body = {"person": WHO, "text": "转人工"}
    first = doors.call("POST", "/v1/ask", body, **{"Idempotency-Key": "q-1"})
    second = doors.call("POST", "/v1/ask", body, **{"Idempotency-Key": "q-1"})

    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    with begin(doors.shop.engine) as tx:
        assert rows(tx, "incoming") == 1


def test_a_person_is_named_by_the_shops_reference_as_well(doors: Doors):
    said = doors.call("POST", "/v1/ask", {"person": ANA.name, "text": "where is it"}).json()

    assert said["language"] == "en"


def test_nobody_asks_for_somebody_unknown(doors: Doors):
    stranger = {"person": show("per", new_id()), "text": "到哪了"}

    assert doors.refusal("POST", "/v1/ask", stranger) == (404, "not_found")
    assert doors.refusal("POST", "/v1/ask", {"text": "到哪了"}) == (422, "missing_field")
    assert doors.refusal("POST", "/v1/ask", {"person": WHO, "text": 7}) == (422, "not_text")


def test_a_key_needs_the_right_scope(shop: Shop):
    with open_doors(shop, api.router, scopes=["orders:read"]) as doors:
        question = {"person": WHO, "text": "到哪了"}
        assert doors.refusal("POST", "/v1/ask", question) == (403, "missing_scope")
