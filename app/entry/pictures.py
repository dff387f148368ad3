"""Pictures of the tour for the README, by whatever chromium this machine has.

Playwright belongs to the development requirements; where it or chromium is missing the tour is
played all the same, without pictures.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTLE_MS = 1500
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run")
LOCALES: Mapping[str, str] = {"zh": "zh-CN", "en": "en-GB"}
WIDE, NARROW = (1280, 900), (390, 844)

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: who looks (a door of the tower, or nobody), at what, and how.

    `follows` names a link of the page to go on from.
    """

    name: str
    door: str = ""
    path: str = "/"
    follows: str = ""
    lang: str = "en"
    theme: str = "light"
    size: tuple[int, int] = WIDE
    is_whole: bool = False


ORDER_PAGE = 'a[href*="/o/o."]'


def whole_story(lang: str, theme: str) -> Sequence[Shot]:
    """Return the pictures that want the whole story told, in one language and one light."""
    look = partial(Shot, lang=lang, theme=theme)
    return (
        look(name=f"tower.{lang}", is_whole=True),
        look(name=f"inbox.{lang}", door="shopper", path="", size=NARROW),
        look(name=f"order.{lang}", door="shopper", path="", follows=ORDER_PAGE),
        look(name=f"desk.{lang}", door="agent", path="/desk"),
        look(name=f"forecast.{lang}", door="marketer", path="/desk/forecast"),
        look(name=f"campaigns.{lang}", door="marketer", path="/campaigns"),
        look(name=f"promotion.{lang}", door="operator", path="/ops/promotion"),
        look(name=f"flow.{lang}", door="operator", path="/ops/flow"),
    )


class Camera:
    """Takes pictures of one demo with one browser."""

    def __init__(self, browser: "Browser", url: str, folder: Path, say: Say) -> None:
        self._browser, self._url, self._folder, self._say = browser, url, folder, say

    def tell(self, lang: str) -> None:
        """Take every picture in one language: English in light, Chinese in dark."""
        for shot in whole_story(lang, "dark" if lang == "zh" else "light"):
            self.take(shot)

    def take(self, shot: Shot) -> None:
        """Take one picture; a page that cannot be seen is told, and ends nothing."""
        from playwright.sync_api import Error

        context = self._browser.new_context(
            base_url=self._url,
            color_scheme="dark" if shot.theme == "dark" else "light",
            locale=LOCALES[shot.lang],
            viewport={"width": shot.size[0], "height": shot.size[1]},
            reduced_motion="reduce",
            device_scale_factor=1.5,
        )
        try:
            page = context.new_page()
            _go(page, shot)
            page.wait_for_timeout(SETTLE_MS)
            path = self._folder / f"{shot.name}.png"
            page.screenshot(path=path, full_page=shot.is_whole)
        except Error as fault:
            self._say(f"no picture of {shot.name}: {fault.message.splitlines()[0]}")
        finally:
            context.close()


def _go(page: "Page", shot: Shot) -> None:
    if shot.door:
        page.goto("/")
        page.locator(f'form[action="/tower/doors/{shot.door}"] button').click()
        page.wait_for_load_state("load")
    if shot.path:
        page.goto(shot.path)
        page.wait_for_load_state("load")
    if shot.follows:
        page.locator(shot.follows).first.click()
        page.wait_for_load_state("load")


@contextmanager
def camera(url: str, folder: Path, *, say: Say) -> Iterator[Camera | None]:
    """Open a browser while the block runs; None where this machine has none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or find_spec("playwright") is None:
        say("no pictures: they need chromium and the development requirements")
        yield None
        return
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield Camera(browser, url, folder, say)
        finally:
            browser.close()
