"""What every page brings: keys, drafts, a count on the icon, a look that stays, a menu."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from orders_core.ids import PersonId
from tests.browser.conftest import Site
from tests.browser.window import PLAIN, log_in, opened

pytestmark = pytest.mark.browser

FIELD = "<textarea data-draft='try' aria-label='Draft'></textarea>"


def test_a_question_mark_lists_the_keys_and_a_switch_puts_them_to_rest(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(dialog.locator("kbd").first).to_have_text("/")
        dialog.get_by_role("switch").uncheck()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).not_to_be_focused()

        page.reload()
        page.get_by_role("button", name="Keyboard shortcuts").click()
        expect(dialog.get_by_role("switch")).not_to_be_checked()
        dialog.get_by_role("switch").check()
        dialog.get_by_role("button", name="Close").click()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_key_pressed_while_somebody_types_is_a_letter(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.get_by_role("searchbox").fill("")
        page.keyboard.type("who? / j")

        expect(page.get_by_role("searchbox")).to_have_value("who? / j")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_j_and_k_walk_the_lines_of_a_list(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.goto("/dev/outbox")
        rows = page.locator("[data-row]")
        page.keyboard.press("j")
        expect(rows.nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("k")
        expect(rows.nth(0)).to_be_focused()


def test_a_chosen_look_stays_and_needs_no_script(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        page.goto("/docs")
        page.locator("header").get_by_role("link", name="Dark").first.click()
        page.goto("/docs/problems")

        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == "rgb(24, 21, 18)"


def test_on_a_phone_the_menu_folds_and_opens_without_scripts(browser: Browser, site: Site) -> None:
    with opened(browser, site, ("en", "light", 390), scripts=False) as page:
        log_in(page)
        link = page.locator("header").get_by_role("link", name="Outbox")
        expect(link).to_have_count(0)
        page.locator("header").get_by_text("Menu").click()
        link.click()

        expect(page.get_by_role("heading", name="Outbox")).to_be_visible()


def test_unread_messages_are_counted_in_the_title_and_on_the_icon(
    browser: Browser, site: Site, letter: Callable[[PersonId, str], None]
) -> None:
    for title in ("Your question", "Your other question"):
        letter(site.scene.ana, title)
    with opened(browser, site, PLAIN) as page:
        page.goto(site.links.inbox(site.scene.ana))
        expect(page).to_have_title("(2) Your messages · Xiaoman Goods")
        expect(page.locator("link[rel=icon]")).to_have_attribute("type", "image/png")

        page.get_by_role("button", name="Mark all read").click()
        expect(page).to_have_title("Your messages · Xiaoman Goods")
        expect(page.locator("link[rel=icon]")).to_have_attribute("type", "image/svg+xml")


def test_the_link_to_a_view_is_copied(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        log_in(page)
        page.goto("/dev/outbox?channel=sms&lang=en&theme=light")
        page.get_by_role("button", name="Copy link to this view").click()

        expect(page.get_by_role("status")).to_have_text("Link copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{site.url}/dev/outbox?channel=sms"


def write_draft(page: Page, text: str) -> None:
    """Put a field for a draft on the page as the server would, and write into it."""
    page.evaluate("document.querySelector('[data-draft]')?.remove()")
    page.evaluate(
        "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", FIELD
    )
    page.get_by_label("Draft").fill(text)


def kept(page: Page) -> str | None:
    found: str | None = page.evaluate("localStorage.getItem('draft:try')")
    return found


def test_a_draft_is_kept_until_it_is_sent_or_somebody_logs_out(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        write_draft(page, "half a thought")
        page.reload()
        assert "half a thought" in (kept(page) or "")

        write_draft(page, "another")
        page.get_by_label("Draft").fill("")
        assert kept(page) is None

        write_draft(page, "somebody else's parcel")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")
        assert kept(page) is None


def test_a_draft_outlives_a_form_that_was_refused_but_not_one_that_arrived(
    browser: Browser, site: Site
) -> None:
    draft = "JSON.stringify({text: 'x', at: Date.now(), isSent: true})"
    sent = f"localStorage.setItem('draft:try', {draft})"
    with opened(browser, site, PLAIN) as page:
        page.goto("/login")
        page.evaluate(sent)
        page.goto("/nowhere")
        assert '"isSent":false' in (kept(page) or "")

        page.evaluate(sent)
        page.goto("/docs/problems")
        assert kept(page) is None
