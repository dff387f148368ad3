"""The order page in a real browser: every state and look, with and without scripts."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, expect
from redis import Redis
from sqlalchemy import text

from app.db.transaction import begin
from app.inbox.live import publish
from app.people.links import Purpose
from orders_core.events import Change, Ring
from orders_core.ids import OrderId, PersonId
from orders_core.orders import store as orders
from orders_core.orders.pay import pay
from tests.browser.conftest import Site
from tests.browser.order_scene import PHONE, set_orders
from tests.browser.test_pages import LOOKS, judge
from tests.browser.window import PLAIN, Look, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def seen(site: Site) -> Mapping[str, OrderId]:
    """Orders in the states worth looking at."""
    with begin(site.shop.engine) as tx:
        orders = set_orders(tx, site.shop.clock.now())
        tx.execute(text("UPDATE outbox SET state = 'done' WHERE state = 'pending'"))
    return {**orders, "told": site.scene.order}


def path(site: Site, order_id: OrderId, purpose: Purpose = Purpose.ORDER) -> str:
    return f"o/{site.links.token(purpose, order_id)}"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_every_state_is_sound_in_every_look(
    browser: Browser, site: Site, seen: Mapping[str, OrderId], look: Look
) -> None:
    with opened(browser, site, look) as page:
        for name, order_id in seen.items():
            judge(page, site, path(site, order_id) + f"?lang={look[0]}#{name}", look)
        judge(page, site, path(site, seen["several"], Purpose.SHARED_ORDER), look)


def test_news_appears_on_an_open_order_page_by_itself(
    browser: Browser, site: Site, seen: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN) as page:
        with page.expect_response("**/live"):
            page.goto(path(site, seen["unpaid"]) + "?lang=en")
        page.evaluate("window.isTheSamePage = true")
        page.get_by_label("Your question").fill("half a quest")
        with begin(site.shop.engine) as tx:
            now = site.shop.clock.now()
            never = Change(by="till", why="scene", at=now, ring=Ring.NEVER)
            pay(tx, seen["unpaid"], "pay-live", change=never)
        with Redis.from_url(site.shop.valkey_url) as redis:
            publish(redis, person(site, seen["unpaid"]))

        expect(page.locator("#truth")).to_have_text("Paid, not shipped yet.")
        assert page.evaluate("window.isTheSamePage")
        expect(page.get_by_label("Your question")).to_have_value("half a quest")


def person(site: Site, order_id: OrderId) -> PersonId:
    with begin(site.shop.engine) as tx:
        return orders.many(tx, [order_id])[order_id].person_id


def test_everything_works_without_scripts(
    browser: Browser, site: Site, seen: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        page.goto(path(site, seen["late"]) + "?lang=en")
        page.get_by_label("Last 4 digits of your phone").fill(PHONE[-4:])
        page.get_by_role("button", name="Show").first.click()
        expect(page.get_by_text(PHONE)).to_be_visible()

        page.get_by_role("button", name="Mute this order").click()
        expect(page.get_by_text("Muted: no e-mail, push or SMS")).to_be_visible()
        page.get_by_role("button", name="Let it ring again").click()

        page.get_by_text("Share to look at only").click()
        shared = page.get_by_label("Link to pass on").input_value()
        page.goto(shared)
        expect(page.get_by_text("Shared with you")).to_be_visible()
        expect(page.get_by_text(PHONE)).to_have_count(0)


def test_a_wrong_number_says_how_many_tries_are_left_beside_the_field(
    browser: Browser, site: Site, seen: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN) as page:
        page.goto(path(site, seen["refund"]) + "?lang=en")
        # The answer's status is an error, which a browser tells on the console.
        page.route("**/prove*", lambda route: route.fulfill(response=route.fetch(), status=200))
        page.get_by_label("Last 4 digits of your phone").fill("0000")
        page.keyboard.press("Enter")

        expect(page.get_by_role("alert")).to_contain_text("4 tries are left this hour")
        expect(page.locator("#tail")).to_have_attribute("aria-describedby", "prove-fault")
