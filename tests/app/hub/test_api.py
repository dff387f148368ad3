"""Notices over HTTP: tell these people this, once for good, and say what was decided."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.db.transaction import begin
from app.hub import api
from app.messages import api as messages
from app.people import api as people
from orders_core.ids import OrderId, new_id, show
from tests.app.hub.stage import enter, queued
from tests.buying import MUG, bought, fill, paid
from tests.cast import ANA
from tests.doors import Doors, open_doors
from tests.shop import Shop

SPRING: dict[str, Any] = {
    "notice": "announcement",
    "person": "c-1",
    "title": "春茶到货",
    "body": "今年的龙井已到。",
}
UNTIL = "2026-12-31T15:59:59Z"
POINTS: dict[str, Any] = {
    "notice": "points_expiring",
    "person": "c-1",
    "facts": {"points": 300, "expires_at": UNTIL},
}
WAY: dict[str, Any] = {"notice": "csat", "person": "c-1"}
AGREED = [
    {"channel": channel, "granted": True, "source": "checkout"} for channel in ("inapp", "email")
]


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, api.router, messages.router, people.router) as opened:
        for number in (1, 2):
            email = f"c{number}@mail.example"
            opened.call("PUT", f"/v1/people/c-{number}", {"email": email, "consents": AGREED})
        yield opened


def test_people_are_told_and_the_answer_says_what_was_decided(doors: Doors):
    reply = doors.call("POST", "/v1/notices", SPRING)

    assert reply.status_code == 202
    [decided] = reply.json()["decided"]
    assert (decided["answer"], decided["decided_by"]) == ("send", "all_clear")
    assert decided["channels"] == ["inapp", "email"]


def test_whoever_never_agreed_is_not_told_and_the_answer_says_why(doors: Doors):
    doors.call("PUT", "/v1/people/c-3", {"email": "c3@mail.example"})

    [decided] = doors.call("POST", "/v1/notices", SPRING | {"person": "c-3"}).json()["decided"]

    assert (decided["answer"], decided["because"]) == ("skip", "no_consent")


def test_a_dispatch_is_told_once_for_good(doors: Doors):
    said = SPRING | {"dispatch": "spring-2026"}
    first = doors.call("POST", "/v1/notices", said).json()

    wider = {key: value for key, value in said.items() if key != "person"}
    second = doors.call("POST", "/v1/notices", wider | {"people": ["c-1", "c-2"]}).json()

    assert second["told_before"] == [first["decided"][0]["person"]]
    assert len(second["decided"]) == 1


def test_the_same_key_gives_the_same_answer(doors: Doors):
    key = {"Idempotency-Key": "k-1"}

    first = doors.call("POST", "/v1/notices", SPRING, **key)
    second = doors.call("POST", "/v1/notices", SPRING, **key)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(doors.get("/v1/messages")["data"]) == 2


def test_the_same_key_with_other_words_is_refused(doors: Doors):
    key = {"Idempotency-Key": "k-1"}
    doors.call("POST", "/v1/notices", SPRING, **key)

    other = doors.call("POST", "/v1/notices", SPRING | {"title": "别的"}, **key)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def without(*fields: str) -> dict[str, Any]:
    return {key: value for key, value in SPRING.items() if key not in fields}


REFUSED: list[tuple[Any, tuple[int, str]]] = [
    (without("person"), (422, "recipient_needed")),
    (SPRING | {"people": ["c-2"]}, (422, "two_kinds_of_recipient")),
    (without("person") | {"people": []}, (422, "too_few")),
    (SPRING | {"person": "c-404"}, (422, "unknown_person")),
    (SPRING | {"person": "per_nonsense"}, (422, "unknown_person")),
    (SPRING | {"notice": "spring_sale"}, (404, "unknown_notice")),
    (SPRING | {"notice": "order_paid"}, (422, "told_by_events")),
    (without("title"), (422, "missing_field")),
    (without("body"), (422, "missing_field")),
    (SPRING | {"colour": "red"}, (422, "unknown_field")),
    (SPRING | {"body": "x" * 900_000}, (422, "too_long")),
    (SPRING | {"title": "a\r\nBcc: all@mail.example"}, (422, "line_break_in_header")),
    (SPRING | {"title": "a\u2028b"}, (422, "line_break_in_header")),
    (SPRING | {"title": ""}, (422, "too_short")),
    (SPRING | {"title": "a\u202eb"}, (422, "bad_text")),
    (SPRING | {"title": 7}, (422, "not_text")),
    (SPRING | {"facts": {"points": 3}}, (422, "unknown_field")),
    (SPRING | {"order": "ord_nonsense"}, (422, "bad_id")),
    (POINTS | {"facts": {"points": 300}}, (422, "missing_field")),
    (POINTS | {"facts": {"points": "many", "expires_at": UNTIL}}, (422, "not_integer")),
    (POINTS | {"facts": {"points": 0, "expires_at": UNTIL}}, (422, "out_of_range")),
    (POINTS | {"facts": {"points": 3, "expires_at": "tomorrow"}}, (422, "bad_datetime")),
    (POINTS | {"facts": {"points": 3, "expires_at": UNTIL, "pionts": 4}}, (422, "unknown_field")),
    (POINTS | {"title": "Points"}, (422, "unknown_field")),
    (WAY | {"facts": {"link_url": "javascript:alert(1)"}}, (422, "bad_url")),
    (WAY | {"facts": {"link_url": None}}, (422, "not_text")),
    ({"notice": "packed", "person": "c-1"}, (422, "order_needed")),
]


def test_what_cannot_be_told_is_refused_and_nothing_is_written(doors: Doors):
    for body, refusal in REFUSED:
        assert doors.refusal("POST", "/v1/notices", body) == refusal

    assert doors.get("/v1/verdicts")["data"] == []


def test_everything_that_is_missing_is_named_at_once(doors: Doors):
    faults = doors.call("POST", "/v1/notices", without("title", "body")).json()["errors"]

    assert [fault["pointer"] for fault in faults] == ["/title", "/body"]


def test_every_fact_that_is_wrong_is_named_at_its_place(doors: Doors):
    wrong = POINTS | {"facts": {"pionts": 3, "expires_at": 5}}

    faults = doors.call("POST", "/v1/notices", wrong).json()["errors"]

    assert {(fault["pointer"], fault["code"]) for fault in faults} == {
        ("/facts/points", "missing_field"),
        ("/facts/expires_at", "bad_datetime"),
        ("/facts/pionts", "unknown_field"),
    }


def test_facts_told_by_hand_reach_the_message_and_are_told_once_for_good(doors: Doors, shop: Shop):
    said = POINTS | {"dispatch": "points-2026"}
    [decided] = doors.call("POST", "/v1/notices", said).json()["decided"]
    again = doors.call("POST", "/v1/notices", said).json()

    assert (decided["answer"], again["decided"]) == ("send", [])
    with begin(shop.engine) as tx:
        row = queued(tx)[0]
    assert (row.variables["points"], row.kind, row.lane) == (300, "service", 2)
    assert row.variables["expires_at"] == UNTIL


def order_of(shop: Shop) -> OrderId:
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        fill(tx, {MUG: 9})
        return bought(tx, (MUG, 1))


def test_news_of_an_order_told_by_hand_knows_its_order_and_its_person(doors: Doors, shop: Shop):
    order_id = order_of(shop)
    packed = {"notice": "packed", "order": show("ord", order_id), "dispatch": "box-1"}

    [decided] = doors.call("POST", "/v1/notices", packed).json()["decided"]

    assert decided["person"] == show("per", ANA.person_id)
    with begin(shop.engine) as tx:
        row = queued(tx)[0]
    assert (row.order_id, row.notice, row.lane) == (order_id, "packed", 1)
    assert row.variables["order_number"].isdigit()


def test_news_told_by_hand_of_an_order_that_moved_on_is_not_told(doors: Doors, shop: Shop):
    order_id = order_of(shop)
    with begin(shop.engine) as tx:
        paid(tx, order_id)
    due = {"notice": "payment_due", "order": show("ord", order_id)}

    [decided] = doors.call("POST", "/v1/notices", due).json()["decided"]

    assert (decided["answer"], decided["because"]) == ("skip", "superseded")


def test_what_advertises_names_no_order_and_an_unknown_order_is_refused(doors: Doors, shop: Shop):
    sold = show("ord", order_of(shop))
    spring = without("person") | {"order": sold}
    packed = {"notice": "packed", "order": show("ord", new_id())}

    assert doors.refusal("POST", "/v1/notices", spring) == (422, "unknown_field")
    assert doors.refusal("POST", "/v1/notices", packed) == (422, "unknown_order")


def test_one_unknown_among_many_and_nobody_is_told(doors: Doors):
    reply = doors.call("POST", "/v1/notices", without("person") | {"people": ["c-1", "c-404"]})

    assert [fault["pointer"] for fault in reply.json()["errors"]] == ["/people/1"]
    assert doors.get("/v1/messages")["data"] == []


def test_verdicts_are_listed_with_every_rule_and_the_reason_in_words(doors: Doors):
    doors.call("PUT", "/v1/people/c-3", {"email": "c3@mail.example"})
    doors.call("POST", "/v1/notices", SPRING | {"person": "c-3"})
    who = doors.get("/v1/people/c-3")["id"]

    [shown] = doors.get("/v1/verdicts", person=who, notice="announcement")["data"]

    assert (shown["answer"], shown["because"], shown["decided_by"]) == (
        "skip",
        "no_consent",
        "consent",
    )
    assert set(shown["because_in_words"]) == {"zh", "en"}
    assert [asked["rule"] for asked in shown["rules"]] == ["superseded", "suppression", "consent"]
    assert doors.get("/v1/verdicts", notice="order_paid")["data"] == []


def test_verdicts_are_read_page_by_page(doors: Doors):
    for number in range(3):
        doors.call("POST", "/v1/notices", SPRING | {"dispatch": str(number)})

    first = doors.get("/v1/verdicts", limit=2)
    rest = doors.get("/v1/verdicts", limit=2, after=first["next"])

    assert (len(first["data"]), first["has_more"]) == (2, True)
    assert (len(rest["data"]), rest["has_more"]) == (1, False)
    assert doors.get("/v1/verdicts", after="tampered")["code"] == "bad_cursor"
    assert doors.get("/v1/verdicts", limit=10**6)["status"] == 422


def test_messages_show_their_life_and_only_part_of_an_address(doors: Doors):
    doors.call("POST", "/v1/notices", SPRING)

    shown = doors.get("/v1/messages")["data"]

    assert [(one["channel"], one["address"], one["state"]) for one in shown] == [
        ("email", "c…@mail.example", "queued"),
        ("inapp", None, "queued"),
    ]
    assert doors.get(f"/v1/messages/{shown[0]['id']}") == shown[0] | {"words": None}
    assert "variables" not in shown[0]


def test_a_message_that_is_not_there_answers_404(doors: Doors):
    missing = show("msg", new_id())

    assert doors.refusal("GET", f"/v1/messages/{missing}", None) == (404, "not_found")
    assert doors.refusal("GET", "/v1/messages/ord_x", None) == (422, "bad_id")


def test_a_key_needs_the_right_scope(shop: Shop):
    with open_doors(shop, api.router, messages.router, scopes=["orders:read"]) as doors:
        assert doors.refusal("POST", "/v1/notices", SPRING) == (403, "missing_scope")
        assert doors.refusal("GET", "/v1/verdicts", None) == (403, "missing_scope")
        assert doors.refusal("GET", "/v1/messages", None) == (403, "missing_scope")


def test_whoever_wants_the_first_at_once_hears_it_and_the_rest_is_gathered(doors: Doors):
    doors.call("PUT", "/v1/people/c-1/rhythms", {"rhythms": {"email": "first_daily"}})

    first, second = (
        doors.call("POST", "/v1/notices", SPRING | {"dispatch": name}).json()["decided"][0]
        for name in ("one", "two")
    )

    assert (first["answer"], first["channels"]) == ("send", ["inapp", "email"])
    assert (second["answer"], second["channels"]) == ("digest", ["inapp"])
