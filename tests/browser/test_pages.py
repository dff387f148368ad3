"""Each page in each language, look and width: nothing for axe, the console or the CSP to say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from app.people.choices import Category
from orders_core.ids import show
from tests.browser.conftest import Site
from tests.scene import OPERATOR, PASSWORD

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
LOUD = frozenset({"error", "warning"})  # a refused style or script is told there too
Look = tuple[str, str, int]
LOOKS: list[Look] = [
    (lang, scheme, width)
    for lang in ("zh", "en")
    for scheme in ("light", "dark")
    for width in (1280, 390)
]


def places(site: Site) -> dict[str, str]:
    """Return what the addresses name."""
    scene, links = site.scene, site.links
    own = {
        "inbox": links.inbox(scene.lin),
        "preferences": links.preferences(scene.lin),
        "unsubscribe": links.unsubscribe(scene.lin, Category.OFFERS),
    }
    return {
        "order": show("ord", scene.order),
        "person": show("per", scene.lin),
        "other": show("per", scene.ana),
        "message": show("msg", scene.message),
        "mail": show("out", scene.mail),
        "text": show("out", scene.text),
        **{name: url.removeprefix(f"{site.url}/") for name, url in own.items()},
    }


@contextmanager
def opened(browser: Browser, site: Site, look: Look, *, scripts: bool = True) -> Iterator[Page]:
    """Open a page that fails the test on a console error or a request that leaves the house."""
    lang, scheme, width = look
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="zh-CN" if lang == "zh" else "en-GB",
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in LOUD else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.extend(_strangers(asked.url, site.url)))
    yield page
    context.close()
    assert [fault for fault in faults if "404" not in fault] == []


def _strangers(url: str, ours: str) -> list[str]:
    return [] if url.startswith((ours, "data:")) else [url]


def log_in(page: Page) -> None:
    page.goto("/login")
    page.fill("input[name=email]", OPERATOR)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/login'] button")
    page.wait_for_url("**/ops")


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
