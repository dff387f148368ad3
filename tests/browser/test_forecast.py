"""The forecast and the promotion room with a plan in them: sound in every look, and they move."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.db.transaction import begin
from app.forecast import make, roster_store
from app.forecast.contacts import heard
from app.forecast.roster import by_halves
from ml.load.slots import slot_of
from tests.app.forecast.history import HOUR, furnish, house_of
from tests.app.forecast.test_why import count
from tests.browser.conftest import Site
from tests.browser.judge import look_at, sweep
from tests.browser.window import PLAIN, Look, log_in, opened

pytestmark = pytest.mark.browser

THREE = (
    "kind=campaign&size=40000&at=&hours=3&kind=delayed_parcels&size=300&at=&hours=48"
    "&kind=outage&size=900&at=&hours=2"
)
PAGES = (
    "desk/forecast",
    "desk/forecast/roster",
    "desk/forecast/what-if?kind=delayed_parcels&size=300&hours=48",
    f"desk/forecast/what-if?{THREE}",
    "ops/promotion",
    "ops/promotion?wall=1",
    "ops/flow?window=7d",
)
TABLES = (
    "exposure_slot, forecast_group, forecast_slot, forecast_run, promotion, roster_slot,"
    " contact_slot, incoming"
)


@pytest.fixture(scope="module")
def planned(site: Site) -> Iterator[Site]:
    """A site with eight weeks behind it, a promotion tonight and a roster too small for it."""
    now = site.shop.clock.now()
    with begin(site.shop.engine) as tx:
        furnish(tx, now=now)
        first = now.replace(minute=0, second=0, microsecond=0)
        roster_store.put(tx, by_halves({first + step * HOUR: 2 for step in range(-10, 180)}))
        for events, weeks, hours in ((2, 6, 0), (9, 0, 3)):  # parcels, in trouble of late
            since = slot_of(now) - timedelta(weeks=weeks, hours=hours)
            count(tx, "parcels_in_trouble", events, since=since, until=slot_of(now))
        make.ask(tx, why="asked", by="test", now=now)
    make.run_due(house_of(site.shop), lambda: True)
    yield site
    with begin(site.shop.engine) as tx:
        tx.execute(text(f"TRUNCATE {TABLES}"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plan_and_the_room_are_sound_in_every_look(
    browser: Browser, planned: Site, lang: str
) -> None:
    with opened(browser, planned, (lang, "light", 1280)) as page:
        log_in(page)
        sweep(page, planned, PAGES, lang)


def test_the_letters_of_a_chart_keep_their_size_on_a_phone(browser: Browser, planned: Site) -> None:
    heights = []
    for width in (1280, 390):
        with opened(browser, planned, ("en", "light", width)) as page:
            log_in(page)
            page.goto("/desk/forecast")
            box = page.locator(".chart-ticks text").first.bounding_box()
            plot = page.locator(".chart-plot").first.bounding_box()
            assert box is not None
            assert plot is not None
            assert plot["x"] + plot["width"] <= width
            heights.append(round(box["height"]))

    assert heights[0] == heights[1] > 10


def test_the_room_moves_by_itself_and_nothing_jumps(browser: Browser, planned: Site) -> None:
    with opened(browser, planned, PLAIN) as page:
        log_in(page)
        page.goto("/ops/promotion")
        places = [card.bounding_box() for card in page.locator(".room > .card").all()]
        with begin(planned.shop.engine) as tx:
            for _ in range(3):
                heard(tx, at=planned.shop.clock.now(), how="order_page")
        shown = page.get_by_role("region", name="Contacts against the forecast")
        expect(shown.get_by_role("paragraph")).to_contain_text("3 this half hour", timeout=15_000)

        assert [card.bounding_box() for card in page.locator(".room > .card").all()] == places


def test_the_plan_can_be_read_without_scripts(browser: Browser, planned: Site) -> None:
    with opened(browser, planned, PLAIN, scripts=False) as page:
        log_in(page)
        page.goto("/desk/forecast")

        expect(page.get_by_role("heading", name="Double 11 doors")).to_be_visible()
        expect(page.get_by_role("img", name="People by half hour")).to_be_visible()
        page.get_by_text("The same as a table").first.click()
        expect(page.get_by_role("rowheader", name="20:00").first).to_be_visible()
        page.get_by_role("button", name="Make a fresh plan").click()
        expect(page.get_by_role("status")).to_contain_text("A fresh plan is being made")


def test_a_roster_is_looked_at_and_taken_over_on_a_phone(browser: Browser, planned: Site) -> None:
    look: Look = ("zh", "dark", 390)
    day = f"{planned.shop.clock.now() + timedelta(days=2):%Y-%m-%d}"
    with opened(browser, planned, look) as page:
        log_in(page)
        page.goto("/desk/forecast/roster")
        page.locator("textarea[name=text]").fill(f"日期,开始,结束,人数\n{day},09:00,17:30,6")
        page.get_by_role("button", name="查看会改动什么").click()
        look_at(page, "desk/forecast/roster-right", look)
        page.get_by_role("button", name="接收", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("已接收：17 个半小时")


def test_a_what_if_grows_and_shrinks_without_scripts(browser: Browser, planned: Site) -> None:
    with opened(browser, planned, ("en", "light", 390), scripts=False) as page:
        log_in(page)
        page.goto("/desk/forecast/what-if?kind=campaign&size=40000&hours=3")
        sizes = page.get_by_label("How many")
        sizes.first.fill("30000")
        page.get_by_role("button", name="Add another").click()
        expect(sizes).to_have_count(2)
        expect(sizes.first).to_have_value("30000")
        sizes.nth(1).fill("300")
        sizes.nth(1).press("Enter")
        expect(page.get_by_role("heading", name="What each brings")).to_be_visible()
        page.get_by_role("button", name="Remove happening 1").click()
        expect(sizes).to_have_count(1)
        expect(sizes.first).to_have_value("300")
