"""A real demo, all its processes, under a supervisor of its own: what a visitor starts."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.db.engines import engines_of
from app.db.engines.ground import forget
from app.settings import load
from tests.served import Served, free_port

OPENS_SECONDS = 120


@dataclass(frozen=True)
class Demo:
    """Where it is, what opens it, and its database."""

    url: str
    home: Path
    engine: Engine
    served: Served

    @property
    def api_key(self) -> str:
        """The key that the demo made for itself."""
        return str(json.loads((self.home / "credentials.json").read_text())["api_key"])


@contextmanager
def a_demo() -> Iterator[Demo]:
    """Serve a fresh demo until the block ends."""
    with tempfile.TemporaryDirectory(prefix="ob-tour-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        served = Served(home, "demo", "--no-browser", port=free_port())
        try:
            served.hears("ready after", within_seconds=OPENS_SECONDS)
            beside = engines_of(load(mode="demo", home=home))
            engine = make_engine(beside.start().database, pool_size=2)
            try:
                yield Demo(served.url, home, engine, served)
            finally:
                engine.dispose()
                beside.stop()
        finally:
            served.end()
            forget(home)


@contextmanager
def visited(browser: Browser, demo: Demo) -> Iterator[Page]:
    """Open the demo in a browser; the test fails on a console error or a request elsewhere."""
    context = browser.new_context(
        base_url=demo.url, locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: faults.extend(_loud(said)))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: faults.extend([] if asked.url.startswith(demo.url) else [asked.url]),
    )
    yield page
    context.close()
    assert faults == []


def _loud(said: ConsoleMessage) -> list[str]:
    return [f"{said.text} {said.location}"] if said.type in {"error", "warning"} else []
