"""Each page in each language, look and width: nothing for axe, the console or the CSP to say."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site
from tests.browser.window import Look, log_in, opened, places

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS")  # a folder: keep a picture of every page
STAFF_PAGES = (
    "ops",
    "ops/books",
    "ops/search",
    "ops/search?q=nobody",
    "ops/orders/{order}",
    "ops/people/{person}",
    "ops/people/{other}",
    "ops/messages/{message}",
    "dev/outbox",
    "dev/outbox/{mail}",
    "dev/outbox/{text}",
)
OPEN_PAGES = ("login", "docs", "docs/problems", "nowhere")
OWN_PAGES = ("{inbox}", "{inbox}?folder=away", "{preferences}", "{unsubscribe}")
LOOKS: list[Look] = [
    (lang, scheme, width)
    for lang in ("zh", "en")
    for scheme in ("light", "dark")
    for width in (1280, 390)
]


def judge(page: Page, site: Site, address: str, look: Look) -> None:
    """Check one page; `address` may name things of the scene."""
    answer = page.goto(f"/{address.format(**places(site))}")
    assert answer is not None
    assert answer.status == (404 if address == "nowhere" else 200), address
    page.wait_for_load_state("load")
    _shoot(page, address, look)
    width: Any = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{address} scrolls sideways by {width} px at {look}"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{address} {look}\n{found.generate_report()}"


def _shoot(page: Page, address: str, look: Look) -> None:
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        name = "".join(mark if mark.isalnum() else "-" for mark in address)
        page.screenshot(path=folder / f"{name}.{'.'.join(map(str, look))}.png", full_page=True)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_every_page_is_sound_in_every_look(browser: Browser, site: Site, look: Look) -> None:
    with opened(browser, site, look) as page:
        for address in (*OPEN_PAGES, *OWN_PAGES):
            judge(page, site, address, look)
        log_in(page)
        for address in STAFF_PAGES:
            judge(page, site, address, look)
