"""Many people at once: all or none, each fault in its place, the same as one by one."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.db.transaction import begin
from app.people import api, batch_api
from tests.buying import rows
from tests.doors import Doors, open_doors
from tests.shop import Shop

BATCH = "/v1/people:batch"


def member(place: int, **said: Any) -> dict[str, Any]:
    return {
        "reference": f"c-{place}",
        "name": f"林{place}",
        "locale": "zh",
        "zone": "Asia/Shanghai",
        "email": f"c-{place}@mail.example",
        "consents": [{"channel": "email", "granted": True, "source": "checkout"}],
        **said,
    }


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, batch_api.router, api.router) as opened:
        yield opened


def test_five_hundred_people_come_in_one_call_with_their_ids_in_order(doors: Doors, shop: Shop):
    said = [member(place, phone="+12125550142") for place in range(500)]

    answer = doors.call("POST", BATCH, {"people": said}).json()

    assert answer["created"] == 500
    assert [one["reference"] for one in answer["people"]] == [one["reference"] for one in said]
    assert answer["people"][7]["id"] == doors.get("/v1/people/c-7")["id"]
    with begin(shop.engine) as tx:
        assert [rows(tx, table) for table in ("person", "contact", "consent")] == [500, 1000, 500]


def test_many_at_once_are_kept_as_they_would_be_one_by_one(doors: Doors):
    doors.call("POST", BATCH, {"people": [member(1, phone="138 0013 8000")]})
    alone = member(2, phone="138 0013 8000", email="c-1@mail.example", name="林1")
    doors.call("PUT", "/v1/people/c-2", {k: v for k, v in alone.items() if k != "reference"})

    one, other = (doors.get(f"/v1/people/c-{place}") for place in (1, 2))

    own = {"id", "reference", "inbox_url", "preferences_url", "created_at"}
    assert {k: v for k, v in one.items() if k not in own} == {
        k: v for k, v in other.items() if k not in own
    }


def test_saying_it_again_changes_nothing(doors: Doors, shop: Shop):
    said = {"people": [member(place) for place in range(20)]}
    first = doors.call("POST", BATCH, said).json()

    again = doors.call("POST", BATCH, said).json()

    assert again == {**first, "created": 0}
    with begin(shop.engine) as tx:
        assert [rows(tx, table) for table in ("person", "contact", "consent")] == [20, 20, 20]


def test_what_is_left_out_stays_and_null_takes_an_address_away(doors: Doors):
    doors.call("POST", BATCH, {"people": [member(1), member(2)]})

    changed = [{"reference": "c-1", "zone": "Asia/Tokyo"}, {"reference": "c-2", "email": None}]
    doors.call("POST", BATCH, {"people": changed})

    one, other = doors.get("/v1/people/c-1"), doors.get("/v1/people/c-2")
    assert (one["zone"], one["name"], one["email"]) == ("Asia/Tokyo", "林1", "c-1@mail.example")
    assert (other["email"], other["name"]) == (None, "林2")


def test_of_somebody_named_twice_the_later_word_counts(doors: Doors):
    said = [member(1), member(1, name="小雨"), member(2)]

    answer = doors.call("POST", BATCH, {"people": said}).json()

    assert answer["created"] == 2
    assert answer["people"][0]["id"] == answer["people"][1]["id"]
    assert doors.get("/v1/people/c-1")["name"] == "小雨"


def test_one_fault_stops_all_and_each_names_its_place(doors: Doors, shop: Shop):
    said = [member(0), member(1, email="a@b"), member(2), member(3, zone="Asia/Peking")]

    refused = doors.call("POST", BATCH, {"people": said})

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "bad_email")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/people/1/email", "bad_email"),
        ("/people/3/zone", "unknown_zone"),
    ]
    with begin(shop.engine) as tx:
        assert rows(tx, "person") == 0


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"reference": "per_01kaqh3m2xf0t8w1v5y7z9b3cd"}, "bad_reference", "/people/1/reference"),
        ({"name": "nobody"}, "missing_field", "/people/1/reference"),
        ({"reference": "c-9", "points": 3}, "unknown_field", "/people/1/points"),
    ],
)
def test_a_fault_of_form_names_its_place_too(
    doors: Doors, said: dict[str, Any], code: str, pointer: str
):
    refused = doors.call("POST", BATCH, {"people": [member(0), said]}).json()

    assert [(fault["code"], fault["pointer"]) for fault in refused["errors"]] == [(code, pointer)]


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_has_one_to_five_hundred_people(doors: Doors, count: int):
    refused = doors.call("POST", BATCH, {"people": [member(place) for place in range(count)]})

    assert refused.status_code == 422
