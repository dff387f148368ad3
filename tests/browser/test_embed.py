"""`<orderbell-inbox>` in a page of another origin: what it shows, does, hears and refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis
from sqlalchemy import delete, select, update

from app.db.transaction import begin
from app.inbox.live import publish
from app.inbox.tables import announcement, inbox_item
from orders_core.ids import PersonId, new_id, show
from tests.browser.conftest import Site
from tests.browser.judge import AXE, LOOKS, SHOTS, TOO_WIDE, axe, judge
from tests.browser.shopfront import bell, front, token_of
from tests.browser.window import PLAIN, log_in, opened

pytestmark = pytest.mark.browser

Letter = Callable[[PersonId, str], None]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
SMALL = """() => [...document.querySelector('orderbell-inbox').shadowRoot
  .querySelectorAll('button, a, input, summary')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44).map(([said]) => said)"""


def items(page: Page) -> Any:
    return page.locator("orderbell-inbox").get_by_role("article")


def say_there_is_news(site: Site, whose: PersonId) -> None:
    with Redis.from_url(site.shop.valkey_url) as redis:
        publish(redis, whose)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_sound_in_every_look(browser: Browser, site: Site, letter: Letter, lang: str) -> None:
    letter(site.scene.lin, HOSTILE)
    token = token_of(site, site.scene.lin)
    with front(browser, site, (lang, "light", 1280), token=token) as page:
        bell(page).click()
        expect(items(page).first.get_by_role("heading")).to_contain_text(HOSTILE)
        page.evaluate(axe())
        for look in (one for one in LOOKS if one[0] == lang):
            page.emulate_media(color_scheme=look[1])  # type: ignore[arg-type]
            page.set_viewport_size({"width": look[2], "height": 900})
            if SHOTS:
                Path(SHOTS).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=Path(SHOTS) / f"embed.{'.'.join(map(str, look))}.png")
            assert page.evaluate(TOO_WIDE) <= 0
            assert page.evaluate(SMALL) == []
            found: Any = page.evaluate(AXE, None)
            assert found == [], "\n".join(found)


def test_reading_and_putting_away_need_no_new_page(
    browser: Browser, site: Site, letter: Letter
) -> None:
    for title in ("one", "two", "three"):
        letter(site.scene.ana, title)
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        expect(bell(page)).to_have_accessible_name("Your messages, 3 unread")
        bell(page).click()
        page.get_by_role("button", name="Mark read: two").click()
        expect(bell(page)).to_have_accessible_name("Your messages, 2 unread")
        expect(page.get_by_role("button", name="Mark unread: two")).to_be_focused()

        page.get_by_role("button", name="Put away: two").click()
        expect(items(page)).to_have_count(2)
        expect(items(page).nth(1)).to_be_focused()
        page.get_by_role("tab", name="Put away").click()
        page.get_by_role("button", name="Back to the inbox: two").click()
        expect(page.get_by_text("Nothing put away")).to_be_visible()

        page.get_by_role("tab", name="Yours").click()
        page.get_by_role("button", name="Tomorrow at nine: one").click()
        expect(items(page)).to_have_count(2)
        page.get_by_role("button", name="Mark all read").click()
        expect(bell(page)).to_have_accessible_name("Your messages")
        page.get_by_role("searchbox").fill("ONE")
        page.keyboard.press("Enter")
        expect(items(page)).to_have_count(1)


def test_news_comes_by_itself_and_is_said_aloud(
    browser: Browser, site: Site, letter: Letter
) -> None:
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        page.evaluate("addEventListener('orderbell-count', (e) => { window.told = e.detail; })")
        expect(bell(page)).to_have_accessible_name("Your messages")
        bell(page).click()
        letter(site.scene.ana, "it came")
        say_there_is_news(site, site.scene.ana)

        expect(page.get_by_role("heading", name="it came")).to_be_visible()
        expect(page.locator("orderbell-inbox [role=status]")).to_have_text("1 unread")
        assert page.evaluate("window.told.unread") == 1


def test_more_is_loaded_page_by_page_and_stays_when_news_comes(
    browser: Browser, site: Site, letter: Letter
) -> None:
    for number in range(22):
        letter(site.scene.ana, f"letter {number}")
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        bell(page).click()
        expect(items(page)).to_have_count(20)
        page.get_by_role("button", name="Older").click()
        expect(items(page)).to_have_count(22)
        expect(items(page).nth(20)).to_be_focused()
        letter(site.scene.ana, "the newest")
        say_there_is_news(site, site.scene.ana)

        expect(items(page)).to_have_count(23)
        expect(items(page).nth(21)).to_be_focused()
        expect(items(page).first).to_contain_text("the newest")


def test_without_a_stream_it_asks_again_and_again(
    browser: Browser, site: Site, letter: Letter
) -> None:
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        page.clock.install()
        page.route("**/v1/embed/inbox/stream", lambda route: route.abort())
        page.reload()
        expect(bell(page)).to_have_accessible_name("Your messages")
        letter(site.scene.ana, "later")
        page.clock.fast_forward("00:21")

        expect(bell(page)).to_have_accessible_name("Your messages, 1 unread")


def test_the_keyboard_alone_is_enough(browser: Browser, site: Site, letter: Letter) -> None:
    for title in ("older", "newer"):
        letter(site.scene.ana, title)
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        expect(bell(page)).to_have_accessible_name("Your messages, 2 unread")
        page.keyboard.press("Tab")
        expect(bell(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your messages")).to_be_focused()
        expect(items(page)).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(items(page).nth(1)).to_be_focused()
        page.keyboard.press("Home")
        expect(items(page).first).to_be_focused()

        page.get_by_role("tab", selected=True).focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name="Orders")).to_be_focused()
        expect(page.get_by_text("No news of orders")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(bell(page)).to_be_focused()


def test_a_token_that_is_over_is_asked_for_anew(
    browser: Browser, site: Site, letter: Letter
) -> None:
    letter(site.scene.ana, "for her")
    over = token_of(site, site.scene.ana, seconds=-1)
    with front(browser, site, PLAIN, token=over) as page:
        bell(page).click()
        expect(page.get_by_role("alert")).to_contain_text("Load the page again")
        page.evaluate(
            """(fresh) => document.addEventListener('orderbell-token-expired',
              (event) => { event.target.token = fresh; }, {once: true})""",
            token_of(site, site.scene.ana),
        )
        page.evaluate(
            "(over) => { document.querySelector('orderbell-inbox').token = over; }",
            token_of(site, site.scene.ana, seconds=-2),
        )

        expect(page.get_by_role("heading", name="for her")).to_be_visible()
        expect(page.get_by_role("alert")).to_be_hidden()


def test_an_order_opens_at_the_server_alone_and_a_page_may_take_it_over(
    browser: Browser, site: Site
) -> None:
    with front(browser, site, PLAIN, token=token_of(site, site.scene.lin)) as page:
        page.route("**/v1/embed/inbox?*", lambda route: _with_links(route))
        bell(page).click()
        expect(items(page)).to_have_count(3)
        links = page.get_by_role("link", name="See the order")
        expect(links).to_have_count(1)
        expect(links).to_have_attribute("href", f"{site.url}/o/abc")
        page.evaluate(
            """() => addEventListener('orderbell-open-order', (event) => {
              event.preventDefault(); window.asked = event.detail; })"""
        )
        links.click()

        assert page.evaluate("window.asked.url") == f"{site.url}/o/abc"
        assert page.url.startswith(site.front)


@pytest.fixture
def as_it_was(site: Site) -> Iterator[None]:
    """Let nothing of Lin's be read, whoever was here before, and leave it as it was."""
    of_lin = inbox_item.c.person_id == site.scene.lin
    with begin(site.shop.engine) as tx:
        before = tx.execute(select(inbox_item.c.id, inbox_item.c.read_at).where(of_lin)).all()
        tx.execute(update(inbox_item).where(of_lin).values(read_at=None))
    yield
    with begin(site.shop.engine) as tx:
        for line, read_at in before:
            tx.execute(update(inbox_item).where(inbox_item.c.id == line).values(read_at=read_at))


