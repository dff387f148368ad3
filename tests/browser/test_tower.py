"""The bell tower in every language, light and width, before and after the story was told."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Route, expect
from sqlalchemy import text

from app.db.transaction import begin
from app.tower import wish_store
from app.tower.stage import Call, State, Step
from orders_core.ids import show
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.window import PLAIN, opened

pytestmark = pytest.mark.browser

CALLS = [Call(method="POST", path="/v1/orders", status=201, took_ms=12.5, said="100482")]
ANSWER = {
    "question": "Where is my order?",
    "answer": "Order 100482 left on 2 March.",
    "facts": [{"fact": "order.shipped_at", "sentence": "Order 100482 left on 2 March."}],
    "abstained": False,
}
OLDER_LOOK = """<input type="hidden" id="chosen-step" name="step" value="buy">
<h2 id="happened-title">Buy</h2>"""
RUSH = {"buyers": 3000, "units": 1000, "won": 1000, "sold_out": 2000, "failed": 0}


@pytest.fixture
def told(site: Site) -> Iterator[Site]:
    """A site whose tour was played to its end; taken back afterwards."""
    order, person = show("ord", site.scene.order), show("per", site.scene.lin)
    bought = {"order": order, "number": "100482", "person": person, "person_reference": "C-1001"}
    late = {"promised_at": "2026-03-04T02:00:00Z", "expected_at": "2026-03-05T02:00:00Z"}
    played: dict[Step, dict[str, Any]] = {
        Step.BUY: bought,
        Step.SHIP: {"carrier": "sf", "parcel": "SF1390482217654"},
        Step.LATE: late,
        Step.ASK: ANSWER,
        Step.DOORS: {**RUSH, "seconds": 4.2, "orders_per_second": 714},
        Step.PLUG: {
            "what": ["worker-fast"],
            "orders": 40,
            "told": 40,
            "slowest_seconds": 6.5,
            "lost": 0,
        },
    }
    with begin(site.shop.engine) as tx:
        for step, result in played.items():
            wish_id = wish_store.add(tx, step, bought if step is not Step.BUY else {})
            wish_store.hear(tx, wish_id, State.DONE, calls=CALLS, result=result)
    yield site
    with begin(site.shop.engine) as tx:
        tx.execute(text("DELETE FROM stage_wish"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tower_is_sound_in_every_look(browser: Browser, site: Site, lang: str) -> None:
    with opened(browser, site, (lang, "light", 1280)) as page:
        sweep(page, site, ["", "?step=doors"], lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_so_it_is_when_the_story_was_told(browser: Browser, told: Site, lang: str) -> None:
    with opened(browser, told, (lang, "light", 1280)) as page:
        sweep(page, told, [f"?step={step}" for step in Step], lang)


def test_the_newest_mail_is_loaded_once_however_often_the_page_looks(
    browser: Browser, told: Site
) -> None:
    with opened(browser, told, PLAIN) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
        for _ in range(3):
            with page.expect_response("**/tower/live*", timeout=15_000):
                pass

        assert sum("/tower/mail/" in url for url in asked) == 1
        frame = page.frame_locator("#mail-frame")
        expect(frame.locator("body")).to_contain_text("100482")


def test_the_clock_ticks_between_two_looks(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        page.goto("/")
        page.get_by_role("button", name="×60").click()
        face = page.locator("#clock-time")
        expect(page.get_by_role("button", name="×60")).to_have_attribute("aria-pressed", "true")
        before = face.inner_text()

        expect(face).not_to_have_text(before)
    site.shop.clock.set(site.shop.clock.now())


def test_without_scripts_every_button_works(browser: Browser, told: Site) -> None:
    with opened(browser, told, PLAIN, scripts=False) as page:
        page.goto("/?step=buy")
        page.get_by_role("link", name="Make it late").click()
        expect(page.locator("#happened-title")).to_contain_text("Make it late")
        page.get_by_role("button", name="Operator").click()

        expect(page).to_have_url(f"{told.url}/ops")


def test_a_look_that_was_under_way_does_not_take_a_pressed_step_back(
    browser: Browser, told: Site
) -> None:
    with opened(browser, told, PLAIN) as page:
        page.goto("/?step=buy")
        held: list[Route] = []
        page.route("**/tower/live*", lambda route: held.append(route))
        with page.expect_request("**/tower/live*", timeout=15_000):
            pass
        page.locator("#step-doors").get_by_role("button").click()
        expect(page.locator("#happened-title")).to_contain_text("Open the doors")
        with suppress(Error):  # the browser gave it up
            held[0].fulfill(body=OLDER_LOOK, content_type="text/html")
        page.unroute("**/tower/live*")
        with page.expect_response("**/tower/live?step=doors", timeout=15_000):
            pass

        expect(page.locator("#happened-title")).to_contain_text("Open the doors")
