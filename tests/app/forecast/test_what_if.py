"""What-ifs on the forecast: over the API, on the page, and as a table."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from app.forecast import make, run_store, sends
from app.forecast.what_if_api import router
from tests.app.forecast.history import house_of
from tests.app.forecast.test_pages import PASSWORD, SAME, plan_for, token_of
from tests.doors import Doors, open_doors
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

PATH = "/v1/forecast/what-if"
NOON = "2026-03-02T04:00:00Z"  # today's, by the shop's clock
CAMPAIGN = {"kind": "campaign", "audience": 50_000, "starts_at": NOON, "minutes": 60}
FORM = "/desk/forecast/what-if?kind=campaign&size=50000&at=2026-03-02T12:00&hours=1"


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router, person_hour_minor=4_000, shop_currency="EUR") as opened:
        yield opened


@pytest.fixture
def lead(shop: Shop) -> Iterator[TestClient]:
    with begin(shop.engine) as tx:
        staff.put(tx, email="lea@shop.example", name="Lea", password=PASSWORD, role=Role.LEAD)
    app = pages_app(shop.engine, shop.clock, settings_of(shop, person_hour_minor=4_000))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        sent = {"email": "lea@shop.example", "password": PASSWORD}
        csrf = token_of(opened.get("/login").text)
        assert opened.post("/login", data={**sent, "csrf": csrf}).status_code == 303
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


def test_the_page_shows_the_answer_beside_the_plan_and_can_be_shared(lead: TestClient, shop: Shop):
    plan_for(shop)
    page = lead.get(FORM).text

    assert "About 300 more contacts" in page
    assert "That costs" in page
    assert "Assumed, not measured" in page
    assert 'value="50000"' in page
    assert 'value="2026-03-02T12:00"' in page
    assert page.count("chart-table-frame") == 2
    assert "/desk/forecast/what-if.csv?kind=campaign&amp;size=50000" in page


def test_the_page_speaks_chinese(lead: TestClient, shop: Shop):
    plan_for(shop)

    assert "假定值，未经测量" in lead.get(f"{FORM}&lang=zh").text


@pytest.mark.parametrize("kind", ["delayed_parcels", "stock_out", "outage"])
def test_every_kind_is_drawn(lead: TestClient, shop: Shop, kind: str):
    plan_for(shop)
    page = lead.get(f"{FORM.replace('campaign', kind)}&hours=72")

    assert page.status_code == 200
    assert "Hour by hour" in page.text


def test_without_a_plan_and_outside_of_it_the_page_says_what_to_do(lead: TestClient, shop: Shop):
    assert "There is no plan to hold it beside" in lead.get("/desk/forecast/what-if").text
    plan_for(shop)

    assert "Show what it would bring" in lead.get("/desk/forecast/what-if").text
    assert "Nothing is planned for that time" in lead.get(FORM.replace("03-02T", "09-02T")).text


def test_the_forecast_leads_to_it(lead: TestClient, shop: Shop):
    plan_for(shop)

    assert "/desk/forecast/what-if" in lead.get("/desk/forecast").text


def test_the_table_has_the_half_hours_that_change(lead: TestClient, shop: Shop):
    plan_for(shop)
    answer = lead.get(FORM.replace("what-if?", "what-if.csv?"))
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))

    assert lines[0]["local_time"] == "2026-03-02 12:00"
    assert sum(float(one["added"]) for one in lines) == pytest.approx(300, abs=0.1)
    assert len(lines) == 11  # sent within an hour, answered within five
