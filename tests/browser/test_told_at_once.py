"""What is read or put away on one device shows on the others at once: page, embedded inbox, API."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from orders_core.ids import PersonId, show
from tests.browser.conftest import Site
from tests.browser.shopfront import bell, front, token_of
from tests.browser.window import PLAIN, opened

pytestmark = pytest.mark.browser

Letter = Callable[[PersonId, str], None]
AT_ONCE_MS = 10_000  # on a loaded machine; a stream that hears nothing says so after 25 s


def is_stream(answer: Response) -> bool:
    return answer.url.endswith("/stream") and answer.ok


def open_inbox(page: Page, site: Site, whose: PersonId) -> None:
    """Open somebody's inbox and wait until it hears of news."""
    with page.expect_response(is_stream):
        page.goto(site.links.inbox(whose).removeprefix(site.url) + "?lang=en")


def shows(page: Page, unread: int) -> None:
    """Expect how many lines are unread, in the page's title and above its list."""
    title = rf"^\({unread}\) " if unread else r"^(?!\()"
    expect(page).to_have_title(re.compile(title), timeout=AT_ONCE_MS)
    words = f"{unread} unread" if unread else "All read"
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=AT_ONCE_MS)


def rings(shop: Page, unread: int) -> None:
    """Expect how many lines the bell in the shop's page counts."""
    words = f"{unread} unread" if unread else "no unread|nothing unread|Your messages$"
    expect(bell(shop)).to_have_accessible_name(re.compile(words), timeout=AT_ONCE_MS)


def test_reading_on_the_phone_falls_everywhere_at_once(
    browser: Browser, site: Site, letter: Letter
) -> None:
    whose = site.scene.ana
    for title in ("one", "two", "three"):
        letter(whose, title)
    with (
        opened(browser, site, PLAIN) as phone,
        opened(browser, site, PLAIN) as desk,
        front(browser, site, PLAIN, token=token_of(site, whose)) as shop,
    ):
        for page in (phone, desk):
            open_inbox(page, site, whose)
            shows(page, 3)
        rings(shop, 3)
        line = phone.get_by_role("article").filter(has=phone.get_by_role("heading", name="two"))
        line.get_by_role("button", name="Mark read").click()
        shows(desk, 2)
        rings(shop, 2)

        bell(shop).click()
        shop.get_by_role("button", name="Put away: one").click()
        expect(desk.get_by_role("heading", name="one")).to_have_count(0, timeout=AT_ONCE_MS)
        for page in (phone, desk):
            shows(page, 1)

        key = key_of(site)
        lines = f"{site.url}/v1/people/{show('per', whose)}/inbox"
        asked = desk.request.get(lines, headers=key).json()["data"]
        items = [one["id"] for one in asked if one["title"] == "three"]
        assert desk.request.post(f"{lines}/read", headers=key, data={"items": items}).ok
        for page in (phone, desk):
            shows(page, 0)
        rings(shop, 0)


def key_of(site: Site) -> dict[str, str]:
    with begin(site.shop.engine) as tx:
        key = make_key(tx, label="a program of the shop", scopes=KEY_SCOPES)
    return {"authorization": f"Bearer {key}"}
