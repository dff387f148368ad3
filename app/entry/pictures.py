"""Pictures of the tour for the README, by whatever chromium this machine has.

Playwright belongs to the development requirements; where it or chromium is missing the tour is
played all the same, without pictures.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from app.tower.stage import Step

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTLE_MS = 1500
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run")
LOCALES: Mapping[str, str] = {"zh": "zh-CN", "en": "en-GB"}
WIDE, NARROW = (1280, 900), (390, 844)

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: who looks (a door of the tower, or nobody), at what, and how."""

    name: str
    door: str = ""
    path: str = "/"
    lang: str = "en"
    theme: str = "light"
    size: tuple[int, int] = WIDE
    is_whole: bool = False


AT_THE_END: Sequence[Shot] = (
    Shot(name="tower.en", is_whole=True),
    Shot(name="tower.zh", lang="zh", theme="dark", is_whole=True),
    Shot(name="tower.phone", lang="zh", size=NARROW),
    Shot(name="inbox.zh", door="shopper", path="", lang="zh", size=NARROW),
    Shot(name="inbox.en", door="shopper", path="", size=NARROW),
    Shot(name="desk.en", door="agent", path="/desk"),
    Shot(name="desk.zh", door="agent", path="/desk", lang="zh", theme="dark"),
    Shot(name="forecast.en", door="marketer", path="/desk/forecast"),
    Shot(name="campaigns.zh", door="marketer", path="/campaigns", lang="zh"),
    Shot(name="promotion.en", door="operator", path="/ops/promotion", theme="dark"),
    Shot(name="flow.zh", door="operator", path="/ops/flow", lang="zh"),
)


class Camera:
    """Takes pictures of one demo with one browser."""

    def __init__(self, browser: "Browser", url: str, folder: Path, say: Say) -> None:
        self._browser, self._url, self._folder, self._say = browser, url, folder, say

    def step(self, step: Step) -> None:
        """Take the tower as it looks after a step."""
        number = list(Step).index(step) + 1
        self.take(Shot(name=f"step-{number}-{step}.en", path=f"/?step={step}", is_whole=True))

    def finish(self) -> None:
        """Take the pictures that want the whole story told."""
        for shot in AT_THE_END:
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
            device_scale_factor=2,
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