@pytest.mark.usefixtures("as_it_was")
def test_who_follows_an_order_has_read_of_it(browser: Browser, site: Site) -> None:
    with front(browser, site, PLAIN, token=token_of(site, site.scene.lin)) as page:
        bell(page).click()
        unread = page.get_by_role("button", name="Mark read: 订单")
        expect(unread).to_have_count(1)
        page.get_by_role("link", name="See the order").click()
        page.wait_for_url(f"{site.url}/o/*")
        page.go_back()
        bell(page).click()
        expect(page.get_by_role("button", name="Mark unread: 订单")).to_have_count(1)


def _with_links(route: Any) -> None:
    """Answer with three orders whose links lead to us, to a script and to a stranger."""
    line = {
        "id": "msg_1",
        "title": "t",
        "body": "b",
        "past": False,
        "arrived_at": "2026-11-22T09:00:00+00:00",
        "seen_at": "2026-11-22T09:00:00+00:00",
        "archived_at": None,
    }
    ours = route.request.url.partition("/v1/")[0]
    found = [
        {"id": show("msg", new_id()), "order": "ord_1", "order_url": url, "unread": 0}
        | {"urgent": False, "new": False, "lines": [line]}
        for url in (f"{ours}/o/abc", "javascript:alert(1)", "https://evil.example/o/abc")
    ]
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"data": found, "announcements": []})


def test_a_page_of_ours_shows_it_at_work_with_what_to_copy(browser: Browser, site: Site) -> None:
    with opened(browser, site, ("zh", "light", 390)) as page:
        log_in(page)
        judge(page, site, "embed/try?person={other}&lang=en", ("en", "light", 390))
        expect(page.get_by_text("curl -X POST")).to_contain_text("C-1002/inbox-token")
        bell(page).click()
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        page.goto("/embed/try?person=nobody-of-ours&lang=en")
        expect(page.get_by_text("Nobody's inbox to show")).to_be_visible()


@pytest.fixture
def no_announcements(site: Site) -> Iterator[None]:
    """Leave the shop without announcements."""
    yield
    with begin(site.shop.engine) as tx:
        tx.execute(delete(announcement))


@pytest.mark.usefixtures("no_announcements")
def test_what_is_announced_stands_above_the_inbox_until_it_is_waved_off(
    browser: Browser, site: Site
) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        page.goto("/campaigns/announcements?lang=en")
        page.get_by_label("Title in Chinese").fill("春节发货安排")
        page.get_by_label("Text in Chinese").fill("暂停发货")
        page.get_by_label("Title in English").fill("Holiday shipping")
        expect(page.locator("#preview")).to_contain_text("Holiday shipping")
        page.get_by_label("Text in English").fill("No parcels")
        page.get_by_label("Pin it").check()
        page.get_by_role("button", name="Announce").click()
        expect(page.get_by_role("status")).to_contain_text("It is announced")
        judge(page, site, "campaigns/announcements?lang=en", PLAIN)
    with front(browser, site, PLAIN, token=token_of(site, site.scene.ana)) as page:
        bell(page).click()
        shown = page.get_by_role("article").filter(has_text="Holiday shipping")
        expect(shown).to_contain_text("No parcels")
        _shoot(page, "embed-announced")
        page.get_by_role("button", name="Got it: Holiday shipping").click()
        expect(shown).to_have_count(0)


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
