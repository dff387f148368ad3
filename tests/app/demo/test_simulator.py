"""The demo's customers: seeded, quick to begin, calm, and gone when told."""

import threading
import time
from random import Random
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from app.db.transaction import begin
from app.demo.goods import BY_CODE, EVERYDAY, UMBRELLA
from app.demo.journey import Act, journey
from app.demo.seed import Seed
from app.demo.shop import Away, Refused
from app.demo.shop import Shop as Door
from app.demo.simulator import Simulator
from app.people.tables import contact
from orders_core.orders.tables import order_line, orders
from orders_core.parcels.tables import checkpoint, parcel
from tests.dice import dice
from tests.poll import until
from tests.shop import Shop
from tests.web import Web

UNPAID_SECONDS_AT_60 = 30 * 60 / 60


def test_the_same_dice_tell_the_same_journeys() -> None:
    def stories(seed: int) -> list[object]:
        source: Random = dice(seed)
        return [journey(source) for _ in range(20)]

    assert stories(1) == stories(1) != stories(2)


def test_every_journey_is_called_off_or_arrives() -> None:
    source = dice(4)
    for steps in (journey(source) for _ in range(300)):
        last = steps[-1]
        assert last.act is Act.CANCEL or last.facts["code"] == "delivered"


def test_whoever_pays_does_so_long_before_the_order_would_be_called_off() -> None:
    source = dice(5)
    first = [journey(source)[0] for _ in range(300)]

    assert max(step.after_seconds for step in first) < UNPAID_SECONDS_AT_60 / 2


@pytest.fixture
def open_shop(door: Door) -> Door:
    Seed(door, seed=3, stop=threading.Event()).open()
    return door


def live_orders(shop: Shop) -> int:
    return count(shop, select(orders).where(orders.c.changed_by != "", ~orders.c.mirrored))


def count(shop: Shop, query: Any) -> int:
    with begin(shop.engine) as tx:
        return tx.scalar(select(func.count()).select_from(query.subquery())) or 0


def test_the_first_order_comes_at_once_and_all_reach_their_end(open_shop: Door, web: Web) -> None:
    before = live_orders(web.shop)
    stop, began = threading.Event(), time.monotonic()
    simulator = Simulator(open_shop, seed=1, stop=stop, pace=200)
    run = threading.Thread(target=simulator.run, kwargs={"orders": 6})
    run.start()
    until(lambda: live_orders(web.shop) > before, what="first order placed")
    first_after_seconds = time.monotonic() - began
    run.join(60)

    with begin(web.shop.engine) as tx:
        reference = orders.c.payment_reference.like("demo-%")
        mine = (reference & orders.c.deposit_minor.is_(None)) | (orders.c.status == "cancelled")
        statuses = list(tx.scalars(select(orders.c.status).where(~orders.c.mirrored, mine)))
        bought = set(tx.scalars(select(order_line.c.code)))
        scanned = set(tx.scalars(select(checkpoint.c.code)))
        arrived = set(tx.scalars(select(parcel.c.status).where(parcel.c.number.like("DEMO%"))))
    assert first_after_seconds < 5  # one second where nobody else uses the machine
    assert live_orders(web.shop) == before + 6
    assert set(statuses) <= {
        "paid",
        "shipped",
        "cancelled",
    }  # paid: the story
    assert UMBRELLA not in bought
    assert "delivered" in scanned
    assert arrived == {"delivered"}


def test_it_leaves_soon_after_it_is_told_to(open_shop: Door, web: Web) -> None:
    before = count(web.shop, select(contact))
    stop = threading.Event()
    run = threading.Thread(target=Simulator(open_shop, seed=1, stop=stop).run)
    run.start()
    until(lambda: count(web.shop, select(contact)) > before, what="customers welcomed")
    stop.set()
    run.join(5)

    assert not run.is_alive()


class Counter:
    """A shop that answers as it is told to, and remembers what was asked."""

    def __init__(self, *orders: httpx2.Response, stop: threading.Event) -> None:
        self.orders, self.stop = list(orders), stop
        self.keys: list[str] = []
        self.asked: list[str] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/v1/people:batch":
            return httpx2.Response(200, json={"people": [{"id": "per_x", "reference": "x"}]})
        if request.url.path != "/v1/orders":
            return httpx2.Response(200, json={})
        self.keys.append(request.headers["idempotency-key"])
        reply = self.orders.pop(0)
        if not self.orders:
            self.stop.set()
        return reply


PLACED = {"id": "x", "number": "1", "placed_at": "2026-03-02T02:00:00Z"}


def simulated(*replies: httpx2.Response) -> Counter:
    stop = threading.Event()
    counter = Counter(*replies, stop=stop)
    transport = httpx2.MockTransport(counter.answer)
    with Door("http://shop.example", "key", transport=transport) as open_door:
        Simulator(open_door, seed=1, stop=stop, pace=50).run()
    return counter


def test_a_shop_that_is_away_is_asked_again_under_the_same_key() -> None:
    asked = simulated(httpx2.Response(503), httpx2.Response(200, json=PLACED)).keys

    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_an_empty_shelf_is_filled_again() -> None:
    sold_out = httpx2.Response(409, json={"code": "out_of_stock", "detail": "not enough stock"})

    counter = simulated(sold_out, httpx2.Response(200, json=PLACED))

    assert "/v1/stock/movements" in counter.asked
    assert len(set(counter.keys)) == 2


def test_what_customers_of_every_day_buy_is_sold_in_both_currencies() -> None:
    assert {good.currency for good in EVERYDAY} == {"CNY", "EUR"}
    assert all(BY_CODE[good.code].units > 100 for good in EVERYDAY)


def test_a_key_that_opens_nothing_ends_the_run(web: Web) -> None:
    with Door(str(web.client.base_url), "ob_test_wrong") as stranger, pytest.raises(Refused):
        Simulator(stranger, seed=1, stop=threading.Event()).run()


def test_a_shop_that_is_not_there_is_away() -> None:
    with Door("http://127.0.0.1:9", "key") as nobody, pytest.raises(Away):
        nobody.place("per_x", "CUP", 1, to={}, key="k")
