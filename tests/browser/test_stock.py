"""The stock page with goods, a van on the road, a count and orders that cannot ship."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.db.transaction import begin
from orders_core.ids import show
from orders_core.shortage.find import make_room
from orders_core.stock import counting, transfer
from orders_core.stock.level import Wanted, arrange
from orders_core.stock.transfer import Road
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.window import PLAIN, log_in, opened
from tests.buying import KIMONO, LAMP, MUG, TEA, bought, change, fill, move_in, paid

pytestmark = pytest.mark.browser

PAGES = ("ops/stock", "ops/stock?standing=out", "ops/stock?q=mug")
WRITTEN = (
    "level, movement, reservation, shortage, stock_count, stock_count_line, stock_transfer,"
    " stock_transfer_line, lease"
)


@pytest.fixture(scope="module")
def stocked(site: Site) -> Iterator[Site]:
    """A site with four kinds of goods in three warehouses."""
    now = site.shop.clock.now()
    by = change("键盘手 小林", at=now)
    with begin(site.shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 12_480, TEA: 5, LAMP: 9, KIMONO: 0})
        arrange(tx, TEA, "main", Wanted(low_at=10), change=by)
        arrange(tx, LAMP, "west", Wanted(on_hand=40, safety_stock=4), change=by)
        for _ in range(3):
            paid(tx, bought(tx, (LAMP, 3)))
        make_room(tx, LAMP, "main", on_hand=2, change=by)
        arrange(tx, LAMP, "main", Wanted(on_hand=2), change=by)
        way = Road(origin="main", target="west")
        transfer.send(tx, way, {TEA: 2, MUG: 60}, change=change("van", at=now - timedelta(hours=5)))
        count, lease = counting.open_count(tx, "main", codes=[MUG, TEA], change=by)
        counting.count_line(tx, count.row.id, TEA, 2, token=lease.token, change=by)
    yield site
    with begin(site.shop.engine) as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.execute(text(f"TRUNCATE {WRITTEN}"))
        tx.execute(text("DELETE FROM orders WHERE number < 100000"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_stock_page_is_sound_in_every_look(browser: Browser, stocked: Site, lang: str) -> None:
    with opened(browser, stocked, (lang, "light", 1280)) as page:
        log_in(page)
        sweep(page, stocked, PAGES, lang)


def test_it_is_searched_and_led_to_the_orders_that_cannot_ship_without_scripts(
    browser: Browser, stocked: Site
) -> None:
    with opened(browser, stocked, PLAIN, scripts=False) as page:
        log_in(page)
        page.goto("/ops/stock")
        page.fill("input[name=q]", "west")
        page.click("form.search[action='/ops/stock'] button")
        expect(page.locator("table").first.locator("tbody tr")).to_have_count(3)
        page.locator("section[aria-labelledby=stuck] a").first.click()
        assert "/ops/orders/ord_" in page.url
    assert show("ord", stocked.scene.order).startswith("ord_")
