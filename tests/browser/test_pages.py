"""Each page in each language, look and width; and each without scripts."""

from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import GROUPS
from tests.browser.conftest import Site
from tests.browser.judge import LOOKS, judge, sweep, visit
from tests.browser.window import PLAIN, log_in, opened

__all__ = ["LOOKS", "judge"]  # rooms that judge pages of their own find them here

pytestmark = pytest.mark.browser

BEHIND_A_LOGIN = {"house", "rooms"}
NOT_THERE = 400


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_sound_in_every_look(
    browser: Browser, site: Site, lang: str, group: str
) -> None:
    with opened(browser, site, (lang, "light", 1280)) as page:
        if group in BEHIND_A_LOGIN:
            log_in(page)
        sweep(page, site, GROUPS[group], lang)


def test_without_scripts_every_page_says_what_it_has_to_and_every_link_leads_somewhere(
    browser: Browser, site: Site
) -> None:
    links: set[str] = set()
    with opened(browser, site, PLAIN, scripts=False) as page:
        log_in(page)
        for address in chain.from_iterable(GROUPS.values()):
            visit(page, site, address)
            expect(page.locator("h1").first, address).to_be_visible()
            expect(page.locator("[data-copy]:visible"), address).to_have_count(0)
            links |= links_of(page)
        dead = {link for link in links if page.request.get(link).status >= NOT_THERE}

        assert dead == set()


def links_of(page: Page) -> set[str]:
    """Return the addresses of ours that a page leads to; none is clicked, so nothing changes."""
    found: Any = page.eval_on_selector_all(
        "main a[href^='/'], header nav a[href^='/']",
        "all => all.map((one) => one.getAttribute('href').split('#')[0])",
    )
    return set(found) - {""}
