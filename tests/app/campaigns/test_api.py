"""Campaigns over HTTP: written, weighed, scheduled, stopped; keys without the scope are refused."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.campaigns import api
from app.campaigns.launch import Turn, run_due
from app.db.transaction import begin
from app.house import House
from orders_core.ids import new_id, show
from tests.app.campaigns.crowd import gather, settings
from tests.doors import Doors, open_doors
from tests.shop import Shop

TEAS: dict[str, Any] = {
    "name": "Autumn teas",
    "title_zh": "秋茶到店",
    "body_zh": "今年的秋茶已经到店。",
    "title_en": "Autumn teas are here",
    "body_en": "They have arrived.",
    "pace_per_minute": 600,
}


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        gather(tx, 200)
    with open_doors(shop, api.router) as opened:
        house = opened.client.app.state.house  # type: ignore[attr-defined]
        opened.client.app.state.house = replace(house, settings=settings())  # type: ignore[attr-defined]
        yield opened


def written(doors: Doors, **more: Any) -> str:
    reply = doors.call("POST", "/v1/campaigns", TEAS | more)
    assert reply.status_code == 201, reply.text
    return f"/v1/campaigns/{reply.json()['id']}"


def test_a_campaign_goes_from_draft_to_its_end(doors: Doors, house: House) -> None:
    at = written(doors)

    assert doors.call("POST", f"{at}/estimate").status_code == 202
    while run_due(house):
        pass
    shown = doors.get(at)
    assert shown["state"] == "draft"
    assert shown["reach"]["state"] == "counted"
    assert shown["reach"]["outcomes"]["send"] == 120

    assert doors.call("POST", f"{at}/schedule").json()["state"] == "scheduled"
    Turn(house).step()
    assert doors.call("POST", f"{at}/pause", {"why": "a typo"}).json()["state"] == "paused"
    assert doors.call("POST", f"{at}/resume").json()["state"] == "running"
    stands = doors.call("POST", f"{at}/cancel", {"why": "wrong price"}).json()

    assert stands["state"] == "cancelled"
    assert (stands["asked"], stands["decided"]) == (200, 100)
    assert set(stands["messages"]) == {"cancelled"}
    assert stands["moves"][-1]["why"] == "wrong price"
    assert doors.get(f"{at}/progress")["outcomes"] == stands["outcomes"]


def test_asking_twice_under_one_key_writes_one_campaign(doors: Doors) -> None:
    first = doors.call("POST", "/v1/campaigns", TEAS, **{"Idempotency-Key": "teas"})
    again = doors.call("POST", "/v1/campaigns", TEAS, **{"Idempotency-Key": "teas"})

    assert again.json() == first.json()
    assert len(doors.get("/v1/campaigns")["data"]) == 1


def test_a_draft_is_rewritten_whole_and_only_while_it_is_one(doors: Doors) -> None:
    at = written(doors)

    changed = doors.call("PUT", at, {"name": "Teas", "segment": {"locale": "en"}}).json()
    assert (changed["segment"], changed["title_zh"]) == ({"locale": "en"}, "")
    assert doors.refusal("POST", f"{at}/schedule", {}) == (422, "campaign_unready")
    doors.call("PUT", at, TEAS)
    doors.call("POST", f"{at}/schedule")

    assert doors.refusal("PUT", at, TEAS) == (409, "campaign_moved")
    assert doors.call("POST", f"{at}/abort").json()["state"] == "draft"


def test_the_people_of_an_outcome_come_page_by_page(doors: Doors, house: House) -> None:
    at = written(doors, pace_per_minute=None)
    doors.call("POST", f"{at}/schedule")
    while run_due(house):
        pass

    first = doors.get(f"{at}/people", outcome="no_consent", limit=15)
    rest = doors.get(f"{at}/people", outcome="no_consent", limit=15, after=first["next"])

    assert (len(first["data"]), len(rest["data"]), rest["has_more"]) == (15, 5, False)
    assert not {row["person"] for row in first["data"]} & {row["person"] for row in rest["data"]}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"segment": {"age": 30}}, "unknown_field"),
        ({"segment": {"zone": "Mars/Base"}}, "unknown_zone"),
        ({"segment": {"locale": "fr"}}, "unknown_value"),
        ({"segment": {"bought_within_days": 0}}, "out_of_range"),
        ({"wall": "2026-11-11T09:00:00Z"}, "bad_wall_time"),
        ({"wall": "2026-02-30T09:00"}, "bad_wall_time"),
        ({"timing": "soon"}, "unknown_value"),
        ({"title_zh": "秋茶\n到店"}, "line_break"),
        ({"pace_per_minute": 0}, "out_of_range"),
        ({"name": ""}, "string_too_short"),
    ],
)
def test_what_cannot_be_is_refused(doors: Doors, wrong: dict[str, Any], code: str) -> None:
    status, said = doors.refusal("POST", "/v1/campaigns", TEAS | wrong)

    assert status == 422
    assert said in {code, "too_short"}


def test_a_campaign_that_is_not_there_is_not_found(doors: Doors) -> None:
    missing = f"/v1/campaigns/{show('cmp', new_id())}"

    assert doors.refusal("POST", f"{missing}/pause", {}) == (404, "not_found")
    assert doors.call("GET", missing).status_code == 404


def test_a_key_that_may_only_read_changes_nothing(shop: Shop) -> None:
    with open_doors(shop, api.router, scopes=["campaigns:read"]) as doors:
        assert doors.refusal("POST", "/v1/campaigns", TEAS) == (403, "missing_scope")
        assert doors.call("GET", "/v1/campaigns").json()["data"] == []


def test_a_day_with_an_hour_for_each_person_says_for_how_many_it_knew_one(doors: Doors) -> None:
    best = written(doors, timing="best", wall="2026-03-03T10:00")
    plain = written(doors)

    assert doors.call("POST", f"{best}/schedule").status_code == 202
    assert doors.get(f"{best}/progress")["times"] == {"chosen": 0, "known": 0, "gain": None}
    assert doors.get(f"{plain}/progress")["times"] is None
