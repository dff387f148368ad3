"""What shoppers do by themselves, in a real browser: every look, by keyboard, without scripts."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.db.transaction import begin
from app.people.links import Purpose
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.orders.address_change import address_of
from orders_core.orders.address_station import Station, put
from orders_core.orders.order import OrderStatus
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.order_scene import PHONE, set_orders
from tests.browser.window import PLAIN, opened

pytestmark = pytest.mark.browser

STATIONS = (
    Station(code="HZ-1", name="文三路驿站", country="CN", city="杭州", street="文三路 12 号"),
    Station(code="HZ-2", name="湖边自提点", country="CN", city="杭州", street="湖边路 17 号"),
)
STATES = ("unpaid", "paid", "parted", "short", "delivered", "refund")
FORMS = {
    "paid": ("address", "cancel", "cancel/check?line=2&units=1&reason=changed_mind", "invoice"),
    "parted": ("cancel", "wish/address"),
    "short": ("short",),
    "delivered": ("return",),
}


@pytest.fixture(scope="module")
def mine(site: Site) -> Mapping[str, OrderId]:
    """Orders of Mei's in every state, and two stations in her city."""
    with begin(site.shop.engine) as tx:
        for station in STATIONS:
            put(tx, station)
        made = set_orders(tx, site.shop.clock.now())
        tx.execute(text("UPDATE outbox SET state = 'done' WHERE state = 'pending'"))
    return made


def path(site: Site, order_id: OrderId) -> str:
    return f"o/{site.links.token(Purpose.ORDER, order_id)}"


def prove(page: Page, address: str) -> None:
    """Prove whose order it is, by the keyboard alone."""
    page.goto(f"{address}?lang=en")
    page.get_by_label("Last 4 digits of your phone").focus()
    page.keyboard.type(PHONE[-4:])
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_contain_text(PHONE)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_it_is_sound_in_every_look(
    browser: Browser, site: Site, mine: Mapping[str, OrderId], lang: str
) -> None:
    with opened(browser, site, (lang, "light", 1280)) as page:
        sweep(page, site, [f"{path(site, mine['paid'])}/address?lang={lang}"], lang)
        for name in STATES:
            own = path(site, mine[name])  # a link made a second later is another one
            prove(page, own)
            rests = ["", *(f"/{form}" for form in FORMS.get(name, ()))]
            addresses = [
                f"{own}{rest}{'&' if '?' in rest else '?'}lang={lang}#{name}" for rest in rests
            ]
            sweep(page, site, addresses, lang)


def test_the_address_is_changed_by_the_keyboard_alone(
    browser: Browser, site: Site, mine: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN) as page:
        prove(page, path(site, mine["paid"]))
        page.get_by_role("button", name="Change", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_label("Street and number").focus()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("北山街 8 号")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("The address was changed.")
        expect(page.locator("#who")).to_contain_text("北山街 8 号")

        page.get_by_role("button", name="Choose a station").focus()
        page.keyboard.press("Enter")
        page.get_by_role("radio", name="文三路驿站").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Leave it there").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("It goes to the station.")

        page.get_by_role("status").get_by_role("link", name="Change it again").click()
        page.get_by_role("button", name="Use again").first.click()
        expect(page.locator("#who")).to_contain_text("北山街 8 号")
    with begin(site.shop.engine) as tx:
        assert address_of(tx, [mine["paid"]])[mine["paid"]].street == "北山街 8 号"


def test_a_part_and_then_the_whole_is_cancelled_without_scripts(
    browser: Browser, site: Site, mine: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        prove(page, path(site, mine["unpaid"]))
        page.get_by_role("button", name="Cancel", exact=True).click()
        page.get_by_label("Pre-sale lamp").fill("0")
        page.get_by_label("Brass bell").fill("1")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Nothing was paid for them")).to_be_visible()
        page.get_by_role("button", name="Cancel the items").click()
        expect(page.get_by_role("status")).to_contain_text("The items were cancelled.")

        page.get_by_role("button", name="Cancel", exact=True).click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Cancel the order").click()
        expect(page.get_by_role("status")).to_contain_text("The order was cancelled.")
    with begin(site.shop.engine) as tx:
        after = orders.many(tx, [mine["unpaid"]])[mine["unpaid"]]
    assert after.status is OrderStatus.CANCELLED


def test_a_choice_is_made_where_goods_are_short(
    browser: Browser, site: Site, mine: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN) as page:
        prove(page, path(site, mine["short"]))
        page.get_by_role("button", name="Choose", exact=True).click()
        page.get_by_label("Wait for it").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("We wait for it")
        expect(page.locator("#truth")).to_contain_text("1 item is waited for until")


def test_an_invoice_whose_number_does_not_fit_says_so_at_the_field(
    browser: Browser, site: Site, mine: Mapping[str, OrderId]
) -> None:
    with opened(browser, site, PLAIN) as page:
        prove(page, path(site, mine["parted"]))
        page.locator("#service").get_by_role("button", name="Ask", exact=True).first.click()
        # The answer's status is an error, which a browser tells on the console.
        page.route("**/invoice*", lambda route: route.fulfill(response=route.fetch(), status=200))
        page.get_by_label("A company", exact=True).check()
        page.get_by_label("Name on the invoice").fill("小满杂货有限公司")
        page.get_by_label("Tax number").fill("91350100M000100Y44")
        page.keyboard.press("Enter")

        expect(page.get_by_role("alert")).to_contain_text("its check digit does not fit")
        expect(page.get_by_label("Tax number")).to_have_attribute("aria-invalid", "true")
