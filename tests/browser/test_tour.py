"""The tour: six buttons in a real browser on a real demo, each claim counted in the database."""

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from app.db.transaction import begin
from orders_core.ids import read
from tests.browser.demo import Demo, a_demo, visited

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

TOUR_SECONDS = 240.0  # on a busy machine; a calm one takes a third of it
SHORT = 40_000
LONG = 150_000


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        pytest.skip("no chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with a_demo() as served:
        yield served


def asked(engine: Engine, query: str, **facts: Any) -> Any:
    with begin(engine) as tx:
        return tx.execute(text(query), facts).one()


def press(page: Page, step: str, label: str, *, within_ms: float = SHORT) -> None:
    """Press a step's button and wait until its claims are checked."""
    card = page.locator(f"#step-{step}")
    button = card.get_by_role("button", name=label)
    expect(button).to_be_enabled(timeout=within_ms)
    button.click()
    expect(card.locator(".step-proof.good")).to_be_visible(timeout=within_ms)
    assert page.locator(".claims .bad").count() == 0


def result_of(engine: Engine, step: str) -> dict[str, Any]:
    query = "SELECT result FROM stage_wish WHERE step = :step AND state = 'done' ORDER BY id DESC"
    found: dict[str, Any] = asked(engine, f"{query} LIMIT 1", step=step)[0]
    return found


def test_six_steps_do_what_they_say(browser: Browser, demo: Demo) -> None:
    began = time.monotonic()
    with visited(browser, demo) as page:
        page.goto("/")
        for step, label, check, within_ms in STEPS:
            press(page, step, label, within_ms=within_ms)
            check(page, demo.engine, result_of(demo.engine, step))

        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0
    assert time.monotonic() - began < TOUR_SECONDS


def bought(page: Page, engine: Engine, result: dict[str, Any]) -> None:
    order = asked(
        engine, "SELECT status, number FROM orders WHERE id = :id", id=read("ord", result["order"])
    )
    assert (order.status, str(order.number)) == ("paid", str(result["number"]))
    expect(page.locator(".bell-card").first).to_contain_text(str(order.number))
    expect(page.locator(".mailbox .newest")).to_contain_text(str(order.number))


def shipped(_page: Page, engine: Engine, result: dict[str, Any]) -> None:
    found = asked(
        engine,
        "SELECT o.status FROM parcel p JOIN orders o ON o.id = p.order_id WHERE p.number = :number",
        number=result["parcel"],
    )
    assert found.status == "shipped"


def late(page: Page, engine: Engine, _result: dict[str, Any]) -> None:
    parcel = result_of(engine, "ship")["parcel"]
    found = asked(
        engine,
        "SELECT expected_at > promised_at AS is_late FROM parcel WHERE number = :number",
        number=parcel,
    )
    assert found.is_late
    told = asked(engine, "SELECT count(*) AS n FROM verdict WHERE notice = 'order_delayed'")
    assert told.n >= 1
    expect(page.locator(".link-message")).to_contain_text("Sent")


def answered(page: Page, _engine: Engine, result: dict[str, Any]) -> None:
    assert not result["abstained"]
    assert result["facts"]
    expect(page.locator(".talk .answered p")).to_have_count(len(result["facts"]))


def sold(_page: Page, engine: Engine, result: dict[str, Any]) -> None:
    window = asked(
        engine,
        "SELECT asked_at, settled_at FROM stage_wish WHERE step = 'doors' ORDER BY id DESC LIMIT 1",
    )
    found = asked(
        engine,
        "SELECT count(*) AS orders, sum(l.quantity) AS units FROM orders o"
        " JOIN order_line l ON l.order_id = o.id JOIN history h ON h.entity_id = o.id"
        " AND h.version = 1 WHERE l.code = :sku AND NOT o.mirrored"
        " AND h.recorded_at BETWEEN :since AND :until",
        sku=result["sku"],
        since=window.asked_at,
        until=window.settled_at,
    )
    assert (result["buyers"], result["won"], result["sold_out"]) == (3000, 1000, 2000)
    assert (found.orders, found.units) == (1000, 1000)


def unplugged(page: Page, engine: Engine, result: dict[str, Any]) -> None:
    assert (result["lost"], result["told"]) == (0, result["orders"])
    expect(page.locator(".chart-line").first).to_be_attached()
    waiting = asked(engine, "SELECT count(*) AS n FROM outbox WHERE state = 'parked'")
    assert waiting.n == 0


Check = Callable[[Page, Engine, dict[str, Any]], None]
STEPS: tuple[tuple[str, str, Check, float], ...] = (
    ("buy", "Buy", bought, SHORT),
    ("ship", "Ship it", shipped, SHORT),
    ("late", "Make it late", late, SHORT),
    ("ask", "Ask", answered, SHORT),
    ("doors", "Open the doors", sold, LONG),
    ("plug", "Pull the plugs", unplugged, LONG),
)
