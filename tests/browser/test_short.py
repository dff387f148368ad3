"""The case about missing goods in a real browser: sound in every look, worked by keyboard only."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.access import staff
from app.db.transaction import begin
from app.desk.case import Case
from app.desk.short import open_short
from app.settings import Settings
from orders_core.events import Change
from orders_core.shortage.choice import Refund, Wait
from orders_core.shortage.choose import choose
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.window import PLAIN, opened
from tests.buying import MUG, bought, fill, move_in, paid
from tests.scene import PASSWORD
from tests.shorts import counted

pytestmark = pytest.mark.browser

AGENT = "mei@shop.example"
SETTINGS = Settings(mode="test", public_url="https://shop.example")


@pytest.fixture(scope="module")
def case(site: Site) -> Iterator[Case]:
    """Twelve orders that lack mugs; some shoppers have chosen."""
    now = site.shop.clock.now()
    with begin(site.shop.engine) as tx:
        staff.put(tx, email=AGENT, name="Mei", password=PASSWORD, role="agent")
        move_in(tx)
        fill(tx, {MUG: 36})
        orders = [paid(tx, bought(tx, (MUG, 3))) for _ in range(12)]
        counted(tx, 1, at=now)
        by = Change(by="shopper", why="asked_by_shopper", at=now)
        choose(tx, orders[3], Refund(), change=by)
        choose(tx, orders[5], Wait(now + timedelta(days=7)), change=by)
        [made] = open_short(tx, orders, settings=SETTINGS, now=now)
    yield made
    with begin(site.shop.engine) as tx:
        tx.execute(text("DELETE FROM support_case WHERE about IS NOT NULL"))


def enter(page: Page) -> None:
    page.goto("/login?next=/desk")
    page.fill("input[name=email]", AGENT)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/login'] button")
    page.wait_for_url("**/desk")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_case_about_goods_is_sound_in_every_look(
    browser: Browser, site: Site, case: Case, lang: str
) -> None:
    with opened(browser, site, (lang, "light", 1280)) as page:
        enter(page)
        sweep(page, site, [f"desk/cases/{case.ref}"], lang)


def test_an_agent_takes_and_resolves_it_by_keyboard_only(
    browser: Browser, site: Site, case: Case
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{case.ref}")
        expect(page.locator("main h1")).to_have_text("MUG · main")
        expect(page.locator("tbody tr")).to_have_count(12)
        page.keyboard.press("a")
        expect(page.locator(".just-done")).to_contain_text("yours")
        page.keyboard.press("e")
        expect(page.locator(".just-done")).to_contain_text("resolved")
