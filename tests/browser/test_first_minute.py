"""The first minute of a shopper and of an operator, by keyboard only."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text

from app.db.transaction import begin
from tests.browser.conftest import Site
from tests.browser.window import PLAIN, opened

pytestmark = pytest.mark.browser

MOST_TABS = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is where it is wanted."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, wanted: Locator) -> None:
    """Go there with Tab and press Enter."""
    expect(wanted).to_be_visible()
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_a_shopper_reads_their_news_learns_why_it_came_and_chooses_what_comes(
    browser: Browser, site: Site
) -> None:
    with begin(site.shop.engine) as tx:
        tx.execute(
            text("UPDATE person SET reference = 'xm-ada' WHERE id = :id"), {"id": site.scene.lin}
        )
    with opened(browser, site, PLAIN) as page:
        page.goto("/")
        press(page, page.get_by_role("button", name="Shopper"))
        page.wait_for_url("**/i/**")
        expect(page.locator(".letter").first).to_be_visible()

        news = page.locator(".letter", has_text="订单 100482").first
        press(page, news.locator("a[href*='/why/']").first)
        page.wait_for_url("**/why/**")
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("404")
        page.go_back()
        press(page, page.locator("main a[href*='/p/']").first)
        page.wait_for_url("**/p/**")
        box = page.locator("input[value='offers.email']")
        tab_to(page, box)
        was = box.is_checked()
        page.keyboard.press("Space")
        press(page, page.locator("main form", has=box).get_by_role("button"))

        expect(page.get_by_role("status").first).to_be_visible()
        assert page.locator("input[value='offers.email']").is_checked() is not was


def test_an_operator_sees_that_all_moves_and_finds_why_somebody_was_told(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site, PLAIN) as page:
        page.goto("/")
        press(page, page.get_by_role("button", name="Operator"))
        page.wait_for_url("**/ops")
        expect(page.locator("#board")).to_be_visible()

        tab_to(page, page.get_by_role("searchbox"))
        page.keyboard.type("100482")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Order 100482")).to_be_visible()
        press(page, page.locator("a[href^='/ops/messages/']").first)
        press(page, page.locator("details:has(.rules) > summary").first)

        expect(page.locator(".rules").first).to_be_visible()
