"""People over HTTP: written by the shop's own references, refused with the field that is wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.db.transaction import begin
from app.people import api, choices_api
from app.rules import rule, standard
from orders_core.ids import new_id, show
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

XIAOYU: dict[str, Any] = {
    "name": "林小雨",
    "locale": "zh-CN",
    "zone": "Asia/Shanghai",
    "email": "xiaoyu@mail.example",
    "phone": "138 0013 8000",
    "consents": [{"channel": "email", "granted": True, "source": "checkout"}],
}
C1 = "/v1/people/c-1"
REFUSED: list[tuple[str, Any, str]] = [
    ("email", "a@b", "bad_email"),
    ("email", "x" * 65 + "@mail.example", "bad_email"),
    ("email", '"a b"@mail.example', "bad_email"),
    ("phone", "010-62552288", "not_textable"),
    ("phone", "hello", "bad_phone"),
    ("zone", "EST5", "unknown_zone"),
    ("zone", "Asia/Peking", "unknown_zone"),
    ("locale", "cn", "unknown_locale"),
    ("name", 7, "not_text"),
    ("name", "a\u202eb", "bad_text"),
    ("points", 100, "unknown_field"),
    ("id", "per_x", "unknown_field"),
    ("created_at", "2026-01-01T00:00:00Z", "unknown_field"),
    ("consents", [{"channel": "email", "granted": True}], "missing_field"),
    ("consents", [{"channel": "fax", "granted": True, "source": "x"}], "unknown_value"),
    ("consents", [{"channel": "email", "granted": "yes", "source": "x"}], "not_boolean"),
]


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, api.router, choices_api.router) as opened:
        yield opened


def test_a_new_reference_makes_a_person_and_a_known_one_changes_them(doors: Doors):
    made = doors.call("PUT", C1, XIAOYU)
    again = doors.call("PUT", C1, {"name": "小雨"})

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["id"] == again.json()["id"]
    assert again.json()["name"] == "小雨"
    assert again.json()["email"] == "xiaoyu@mail.example"


def test_what_was_said_comes_back_as_it_is_kept(doors: Doors):
    doors.call("PUT", C1, XIAOYU)

    shown = doors.get(C1)

    assert (shown["reference"], shown["locale"], shown["phone"]) == ("c-1", "zh", "+8613800138000")
    assert [(c["channel"], c["granted"], c["source"]) for c in shown["consents"]] == [
        ("email", True, "checkout")
    ]
    assert shown["inbox_url"].startswith("https://shop.example/i/")
    assert shown["preferences_url"].startswith("https://shop.example/p/")


def test_a_person_is_found_by_our_id_as_well(doors: Doors):
    made = doors.call("PUT", C1, XIAOYU).json()

    assert doors.get(f"/v1/people/{made['id']}")["reference"] == "c-1"
    changed = doors.call("PUT", f"/v1/people/{made['id']}", {"zone": "Asia/Tokyo"})
    assert (changed.status_code, changed.json()["zone"]) == (200, "Asia/Tokyo")


def test_null_takes_an_address_away(doors: Doors):
    doors.call("PUT", C1, XIAOYU)

    assert doors.call("PUT", C1, {"phone": None}).json()["phone"] is None
    assert doors.get(C1)["email"] == "xiaoyu@mail.example"


def test_what_cannot_be_taken_is_refused_with_its_field(doors: Doors):
    refused = []
    for field, value, _ in REFUSED:
        reply = doors.call("PUT", C1, {field: value}).json()
        assert reply["errors"][0]["pointer"].startswith(f"/{field}")
        refused.append((field, value, reply["code"]))

    assert refused == REFUSED
    assert doors.client.get(C1).status_code == 404


def test_a_wrong_zone_names_the_one_that_was_meant(doors: Doors):
    said = doors.call("PUT", C1, {"zone": "Asia/Peking"}).json()

    assert "did you mean Asia/Shanghai?" in said["detail"]


def test_whoever_is_not_known_answers_404(doors: Doors):
    stranger = show("per", new_id())

    assert doors.refusal("GET", f"/v1/people/{stranger}", None) == (404, "not_found")
    assert doors.refusal("PUT", f"/v1/people/{stranger}", {"name": "x"}) == (404, "not_found")
    assert doors.refusal("GET", "/v1/people/per_xyz", None) == (422, "bad_id")
    assert doors.refusal("GET", "/v1/people/nobody/preferences", None) == (404, "not_found")
    assert doors.refusal("POST", "/v1/people/nobody/devices", {"token": "x" * 20}) == (
        404,
        "not_found",
    )


def test_choices_are_read_and_written_in_one_form(doors: Doors):
    doors.call("PUT", C1, XIAOYU)
    before = doors.get(f"{C1}/preferences")

    changed = doors.call("PUT", f"{C1}/preferences", {"preferences": {"offers": {"email": False}}})

    assert before["preferences"]["offers"] == {
        "inapp": False,
        "email": True,
        "push": False,
        "sms": False,
    }
    assert changed.json()["preferences"]["offers"]["email"] is False
    assert doors.call("PUT", f"{C1}/preferences", before).json() == before


def test_a_choice_leaves_a_record_of_who_made_it(doors: Doors):
    doors.call("PUT", C1, XIAOYU)
    doors.call("PUT", f"{C1}/preferences", {"preferences": {"offers": {"push": True}}})

    push = [c for c in doors.get(C1)["consents"] if c["channel"] == "push"]
    assert push[0]["granted"]
    assert push[0]["source"].startswith("key:")


def test_choices_that_are_none_are_refused(doors: Doors):
    doors.call("PUT", C1, XIAOYU)
    bodies = [
        {"preferences": {"news": {"email": True}}},
        {"preferences": {"offers": {"fax": True}}},
        {"preferences": {"offers": {"email": 1}}},
        {},
    ]

    codes = [doors.refusal("PUT", f"{C1}/preferences", body)[1] for body in bodies]

    assert codes == ["unknown_value", "unknown_value", "not_boolean", "missing_field"]


def test_a_device_is_added_and_counted(doors: Doors):
    doors.call("PUT", C1, XIAOYU)

    assert doors.call("POST", f"{C1}/devices", {"token": "fcm:abcdef"}).status_code == 204
    assert doors.get(C1)["devices"] == 1


def test_a_consent_of_tomorrow_is_one_of_today(doors: Doors):
    said = {"channel": "sms", "granted": True, "source": "x", "at": "2030-01-01T00:00:00Z"}
    doors.call("PUT", C1, {"consents": [said]})
    taken_back = {"channel": "sms", "granted": False, "source": "y"}

    doors.call("PUT", C1, {"consents": [taken_back]})

    assert [c["granted"] for c in doors.get(C1)["consents"]] == [False]


def test_a_key_needs_the_right_scope(shop: Shop):
    with open_doors(shop, api.router, choices_api.router, scopes=["people:read"]) as doors:
        assert doors.refusal("PUT", C1, XIAOYU) == (403, "missing_scope")


def test_a_person_says_how_often_each_channel_rings(doors: Doors):
    doors.call("PUT", C1, XIAOYU)

    said = {"rhythms": {"email": "daily", "inapp": "hourly"}}
    doors.call("PUT", f"{C1}/rhythms", said)
    doors.call("PUT", f"{C1}/rhythms", {"rhythms": {"inapp": "now"}})

    assert doors.call("GET", f"{C1}/rhythms").json() == {
        "rhythms": {"inapp": "now", "email": "daily", "push": None, "sms": None}
    }


def test_a_rhythm_that_nobody_plays_is_refused(doors: Doors):
    doors.call("PUT", C1, XIAOYU)

    answer = doors.call("PUT", f"{C1}/rhythms", {"rhythms": {"email": "yearly"}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown_value"


def test_wide_choices_are_written_over_http(doors: Doors) -> None:
    doors.call("PUT", "/v1/people/c-9", {"name": "Nine"})
    path = "/v1/people/c-9/preferences"

    off = doors.call("PUT", path, {"preferences": {"*": {"*": False}, "orders": {"*": True}}})
    grid: dict[str, Any] = off.json()["preferences"]
    assert grid["orders"]["email"] is True
    assert grid["delivery"]["email"] is False

    back = doors.call("PUT", path, {"preferences": {"*": {"*": None}}})
    assert back.json()["preferences"]["delivery"]["email"] is True


def test_what_is_locked_is_refused_over_http_by_its_name(doors: Doors) -> None:
    doors.call("PUT", "/v1/people/c-9", {"name": "Nine"})
    locked = "rule,delivery,sms,no,yes,an SMS costs\n"
    head, mark, rest = (standard.sheet_of("preferences") or "").partition("rule,")
    with begin(doors.shop.engine) as tx:
        saved = rule.save(tx, head + locked + mark + rest, by="mia", why="test", now=MORNING)
        rule.publish(tx, "preferences", saved.version)

    refused = doors.call(
        "PUT", "/v1/people/c-9/preferences", {"preferences": {"delivery": {"sms": True}}}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "choice_locked")
    assert refused.json()["locked"] == ["delivery.sms"]
