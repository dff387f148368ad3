"""What a sound page is: nothing for axe, the console or the CSP to say, at every width and look.

`sweep` opens a page once for each language and turns the light and the width under it: the server
sends the same page to each, so four looks cost one. `judge` looks at a page in one look alone.
"""

import gzip
import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from app.http.pages import STATIC
from tests.browser.conftest import Site
from tests.browser.window import Look, places

SHOTS = os.environ.get("SHOTS")  # a folder: keep a picture of every page
LOOKS: list[Look] = [
    (lang, scheme, width)
    for lang in ("zh", "en")
    for scheme in ("light", "dark")
    for width in (1280, 390)
]
MOST_SCRIPT_BYTES = 120 * 1024  # of a page, gzipped
HEIGHT = 900
COLOURS = ["color-contrast", "link-in-text-block"]  # all that another light can spoil
AXE = """(rules) => axe.run(document, {
  resultTypes: ['violations'], ...(rules ? {runOnly: {type: 'rule', values: rules}} : {})
}).then((found) => found.violations.map((one) => one.id + ': '
  + one.nodes.map((node) => node.target + ' ' + node.failureSummary).join('\\n  ')))"""
UNSEEN_FOCUS = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, pre[tabindex="0"]')]
  .filter((one) => !one.disabled && one.checkVisibility({visibilityProperty: true}))
  .filter((one) => {
    one.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== one) return false;
    const seen = getComputedStyle(one);
    return !(seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) >= 1)
      && seen.boxShadow === 'none';
  }).map((one) => one.outerHTML.slice(0, 120))"""
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


def sweep(
    page: Page, site: Site, addresses: Sequence[str], lang: str, *, is_unfolded: bool = False
) -> None:
    """Check pages in both lights and at both widths; an address may name things of the scene.

    `is_unfolded` opens every fold of a page before it is looked at.
    """
    for address in addresses:
        _turn(page, (lang, "light", 1280))
        visit(page, site, address)
        if is_unfolded:
            for summary in page.locator("main details > summary").all():
                summary.click()
            page.wait_for_load_state("networkidle")
        _scripts_are_light(page, address)
        for look in ((lang, "light", 1280), (lang, "light", 390), (lang, "dark", 390)):
            _turn(page, look)
            _is_sound(page, address, look)
        _turn(page, (lang, "dark", 1280))
        _is_sound(page, address, (lang, "dark", 1280))
        _focus_is_seen(page, address)


def judge(page: Page, site: Site, address: str, look: Look) -> None:
    """Check one page in one look."""
    visit(page, site, address)
    _is_sound(page, address, look, is_whole=True)


def look_at(page: Page, address: str, look: Look) -> None:
    """Check a page as it stands, an answer to a form for one."""
    _is_sound(page, address, look, is_whole=True)


def visit(page: Page, site: Site, address: str) -> None:
    """Open a page that is there; `nowhere` is not, and says so."""
    answer = page.goto(f"/{address.format(**places(site))}")
    assert answer is not None
    assert answer.status == (404 if address == "nowhere" else 200), address
    page.wait_for_load_state("load")


def _turn(page: Page, look: Look) -> None:
    _, scheme, width = look
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": HEIGHT})


def _is_sound(page: Page, address: str, look: Look, *, is_whole: bool = False) -> None:
    _shoot(page, address, look)
    width: Any = page.evaluate(TOO_WIDE)
    assert width <= 0, f"{address} scrolls sideways by {width} px at {look}"
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe())
    rules = None if is_whole or look[1] == "light" else COLOURS
    found: Any = page.evaluate(AXE, rules)
    assert found == [], "\n".join([f"{address} {look}", *found])


def _scripts_are_light(page: Page, address: str) -> None:
    sources: Any = page.eval_on_selector_all("script[src]", "all => all.map((one) => one.src)")
    names = [urlsplit(source).path.removeprefix("/static/") for source in sources]
    total = sum(_gzipped(name) for name in names)
    assert total <= MOST_SCRIPT_BYTES, f"{address} loads {total} bytes of scripts"


def _focus_is_seen(page: Page, address: str) -> None:
    unseen: Any = page.evaluate(UNSEEN_FOCUS)
    assert unseen == [], f"{address}: who tabs here sees nothing: {unseen}"


@cache
def _gzipped(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes()))


@cache
def axe() -> str:
    """Return the script that judges."""
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def _shoot(page: Page, address: str, look: Look) -> None:
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        name = "".join(mark if mark.isalnum() else "-" for mark in address)
        page.screenshot(path=folder / f"{name}.{'.'.join(map(str, look))}.png", full_page=True)
