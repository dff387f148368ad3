"""The shop opens quickly, tells its past behind, and never tells anything twice."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.demo import history, story
from app.demo.goods import BASKET, GOODS, UMBRELLA
from app.demo.past import Past, Size
from app.demo.patience import Stopped, first_missing
from app.demo.seed import Seed
from app.demo.shop import Call
from app.demo.shop import Shop as Door
from tests.buying import level, rows
from tests.shop import MORNING, Shop
from tests.web import Web, make_caller

SMALL = Size(people=40, orders=60)
WRITES = {"PUT", "POST"}


def seed(door: Door) -> Seed:
    return Seed(door, seed=3, stop=threading.Event())


def past(door: Door, began: datetime, stop: threading.Event | None = None) -> Past:
    return Past(door, began, seed=3, size=SMALL, stop=stop or threading.Event())


def counted(shop: Shop) -> dict[str, int]:
    with begin(shop.engine) as tx:
        return {name: rows(tx, name) for name in ("person", "orders", "parcel", "history")}


def test_the_shop_opens_with_goods_people_and_their_evening(door: Door, web: Web) -> None:
    began = seed(door).open()

    assert began == MORNING
    with begin(web.shop.engine) as tx:
        assert (rows(tx, "sku"), rows(tx, "sku_picture")) == (len(GOODS), 8)
        assert rows(tx, "person") == len(story.MEMBERS)
        assert level(tx, UMBRELLA).available == 1_000
        assert level(tx, BASKET).reserved - level(tx, BASKET).on_hand == 3
        assert rows(tx, "level", "warehouse = 'rotterdam' AND on_hand > 0") == 11
        assert rows(tx, "orders", "NOT mirrored AND payment = 'unpaid'") == 1  # the silent bank's
        assert rows(tx, "orders", "NOT mirrored AND payment = 'deposit_paid'") == 1  # the lamp
        assert rows(tx, "orders", "short_units = 1") == 1  # a clerk found one vase fewer
        assert rows(tx, "orders", "NOT mirrored AND ship_to IS NULL") == 0


def test_whoever_is_at_her_cap_hears_no_more_offers_today(door: Door) -> None:
    seed(door).open()
    one_more = {"notice": "announcement", "person": story.CAPPED, "title": "再来一条", "body": "。"}

    [decided] = door.post("/v1/notices", one_more)["decided"]

    assert (decided["answer"], decided["because"]) == ("skip", "cap_reached")


def test_what_the_shop_cannot_answer_is_a_case_from_the_start(door: Door) -> None:
    seed(door).open()

    cases = door.get("/v1/cases")["data"]

    assert len(cases) == 3
    assert all(case["state"] == "open" for case in cases)


def test_a_second_start_writes_nothing(web: Web) -> None:
    seen: list[Call] = []
    with Door(str(web.client.base_url), make_caller(web.shop), witness=seen.append) as door:
        began = seed(door).open()
        past(door, began).write()
        before, first_start = counted(web.shop), len(seen)

        assert seed(door).open() == began
        past(door, began).write()

    assert [call for call in seen[first_start:] if call.method in WRITES] == []
    assert counted(web.shop) == before


def test_the_past_rings_nobody(door: Door, web: Web) -> None:
    began = seed(door).open()
    with begin(web.shop.engine) as tx:
        tx.execute(text("UPDATE outbox SET state = 'done'"))
    past(door, began).write()

    with begin(web.shop.engine) as tx:
        told = rows(tx, "outbox JOIN history USING (id)", "state = 'pending' AND ring <> 'never'")
        assert rows(tx, "orders", f"source = '{history.SOURCE}'") > 50
    assert told == 0


def test_a_past_that_was_ended_in_the_middle_goes_on_and_comes_to_the_same(
    door: Door, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 10)
    began = seed(door).open()
    stop = threading.Event()
    told: list[object] = []
    tell = Door.tell

    def ended_after_two(self: Door, events: object, **more: str) -> object:
        told.append(events)
        if len(told) == 2:
            stop.set()
        return tell(self, events, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Door, "tell", ended_after_two)
    with pytest.raises(Stopped):
        past(door, began, stop).write()
    halfway = counted(web.shop)["orders"]
    past(door, began).write()

    expected = history.orders(began, seed=3, count=SMALL.orders, people=SMALL.people)
    with begin(web.shop.engine) as tx:
        known = set(tx.scalars(text("SELECT reference FROM orders WHERE mirrored")))
    assert halfway < counted(web.shop)["orders"]
    assert known >= {one.reference for one in expected}


def test_the_first_that_is_missing_is_found_by_halving() -> None:
    for there in range(12):
        asked: list[int] = []

        def is_there(place: int, there: int = there, asked: list[int] = asked) -> bool:
            asked.append(place)
            return place < there

        assert first_missing(11, is_there) == min(there, 11)
        assert len(asked) <= 4
