"""The stock page: what needs somebody first, a page at a time, exact whenever it is looked at."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.ops import stock_pages, stock_store
from app.ops.stock_store import Shelf, Sieve
from orders_core.ids import show
from orders_core.shortage.find import make_room
from orders_core.stock import booking, counting, transfer
from orders_core.stock.booking import Wish
from orders_core.stock.level import Wanted, arrange
from orders_core.stock.transfer import Road
from orders_core.tx import Tx
from tests.buying import KIMONO, LAMP, MUG, TEA, bought, change, fill, move_in, paid
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """The operator, logged in."""
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        yield opened


def order_of(tx: Tx, sieve: Sieve = Sieve()) -> list[tuple[str, str]]:  # noqa: B008 - frozen
    rows = stock_store.shelves(tx, sieve, after=None, at_most=99, now=MORNING)
    return [(row.code, row.standing) for row in rows]


def test_what_needs_somebody_comes_first(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 0, LAMP: 2, KIMONO: 9})
    arrange(tx, LAMP, "main", Wanted(low_at=3), change=change())

    assert order_of(tx) == [(TEA, "out"), (LAMP, "low"), (KIMONO, "in"), (MUG, "in")]


def test_levels_are_found_by_code_title_warehouse_and_standing(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 0})
    arrange(tx, MUG, "annex", Wanted(on_hand=1), change=change())

    found = {
        words: [code for code, _ in order_of(tx, Sieve(words=words))]
        for words in ("mug", "龙井", "LONGJING", "annex", "_", "%")
    }
    assert found == {
        "mug": [MUG, MUG],
        "龙井": [TEA],
        "LONGJING": [TEA],
        "annex": [MUG],
        "_": [],
        "%": [],
    }
    assert order_of(tx, Sieve(standing="out")) == [(TEA, "out")]


def test_pages_follow_each_other_without_gap_or_repeat(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 0, LAMP: 2, KIMONO: 9})
    for warehouse in ("annex", "west"):
        arrange(tx, MUG, warehouse, Wanted(on_hand=1), change=change())
    whole = stock_store.shelves(tx, Sieve(), after=None, at_most=99, now=MORNING)

    paged: list[Shelf] = []
    after = None
    while page := stock_store.shelves(tx, Sieve(), after=after, at_most=2, now=MORNING):
        paged += page
        after = page[-1].id

    assert paged == whole


def test_what_is_reserved_past_its_time_counts_as_to_sell(tx: Tx) -> None:
    fill(tx, {MUG: 5})
    until = MORNING + timedelta(minutes=5)
    booking.book(tx, [Wish(MUG, 4)], until=until, change=change())

    def to_sell(minutes: int) -> int:
        now = MORNING + timedelta(minutes=minutes)
        [row] = stock_store.shelves(tx, Sieve(), after=None, at_most=9, now=now)
        return row.available

    assert [to_sell(minutes) for minutes in (4, 5)] == [1, 5]


def test_the_page_names_what_is_stuck_on_the_road_and_being_counted(
    client: TestClient, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 5, TEA: 9})
        order_id = paid(tx, bought(tx, (MUG, 4)))
        make_room(tx, MUG, "main", on_hand=2, change=change(at=shop.clock.now()))
        way = Road(origin="main", target="west")
        moving = transfer.send(tx, way, {TEA: 3}, change=change("ana"))
        count, _ = counting.open_count(tx, "main", codes=[TEA], change=change("dora"))

    page = client.get("/ops/stock").text

    assert "1 order, 2 units." in page
    assert f"/ops/orders/{show('ord', order_id)}" in page
    assert show("trf", moving.row.id) in page
    assert "main → west" in page
    assert show("cnt", count.row.id) in page
    assert "0 of 1 SKUs" in page


def test_the_table_holds_what_the_page_shows(client: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 9, TEA: 0})

    answer = client.get("/ops/stock.csv?standing=out")

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["sku"], row["available"], row["standing"]) for row in rows] == [(TEA, "0", "out")]
    assert tuple(rows[0]) == stock_pages.COLUMNS


def test_both_languages_say_it_and_an_empty_shop_says_so(client: TestClient) -> None:
    assert "没有进行中的盘点" in client.get("/ops/stock?lang=zh").text
    assert "No level matches" in client.get("/ops/stock?q=nobody&lang=en").text


def test_a_cursor_that_is_not_ours_is_refused(client: TestClient) -> None:
    assert client.get("/ops/stock?after=abc").status_code == 400
