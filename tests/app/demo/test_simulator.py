"""The demo's customers: invented, seeded, quick to begin, calm, and gone when told."""

import threading
import time
from random import Random

import httpx2
import pytest
from sqlalchemy import func, select

from app.db.transaction import begin
from app.demo.journey import Act, journey
from app.demo.seed import GOODS, people
from app.demo.shop import Away, Refused
from app.demo.shop import Shop as Door
from app.demo.simulator import Simulator
from app.people.person import check_email, check_phone, check_zone
from app.people.tables import contact
from orders_core.orders.tables import orders
from orders_core.parcels.tables import checkpoint, parcel
from tests.dice import dice
from tests.poll import until
from tests.shop import Shop
from tests.web import Web, make_caller, open_web


def test_people_are_sixty_half_of_each_language_and_can_be_written_to() -> None:
    sixty = people()

    assert (len(sixty), len({p.name for p in sixty})) == (60, 60)
    assert [p.locale for p in sixty].count("zh") == 30
    assert len({check_zone(p.zone) for p in sixty}) >= 6
    assert all(check_email(p.email).endswith(".example") for p in sixty)
    phones = [check_phone(p.phone, region=None) for p in sixty if p.phone]
    assert len(set(phones)) == len(phones) > 10
    assert all(phone[5:8] == "555" for phone in phones)


def test_goods_are_twelve_with_names_in_both_languages() -> None:
    assert len({(good.code, good.title_zh, good.title_en) for good in GOODS}) == 12


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


@pytest.fixture
def web(shop: Shop):
    with open_web(shop) as opened:
        yield opened


def door(web: Web) -> Door:
    return Door(str(web.client.base_url), make_caller(web.shop))


def test_the_first_order_is_placed_within_a_second_and_all_reach_their_end(web: Web) -> None:
    stop, began = threading.Event(), time.monotonic()
    with door(web) as open_door:
        simulator = Simulator(open_door, seed=1, stop=stop, pace=200)
        run = threading.Thread(target=simulator.run, kwargs={"orders": 6})
        run.start()
        until(lambda: count(web.shop, orders) > 0, what="first order placed")
        first_after_seconds = time.monotonic() - began
        run.join(60)

    with begin(web.shop.engine) as tx:
        statuses = list(tx.scalars(select(orders.c.status)))
        scanned = set(tx.scalars(select(checkpoint.c.code)))
        arrived = set(tx.scalars(select(parcel.c.status)))
    assert first_after_seconds < 5  # one second where nobody else uses the machine
    assert len(statuses) == 6
    assert set(statuses) <= {"shipped", "cancelled"}  # delivered once its events are handled
    assert "delivered" in scanned
    assert arrived == {"delivered"}


def count(shop: Shop, table: object) -> int:
    with begin(shop.engine) as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_it_leaves_soon_after_it_is_told_to(web: Web) -> None:
    stop = threading.Event()
    with door(web) as open_door:
        run = threading.Thread(target=Simulator(open_door, seed=1, stop=stop).run)
        run.start()
        until(lambda: count(web.shop, contact) > 0, what="first customer welcomed")
        stop.set()
        run.join(5)

    assert not run.is_alive()


def test_a_shop_that_is_away_is_asked_again_under_the_same_key() -> None:
    asked: list[str] = []
    stop = threading.Event()

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST" and request.url.path == "/v1/orders":
            asked.append(request.headers["idempotency-key"])
            if len(asked) == 1:
                return httpx2.Response(503)
            stop.set()
        return httpx2.Response(
            200, json={"id": "x", "number": "1", "placed_at": "2026-03-02T02:00:00Z"}
        )

    with Door("http://shop.example", "key", transport=httpx2.MockTransport(answer)) as open_door:
        Simulator(open_door, seed=1, stop=stop, pace=50).run()

    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_a_key_that_opens_nothing_ends_the_run(web: Web) -> None:
    with Door(str(web.client.base_url), "ob_test_wrong") as stranger, pytest.raises(Refused):
        Simulator(stranger, seed=1, stop=threading.Event()).run()


def test_a_shop_that_is_not_there_is_away() -> None:
    with Door("http://127.0.0.1:9", "key") as nobody, pytest.raises(Away):
        nobody.place("per_x", "CUP", 1, key="k")
