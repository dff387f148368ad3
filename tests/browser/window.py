"""What the browser tests share: looks, places, and a page that tells on itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page

from app.people.choices import Category
from orders_core.ids import show
from tests.browser.conftest import Site
from tests.scene import OPERATOR, PASSWORD

LOUD = frozenset({"error", "warning"})  # a refused style or script is told there too
Look = tuple[str, str, int]
PLAIN: Look = ("en", "light", 1280)


def places(site: Site) -> dict[str, str]:
    """Return what the addresses name."""
    scene, links = site.scene, site.links
    own = {
        "inbox": links.inbox(scene.lin),
        "preferences": links.preferences(scene.lin),
        "unsubscribe": links.unsubscribe(scene.lin, Category.OFFERS),
        "order_page": links.order(scene.order),
        "shared_order_page": links.shared_order(scene.order),
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
    page.on("console", lambda said: faults.extend(_loud(said)))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.extend(_strangers(asked.url, site.url)))
    yield page
    context.close()
    assert faults == []


def _loud(said: ConsoleMessage) -> list[str]:
    is_wanted = said.location["url"].endswith("/nowhere")  # a page that is not there says so
    return [f"{said.text} {said.location}"] if said.type in LOUD and not is_wanted else []


def _strangers(url: str, ours: str) -> list[str]:
    return [] if url.startswith((ours, "data:")) else [url]


def log_in(page: Page) -> None:
    page.goto("/login")
    page.fill("input[name=email]", OPERATOR)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/login'] button")
    page.wait_for_url("**/ops")
