"""What pages do: live news, plain forms, keys, and mail that stays in its cage."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from redis import Redis
from sqlalchemy import text

from app.db.transaction import begin
from app.inbox.live import publish
from orders_core.ids import PersonId, new_id, show
from tests.browser.conftest import Site
from tests.browser.window import PLAIN, log_in, opened, places

pytestmark = pytest.mark.browser

Letter = Callable[[PersonId, str], None]


def hint(site: Site) -> None:
    """Say that Lin's inbox has news."""
    with Redis.from_url(site.shop.valkey_url) as redis:
        publish(redis, site.scene.lin)


def test_news_appears_in_an_open_inbox_by_itself(
    browser: Browser, site: Site, letter: Letter
) -> None:
    with opened(browser, site, PLAIN) as page:
        with page.expect_request("**/stream"):
            page.goto(f"/{places(site)['inbox']}?lang=en")
        letter(site.scene.lin, "到了")
        hint(site)

        expect(page.get_by_role("heading", name="到了")).to_be_visible()


def test_what_somebody_unfolded_stays_open_when_news_comes(
    browser: Browser, site: Site, letter: Letter
) -> None:
    with opened(browser, site, PLAIN) as page:
        with page.expect_request("**/stream"):
            page.goto(f"/{places(site)['inbox']}?lang=en")
        page.get_by_text("2 earlier").click()
        letter(site.scene.lin, "又到了")
        hint(site)
        expect(page.get_by_role("heading", name="又到了")).to_be_visible()

        expect(page.locator(".letter details[open]")).to_have_count(1)


def test_marking_read_needs_no_new_page(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        page.goto(f"/{places(site)['inbox']}?lang=en")
        page.evaluate("window.isTheSamePage = true")
        before = page.locator(".letter.unread").count()
        page.get_by_role("button", name="Mark read").first.click()

        expect(page.locator(".letter.unread")).to_have_count(before - 1)
        assert page.evaluate("window.isTheSamePage")


def test_choices_are_saved_without_scripts(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        page.goto(f"/{places(site)['preferences']}?lang=en")
        box = page.locator("input[value='offers.email']")
        box.check()
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("status")).to_have_text("Your choices are saved.")
        expect(page.locator("input[value='offers.email']")).to_be_checked()


def test_the_house_works_without_scripts(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        log_in(page)
        page.get_by_role("searchbox").fill("100482")
        page.get_by_role("button", name="Find").click()

        expect(page.get_by_role("heading", name="Order 100482")).to_be_visible()


def test_the_keyboard_reaches_everything_in_order(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("5678")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="林小满")).to_be_visible()


def test_the_board_moves_by_itself(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        with page.expect_response("**/ops/board", timeout=15_000) as moved:
            pass

        assert moved.value.status == 200


def test_a_mail_can_be_looked_at_as_on_a_phone(browser: Browser, site: Site) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.goto(f"/dev/outbox/{places(site)['mail']}")
        frame = page.locator(".mail-frame")
        wide = frame.bounding_box()
        page.get_by_role("link", name="Phone").click()
        page.wait_for_url("**width=phone**")
        narrow = frame.bounding_box()

        assert wide is not None
        assert narrow is not None
        assert narrow["width"] <= 391 < wide["width"]


def test_a_hostile_mail_runs_nothing_and_loads_nothing(browser: Browser, site: Site) -> None:
    hostile = (
        "<h1>Dear all</h1><script>top.location='https://evil.example'</script>"
        "<img src='https://evil.example/pixel.png'><form action='https://evil.example'>"
        "<button>go</button></form><iframe src='https://evil.example'></iframe>"
    )
    with begin(site.shop.engine) as tx:
        left = new_id()
        tx.execute(
            text(
                "INSERT INTO captured (id, channel, address, subject, body, html, captured_at)"
                " VALUES (:id, 'email', 'x@mail.example', 'Dear all', '', :html, :at)"
            ),
            {"id": left, "html": hostile, "at": site.shop.clock.now()},
        )
    context = browser.new_context(base_url=site.url)
    asked: list[str] = []
    page = context.new_page()
    page.on("requestfinished", lambda request: asked.append(request.url))
    log_in(page)
    page.goto(f"/dev/outbox/{show('out', left)}")
    page.wait_for_load_state("networkidle")

    assert page.url.startswith(site.url)
    assert [url for url in asked if "evil" in url] == []
    context.close()
    with begin(site.shop.engine) as tx:
        tx.execute(text("DELETE FROM captured WHERE id = :id"), {"id": left})
