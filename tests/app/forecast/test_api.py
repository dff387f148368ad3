"""The doors of the forecast: what goes in, what comes out, what is refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.db.transaction import begin
from app.forecast import make
from app.forecast.api import router
from tests.app.forecast.history import HOUR, TONIGHT, furnish, house_of, told, weeks
from tests.buying import rows
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

NINE = MORNING - HOUR
DOORS = {
    "name_zh": "双11 开门",
    "name_en": "Double 11 doors",
    "starts_at": "2026-03-02T20:00:00+08:00",
    "ends_at": "2026-03-03T00:00:00+08:00",
    "skus": ["mug"],
}


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router) as opened:
        yield opened


def text_of(hour: Any) -> str:
    return str(hour.isoformat()).replace("+00:00", "Z")


def contacts(*counts: int, source: str = "phone") -> dict[str, Any]:
    hours = [
        {"hour": text_of(NINE - step * HOUR), "contacts": count}
        for step, count in enumerate(counts)
    ]
    return {"source": source, "hours": hours}


def test_contacts_told_again_take_the_new_count(doors: Doors, shop: Shop):
    assert doors.call("PUT", "/v1/forecast/contacts", contacts(5, 6)).json()["hours"] == 2
    assert doors.call("PUT", "/v1/forecast/contacts", contacts(7)).status_code == 200

    with begin(shop.engine) as tx:
        assert rows(tx, "contact_slot") == 4
        assert rows(tx, "contact_slot", "contacts = 4") == 1  # 7 is 4 and 3, 5 was 3 and 2


def test_a_promotion_asks_for_a_fresh_plan_if_it_is_news(doors: Doors, shop: Shop):
    path = "/v1/forecast/promotions/double-11"
    told = doors.call("PUT", path, DOORS).json()
    assert told["starts_at"] == "2026-03-02T12:00:00Z"
    assert told["skus"] == ["MUG"]
    make.run_due(house_of(shop), lambda: True)
    doors.call("PUT", path, DOORS)

    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run") == 1
    doors.call("PUT", path, {**DOORS, "name_en": "Doors at eight"})
    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run") == 2
        assert rows(tx, "promotion") == 1
    assert doors.get("/v1/forecast/promotions")["data"][0]["name_en"] == "Doors at eight"


def test_the_plan_is_read_by_half_hour_with_who_is_rostered(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
    rostered = [{"hour": text_of(TONIGHT.starts_at), "people": 2}]
    doors.call("PUT", "/v1/forecast/roster", {"hours": rostered})
    asked = doors.call("POST", "/v1/forecast/runs").json()
    assert asked["state"] == "asked"
    assert doors.get("/v1/forecast/plan")["run"] is None
    make.run_due(house_of(shop), lambda: True)

    run = doors.get(f"/v1/forecast/runs/{asked['id']}")
    plan = doors.get("/v1/forecast/plan")
    tonight = next(h for h in plan["data"] if h["from"] == text_of(TONIGHT.starts_at))
    assert run["state"] == "stored"
    assert run["facts"]["learnt_until"]
    assert plan["run"]["why"] == "hourly"  # the day is put right after what was learnt
    assert len(plan["data"]) == 7 * 48
    assert "groups" not in tonight
    assert tonight["people_rostered"] == 2
    assert tonight["people_short"] == tonight["people_needed"] - 2
    assert tonight["low"] <= tonight["expected"] <= tonight["high"]
    assert list(tonight["quantiles"]) == ["0.025", "0.1", "0.5", "0.9", "0.975"]


def test_the_plan_is_read_by_what_contacts_are_about(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        for about in ("where", "return"):
            told(tx, weeks(3, until=MORNING), about=about, source=about)
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)

    first = doors.get("/v1/forecast/plan", by="group")["data"][0]
    assert set(first["groups"]) == {"where", "return"}
    assert sum(one["expected"] for one in first["groups"].values()) == pytest.approx(
        first["expected"]
    )
    assert doors.refusal("GET", "/v1/forecast/plan?by=weather", None)[0] == 422


def test_asking_twice_under_one_key_asks_once(doors: Doors):
    keyed = {"Idempotency-Key": "k1"}
    first = doors.call("POST", "/v1/forecast/runs", **keyed)
    second = doors.call("POST", "/v1/forecast/runs", **keyed)

    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()


def test_a_stretch_of_the_plan_can_be_asked_for(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)

    plan = doors.get(
        "/v1/forecast/plan",
        **{"from": text_of(TONIGHT.starts_at), "to": text_of(TONIGHT.ends_at)},
    )
    assert len(plan["data"]) == 8


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("PUT", "contacts", {**contacts(5), "hours": []}, "too_few"),
        ("PUT", "contacts", contacts(-1), "out_of_range"),
        ("PUT", "contacts", contacts(5, source=""), "too_short"),
        (
            "PUT",
            "contacts",
            {"source": "p", "hours": [{"hour": "2026-03-02T12:30:00Z", "contacts": 1}]},
            "not_whole_hour",
        ),
        (
            "PUT",
            "roster",
            {"hours": [{"hour": "2026-03-02T12:00:00", "people": 1}]},
            "timezone_required",
        ),
        ("PUT", "promotions/x", {**DOORS, "ends_at": DOORS["starts_at"]}, "ends_before_start"),
        ("PUT", "promotions/x", {**DOORS, "discount": 3}, "unknown_field"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    doors: Doors, method: str, path: str, body: Any, code: str
):
    reply = doors.call(method, f"/v1/forecast/{path}", body)

    assert reply.status_code == 422
    assert reply.json()["errors"][0]["code"] == code


def test_too_many_hours_at_once_are_refused(doors: Doors):
    reply = doors.call("PUT", "/v1/forecast/contacts", contacts(*[1] * 2_001))

    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, "too_many")


def test_a_range_that_is_empty_or_too_long_is_refused(doors: Doors):
    for until in (MORNING - 5 * HOUR, MORNING + timedelta(days=70)):
        path = f"/v1/forecast/plan?to={text_of(until)}"
        assert doors.refusal("GET", path, None) == (422, "bad_range")


def test_reading_and_writing_are_two_rights(shop: Shop):
    with open_doors(shop, router, scopes=["forecast:read"]) as reading:
        assert reading.call("GET", "/v1/forecast/plan").status_code == 200
        assert reading.refusal("PUT", "/v1/forecast/contacts", contacts(1)) == (
            403,
            "missing_scope",
        )
    with open_doors(shop, router, scopes=["forecast:write"]) as writing:
        assert writing.refusal("GET", "/v1/forecast/plan", None) == (403, "missing_scope")


def test_a_run_that_is_not_there_is_a_404(doors: Doors):
    assert doors.refusal("GET", f"/v1/forecast/runs/fcr_{'0' * 26}", None) == (404, "not_found")
