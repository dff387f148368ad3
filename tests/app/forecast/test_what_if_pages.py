"""What-ifs on the forecast: on the page, whose form is in its address, and as a table."""

import csv
import io
from collections.abc import Iterator
from html import escape

import pytest
from starlette.testclient import TestClient

from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from tests.app.forecast.test_pages import PASSWORD, SAME, plan_for, token_of
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop

FORM = "/desk/forecast/what-if?kind=campaign&size=50000&at=2026-03-02T12:00&hours=1"
LATE = "kind=delayed_parcels&size=800&at=2026-03-03T00:00&hours=48"
BOTH = f"{FORM}&{LATE}"


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


def test_several_are_named_in_the_address_and_answered_together(lead: TestClient, shop: Shop):
    plan_for(shop)
    page = lead.get(BOTH).text

    assert "About 476 more contacts" in page
    assert "What each brings" in page
    assert "1. A campaign is sent <small>50,000 · 2 Mar, 12:00 · 1 hour</small>" in page
    assert "2. Parcels are delayed <small>800 · 3 Mar, 00:00 · 2 days</small>" in page
    assert page.count('class="chart-spark"') == 2
    assert '<td class="figure" data-name="Share">63 %</td>' in page
    assert page.count("Assumed, not measured") == 3
    assert f'{escape(BOTH.partition("?")[2]).replace(":", "%3A")}" download' in page
    assert "各项带来的进线" in lead.get(f"{BOTH}&lang=zh").text


def test_without_scripts_a_form_grows_and_shrinks_and_keeps_what_stands_in_it(
    lead: TestClient, shop: Shop
):
    plan_for(shop)
    grown = lead.get(f"{FORM}&add=1")
    address, _, place = grown.headers["location"].partition("#")
    page = lead.get(address).text

    assert (grown.status_code, place) == (303, "happening-2")
    assert "About 300 more contacts" in page
    assert "Not counted until you say how many" in page
    assert '<option value="delayed_parcels" selected>' in page
    assert page.count('value="2026-03-02T12:00"') == 2
    shrunk = lead.get(f"{BOTH}&remove=1").headers["location"]
    left = lead.get(shrunk.partition("#")[0]).text
    assert "kind=delayed_parcels&size=800" in shrunk
    assert "campaign" not in shrunk
    assert 'name="remove"' not in left
    assert "About 176 more contacts" in left


def test_enter_in_a_field_asks(lead: TestClient, shop: Shop):
    plan_for(shop)
    form = lead.get(BOTH).text.partition('<form class="card happenings"')[2]

    assert "name=" not in form[form.index("<button") :].partition(">")[0]
    assert form.index("<button") < form.index('name="remove"')


def test_five_rows_are_the_most_of_a_form(lead: TestClient, shop: Shop):
    plan_for(shop)
    row = FORM.partition("?")[2]
    five = f"{FORM}{f'&{row}' * 4}"
    page = lead.get(five).text

    assert "About 1,500 more contacts" in page
    assert "5 at once are the most" in page
    assert 'name="add"' not in page
    assert lead.get(f"{five}&add=1").headers["location"].count("kind=") == 5
    assert lead.get(f"{five}&{row}").status_code == 422


def test_a_row_that_is_wrong_or_outside_is_said_and_the_others_are_answered(
    lead: TestClient, shop: Shop
):
    plan_for(shop)
    wrong = lead.get(f"{FORM}&{LATE.replace('800', '-8')}").text
    outside = lead.get(f"{FORM}&{LATE.replace('03-03T', '09-03T')}").text

    assert "Not counted: write a whole number" in wrong
    assert 'value="-8" aria-invalid="true"' in wrong
    assert "About 300 more contacts" in wrong
    assert "Happening 2 adds nothing" in outside
    assert "About 300 more contacts" in outside
    assert "write a whole number" in lead.get(FORM.replace("50000", "many")).text


def test_the_page_speaks_chinese(lead: TestClient, shop: Shop):
    plan_for(shop)

    assert "假定值，未经测量" in lead.get(f"{FORM}&lang=zh").text


@pytest.mark.parametrize("kind", ["delayed_parcels", "stock_out", "outage"])
def test_every_kind_is_drawn(lead: TestClient, shop: Shop, kind: str):
    plan_for(shop)
    page = lead.get(FORM.replace("campaign", kind).replace("hours=1", "hours=72"))

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


def test_of_several_the_table_says_what_each_adds(lead: TestClient, shop: Shop):
    plan_for(shop)
    answer = lead.get(BOTH.replace("what-if?", "what-if.csv?"))
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))

    assert sum(float(one["added_1_campaign"]) for one in lines) == pytest.approx(300, abs=0.1)
    for one in lines:
        parts = float(one["added_1_campaign"]) + float(one["added_2_delayed_parcels"])
        assert parts == pytest.approx(float(one["added"]), abs=0.011)
