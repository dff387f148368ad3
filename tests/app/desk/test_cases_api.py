"""Cases over HTTP: opened, listed, answered, resolved, each with its own scope."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from app.db.transaction import begin
from app.desk import cases_api
from orders_core.ids import show
from tests.buying import MUG, bought, fill, move_in, rows
from tests.cast import ANA, BEN
from tests.doors import Doors, open_doors
from tests.shop import Shop

ANA_ID, BEN_ID = show("per", ANA.person_id), show("per", BEN.person_id)
NOBODY = show("cas", UUID(int=7))


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 9})
    with open_doors(shop, cases_api.router) as opened:
        yield opened


def opens(doors: Doors, text: str = "杯子碎了", who: str = ANA_ID, **more: Any) -> Any:
    return doors.call("POST", "/v1/cases", {"person": who, "text": text, **more})


def act(doors: Doors, case: str, verb: str, **body: Any) -> Any:
    return doors.call("POST", f"/v1/cases/{case}/{verb}", body).json()


def test_a_case_is_opened_with_what_was_asked(doors: Doors):
    with begin(doors.shop.engine) as tx:
        order = show("ord", bought(tx, (MUG, 1)))
    reply = opens(doors, order=order, because="out_of_scope")
    case = reply.json()

    assert (reply.status_code, case["number"], case["state"]) == (201, 1001, "open")
    assert (case["person"], case["order"], case["language"]) == (ANA_ID, order, "zh")
    assert (case["priority"], case["signals"], case["because"]) == (4, [], "out_of_scope")
    assert [entry["author"] for entry in case["entries"]] == ["shopper", "shop"]
    assert case["entries"][1]["verdict"].startswith("ver_")


def test_a_further_question_answers_200_with_the_same_case(doors: Doors):
    first, again = opens(doors), opens(doors, "还有人吗")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]


def test_the_same_key_opens_one_case_and_counts_one_contact(doors: Doors):
    body = {"person": ANA_ID, "text": "我的订单到哪了"}
    for _ in range(2):
        doors.call("POST", "/v1/cases", body, **{"Idempotency-Key": "k-1"})

    with begin(doors.shop.engine) as tx:
        assert rows(tx, "case_entry", "author = 'shopper'") == 1
        assert rows(tx, "incoming", "about = 'where'") == 1


def test_the_same_words_within_a_minute_are_one_contact(doors: Doors):
    for _ in range(2):
        opens(doors, "我的订单到哪了")

    with begin(doors.shop.engine) as tx:
        assert rows(tx, "incoming", "true") == 1


def test_somebody_elses_order_is_not_there(doors: Doors):
    with begin(doors.shop.engine) as tx:
        order = show("ord", bought(tx, (MUG, 1)))  # Ana's
    body = {"person": BEN_ID, "text": "在吗", "order": order}

    assert doors.refusal("POST", "/v1/cases", body) == (404, "not_found")


def test_a_case_is_answered_resolved_and_opened_again(doors: Doors):
    case = opens(doors).json()["id"]
    answered = act(doors, case, "reply", text="明天补发。", version=1)
    assert (answered["state"], answered["entry"]["text"]) == ("waiting", "明天补发。")
    assert answered["first_responded_at"] is not None

    resolved = act(doors, case, "resolve", version=answered["version"])
    assert (resolved["state"], resolved["version"]) == ("resolved", 3)
    assert act(doors, case, "reopen")["state"] == "open"
    assert act(doors, case, "assign", to="bot:7")["assigned_to"] == "bot:7"
    assert act(doors, case, "assign", to=None)["assigned_to"] is None


def test_an_answer_under_one_key_is_sent_once(doors: Doors):
    case = opens(doors).json()["id"]
    for _ in range(2):
        path = f"/v1/cases/{case}/reply"
        doors.call("POST", path, {"text": "好的"}, **{"Idempotency-Key": "r-1"})

    with begin(doors.shop.engine) as tx:
        assert rows(tx, "verdict", "notice = 'case_answered'") == 1


def test_what_cannot_be_done_says_why(doors: Doors):
    case = opens(doors).json()["id"]
    at = f"/v1/cases/{case}"
    act(doors, case, "resolve")

    assert doors.refusal("POST", f"{at}/reply", {"text": "好的"}) == (409, "not_now")
    assert doors.refusal("POST", f"{at}/assign", {"to": "x"}) == (409, "not_now")
    assert doors.refusal("POST", f"{at}/reopen", {"version": 1}) == (409, "case_moved")
    assert doors.refusal("POST", f"{at}/reply", {"text": " "}) == (422, "too_short")
    assert doors.refusal("POST", f"{at}/reply", {"text": "x" * 4001}) == (422, "too_long")
    assert doors.refusal("POST", f"/v1/cases/{NOBODY}/resolve", {}) == (404, "not_found")
    assert doors.refusal("GET", f"/v1/cases/{NOBODY}", None) == (404, "not_found")
    assert doors.refusal("GET", "/v1/cases/ord_1", None) == (422, "bad_id")


def test_cases_are_listed_newest_first_in_pages(doors: Doors):
    numbers = [
        opens(doors, who=show("per", who)).json()["number"]
        for who in (ANA.person_id, BEN.person_id)
    ]
    first = doors.get("/v1/cases", limit=1)
    second = doors.get("/v1/cases", limit=1, after=first["next"])

    assert [page["data"][0]["number"] for page in (first, second)] == numbers[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_a_list_is_narrowed(doors: Doors):
    angry = opens(doors, "我要投诉，退款").json()
    act(doors, opens(doors, who=BEN_ID).json()["id"], "resolve")

    def found(**query: Any) -> list[int]:
        return [case["number"] for case in doors.get("/v1/cases", **query)["data"]]

    assert found(state="open") == found(priority=1) == found(person=ANA_ID) == [angry["number"]]
    assert found(state="resolved") == [angry["number"] + 1]
    assert found(assigned_to="nobody") == []
    assert doors.refusal("GET", "/v1/cases?state=lost", None) == (422, "unknown_value")
    assert doors.refusal("GET", "/v1/cases?priority=5", None) == (422, "out_of_range")


@pytest.mark.parametrize(
    ("scopes", "method", "path"),
    [
        (["cases:write"], "GET", "/v1/cases"),
        (["cases:write"], "GET", f"/v1/cases/{NOBODY}"),
        (["cases:read"], "POST", "/v1/cases"),
        (["cases:read"], "POST", f"/v1/cases/{NOBODY}/reply"),
        (["cases:read"], "POST", f"/v1/cases/{NOBODY}/resolve"),
        (["cases:read"], "POST", f"/v1/cases/{NOBODY}/reopen"),
        (["cases:read"], "POST", f"/v1/cases/{NOBODY}/assign"),
    ],
)
def test_a_key_needs_the_right_scope(shop: Shop, scopes: list[str], method: str, path: str):
    with open_doors(shop, cases_api.router, scopes=scopes) as doors:
        assert doors.refusal(method, path, {}) == (403, "missing_scope")
