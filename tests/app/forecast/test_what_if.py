"""What-ifs on the forecast over the API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.db.transaction import begin
from app.forecast import make, run_store, sends
from app.forecast.what_if_api import router
from tests.app.forecast.history import house_of
from tests.app.forecast.test_pages import plan_for
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

PATH = "/v1/forecast/what-if"
NOON = "2026-03-02T04:00:00Z"  # today's, by the shop's clock
CAMPAIGN = {"kind": "campaign", "audience": 50_000, "starts_at": NOON, "minutes": 60}
DELAY = {"kind": "delayed_parcels", "parcels": 800, "told_at": NOON, "days": 2}


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router, person_hour_minor=4_000, shop_currency="EUR") as opened:
        yield opened


def ask(doors: Doors, *happenings: Any) -> Any:
    return doors.call("POST", PATH, {"happenings": list(happenings)})


def test_a_campaign_stands_beside_the_plan_half_hour_by_half_hour(doors: Doors, shop: Shop):
    plan_for(shop)
    told = ask(doors, CAMPAIGN).json()
    slots = told["data"]

    assert told["contacts_added"]["expected"] == pytest.approx(300)
    assert told["contacts_added"]["low"] < 300 < told["contacts_added"]["high"]
    assert slots[0]["from"] == NOON
    assert sum(one["added"] for one in slots) == pytest.approx(300)
    for one in slots:
        assert one["with_it"]["expected"] == pytest.approx(one["plan"]["expected"] + one["added"])
        assert one["groups"] == {"presale": pytest.approx(one["added"])}
        assert one["with_it"]["people_needed"] >= one["plan"]["people_needed"]
    first = slots[0]
    assert first["with_it"]["people_needed"] > first["plan"]["people_needed"] + 3
    assert first["with_it"]["people_short"] == first["with_it"]["people_needed"] - 2


def test_hours_and_their_cost_are_the_people_that_come_on_top(doors: Doors, shop: Shop):
    plan_for(shop)
    told = ask(doors, CAMPAIGN).json()
    more = sum(
        one["with_it"]["people_needed"] - one["plan"]["people_needed"]
        for one in told["data"]
        if one["people_rostered"]
    )

    assert more > 0
    assert told["hours_added"] == pytest.approx(more / 2)
    assert told["cost_minor"] == round(more / 2 * 4_000)
    assert told["currency"] == "EUR"


def test_without_a_cost_of_an_hour_no_cost_is_made_up(shop: Shop):
    plan_for(shop)
    with open_doors(shop, router) as doors:
        assert ask(doors, CAMPAIGN).json()["cost_minor"] is None


def test_how_each_rate_is_known_is_said(doors: Doors, shop: Shop):
    plan_for(shop)
    outage = {"kind": "outage", "visitors": 900, "starts_at": NOON, "ends_at": "2026-03-02T06:00Z"}
    assumed = ask(doors, outage).json()
    told = ask(doors, {**CAMPAIGN, "contacts_per_thousand": 2}).json()

    assert [(one["cause"], one["known"]) for one in assumed["rates"]] == [
        ("outage", "assumed"),
        ("after_outage", "assumed"),
    ]
    assert told["rates"][0]["known"] == "told"
    assert told["contacts_added"]["expected"] == pytest.approx(100)


def test_a_run_learns_from_messages_that_left(shop: Shop):
    with begin(shop.engine) as tx:
        hours = [MORNING - timedelta(days=3 * step) for step in range(1, 40)]
        sends.announce(tx, "old", dict.fromkeys(hours, 2_000))
    plan_for(shop)
    with begin(shop.engine) as tx:
        run = run_store.latest(tx)
    assert run is not None
    assert {one["cause"] for one in run.facts["rates"]} >= {"message", "late_parcel", "outage"}
    assert all(one["sd"] > 0 for one in run.facts["rates"])


def test_several_happenings_come_together(doors: Doors, shop: Shop):
    plan_for(shop)
    delay = {"kind": "delayed_parcels", "parcels": 400, "told_at": NOON, "days": 2}
    short = {"kind": "stock_out", "orders_a_day": 100, "starts_at": NOON, "days": 1}
    apart = [ask(doors, one).json()["contacts_added"]["expected"] for one in (delay, short)]
    together = ask(doors, delay, short).json()

    assert together["contacts_added"]["expected"] == pytest.approx(sum(apart))
    assert {about for one in together["data"] for about in one["groups"]} == {
        "where",
        "delivery",
        "presale",
    }


def test_each_happening_has_its_share_of_the_whole(doors: Doors, shop: Shop):
    plan_for(shop)
    told = ask(doors, CAMPAIGN, DELAY, {**CAMPAIGN, "contacts_per_thousand": 2}).json()
    whole, parts = told["contacts_added"], told["happenings"]

    assert [one["kind"] for one in parts] == ["campaign", "delayed_parcels", "campaign"]
    for key in ("expected", "low", "high"):
        alone = ask(doors, DELAY).json()["contacts_added"][key]
        assert parts[1]["contacts_added"][key] == pytest.approx(alone)
    assert sum(one["contacts_added"]["expected"] for one in parts) == pytest.approx(
        whole["expected"]
    )
    assert sum(one["share"] for one in parts) == pytest.approx(1)
    assert whole["high"] < sum(one["contacts_added"]["high"] for one in parts)
    assert [{rate["known"] for rate in one["rates"]} for one in parts] == [
        {"assumed"},
        {"assumed"},
        {"told"},
    ]
    assert len(told["rates"]) == 4
    for one in told["data"]:
        assert sum(one["happenings"]) == pytest.approx(one["added"])


def test_five_come_together_and_six_are_refused(doors: Doors, shop: Shop):
    plan_for(shop)

    assert len(ask(doors, *[CAMPAIGN] * 5).json()["happenings"]) == 5
    assert ask(doors, *[CAMPAIGN] * 6).json()["errors"][0]["code"] == "too_many"
    assert ask(doors).json()["errors"][0]["code"] == "too_few"


def test_a_campaign_that_nobody_writes_about_is_answered_with_nothing(doors: Doors, shop: Shop):
    plan_for(shop)
    told = ask(doors, {**CAMPAIGN, "contacts_per_thousand": 0}).json()

    assert told["contacts_added"]["expected"] == 0
    assert told["happenings"][0]["share"] is None
    assert told["data"] == []


@pytest.mark.parametrize(
    ("second", "pointer", "code"),
    [
        ({**CAMPAIGN, "audience": 0}, "/happenings/1/audience", "out_of_range"),
        ({**CAMPAIGN, "starts_at": "2026-11-10"}, "/happenings/1/starts_at", "bad_datetime"),
        ({**CAMPAIGN, "size": 5}, "/happenings/1/size", "unknown_field"),
        ({**DELAY, "kind": "flood"}, "/happenings/1/kind", "unknown_value"),
        ({"parcels": 800}, "/happenings/1/kind", "missing_field"),
        ({"kind": "delayed_parcels", "parcels": 8}, "/happenings/1/told_at", "missing_field"),
        ({**DELAY, "days": 31}, "/happenings/1/days", "out_of_range"),
        (
            {"kind": "outage", "visitors": 9, "starts_at": NOON, "ends_at": NOON},
            "/happenings/1/ends_at",
            "bad_outage",
        ),
        ({**DELAY, "told_at": "2026-09-02T04:00:00Z"}, "/happenings/1/told_at", "bad_range"),
        ({**CAMPAIGN, "starts_at": "2026-02-02T04:00:00Z"}, "/happenings/1/starts_at", "bad_range"),
        ("flood", "/happenings/1", "not_object"),
    ],
)
def test_a_refusal_names_which_happening_and_which_field(
    doors: Doors, shop: Shop, second: Any, pointer: str, code: str
):
    plan_for(shop)
    said = ask(doors, CAMPAIGN, second).json()

    assert [(one["pointer"], one["code"]) for one in said["errors"]] == [(pointer, code)]
    assert said["code"] == code
    assert pointer in said["detail"]
    assert "flood" not in said["detail"]


def test_nothing_is_written(doors: Doors, shop: Shop):
    plan_for(shop)
    first = ask(doors, CAMPAIGN).json()

    assert make.run_due(house_of(shop), lambda: True) == 0
    assert ask(doors, CAMPAIGN).json() == first


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**CAMPAIGN, "starts_at": "2026-07-01T04:00:00Z"}, "bad_range"),
        ({**CAMPAIGN, "starts_at": "2026-02-20T04:00:00Z"}, "bad_range"),
        ({**CAMPAIGN, "audience": 0}, "out_of_range"),
        ({**CAMPAIGN, "kind": "flood"}, "unknown_value"),
        (
            {"kind": "outage", "visitors": 9, "starts_at": NOON, "ends_at": NOON},
            "bad_outage",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(doors: Doors, shop: Shop, body: Any, code: str):
    plan_for(shop)

    assert doors.refusal("POST", PATH, {"happenings": [body]}) == (422, code)


def test_past_half_hours_of_today_take_nothing_any_more(doors: Doors, shop: Shop):
    plan_for(shop)
    delay = {"kind": "delayed_parcels", "parcels": 400, "told_at": "2026-03-01T17:00Z", "days": 1}
    told = ask(doors, delay).json()

    assert min(one["from"] for one in told["data"]) == MORNING.isoformat().replace("+00:00", "Z")
