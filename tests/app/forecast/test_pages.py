"""The page of the forecast: what a lead sees first, and what they can check."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from app.forecast import make, plan_store, roster_store
from app.forecast.roster import by_halves
from tests.app.forecast.history import HOUR, TONIGHT, furnish, house_of, told, weeks
from tests.buying import rows
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}
PASSWORD = "a long enough password"


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


@pytest.fixture
def lead(shop: Shop) -> Iterator[TestClient]:
    """The support lead, logged in."""
    with begin(shop.engine) as tx:
        staff.put(tx, email="lea@shop.example", name="Lea", password=PASSWORD, role=Role.LEAD)
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        csrf = token_of(opened.get("/login").text)
        sent = {"email": "lea@shop.example", "password": PASSWORD, "csrf": csrf}
        assert opened.post("/login", data=sent).status_code == 303
        yield opened


def plan_for(shop: Shop, *, rostered: int | None = 2) -> None:
    with begin(shop.engine) as tx:
        furnish(tx)
        if rostered is not None:
            hours = [MORNING + step * HOUR for step in range(-4, 24)]
            roster_store.put(tx, by_halves(dict.fromkeys(hours, rostered)))
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)


def test_without_a_past_the_page_teaches_how_to_bring_it_in(lead: TestClient) -> None:
    page = lead.get("/desk/forecast").text

    assert "No plan yet" in page
    assert "/v1/forecast/contacts" in page
    assert "Make a fresh plan" in page


def test_tonights_promotion_is_the_first_thing_seen(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    page = lead.get("/desk/forecast").text

    assert "Starts in 10 hours" in page
    assert page.index("Double 11 doors") < page.index("Contacts by half hour")
    assert "from 1 promotion that is over" in page
    assert "Learnt from 1 promotion of your own" in page


def test_shortfalls_are_named_in_words(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    with begin(shop.engine) as tx:
        tonight = plan_store.plan(tx, since=TONIGHT.starts_at, until=TONIGHT.ends_at)
    worst = max(tonight, key=lambda hour: hour.people_short)
    page = lead.get("/desk/forecast").text

    assert worst.people_short > 0
    assert f"{worst.people_needed} needed, 2 rostered" in page


def test_without_a_roster_nobody_is_called_missing(lead: TestClient, shop: Shop) -> None:
    plan_for(shop, rostered=None)
    page = lead.get("/desk/forecast").text

    assert "No roster is known" in page
    assert "0 rostered" not in page.split('id="missing"')[1]


def test_a_week_with_enough_people_says_so(lead: TestClient, shop: Shop) -> None:
    plan_for(shop, rostered=None)
    with begin(shop.engine) as tx:
        hours = [MORNING + step * HOUR for step in range(-20, 220)]
        roster_store.put(tx, by_halves(dict.fromkeys(hours, 90)))

    assert "Nobody is missing" in lead.get("/desk/forecast").text


def test_another_day_can_be_opened_and_nonsense_opens_the_next_promotion(
    lead: TestClient, shop: Shop
) -> None:
    plan_for(shop)

    assert "by half hour, Wed 4 Mar" in lead.get("/desk/forecast?day=2026-03-04").text
    for day in ("2026-03-77", "x", "2020-01-01"):
        assert "by half hour, Mon 2 Mar" in lead.get("/desk/forecast", params={"day": day}).text


def test_every_chart_is_also_a_table(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    page = lead.get("/desk/forecast").text

    assert page.count('<svg class="chart-plot"') == page.count("chart-table-frame") == 4
    assert page.count("<desc") == 4


def test_the_same_numbers_come_as_csv(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    answer = lead.get("/desk/forecast.csv")
    found = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    [tonight] = [row for row in found if row["from"] == TONIGHT.starts_at.isoformat()]

    assert len(found) == 8 * 48
    assert tonight["local_time"] == "2026-03-02 20:00"
    assert tonight["came"] == ""  # not yet
    assert float(tonight["usual"]) == 17
    assert found[0]["came"] == "1"


def test_a_lead_asks_for_a_fresh_plan_and_the_web_computes_nothing(
    lead: TestClient, shop: Shop
) -> None:
    plan_for(shop)
    csrf = token_of(lead.get("/desk/forecast").text)

    assert lead.post("/desk/forecast/runs", data={"csrf": csrf}).status_code == 303
    assert "A fresh plan is being made" in lead.get("/desk/forecast").text
    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run", "state = 'asked'") == 1


def test_both_languages_say_it(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    page = lead.get("/desk/forecast?lang=zh").text

    assert "双11 开门" in page
    assert "已排 2 人" in page


def test_what_contacts_are_about_is_drawn_group_by_group(lead: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        for about in ("where", "payment"):
            told(tx, weeks(3, until=MORNING), about=about, source=about)
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)
    page = lead.get("/desk/forecast").text

    assert "What they will write about" in page
    assert page.index("Where is it, when does it leave") < page.index("Paying, coupons, invoices")
    assert "Returns, exchanges, refunds" not in page
    assert page.count("chart-table-frame") == 6


def test_a_shop_with_little_history_is_told_that_the_plain_average_is_used(
    lead: TestClient, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)

    page = lead.get("/desk/forecast").text
    assert "too little history to judge a model by, so the plain average is used" in page
    assert "Nothing can be judged yet" in page
    assert "历史太短" in lead.get("/desk/forecast?lang=zh").text


def test_which_forecast_is_used_and_how_it_did_stands_in_a_table(
    lead: TestClient, shop: Shop
) -> None:
    plan_for(shop)

    page = lead.get("/desk/forecast").text
    assert "Which forecast is used" in page
    for decided in ("7 to 13 days before", "The day before", "After three open hours"):
        assert decided in page
    assert "80 % range held" in page
