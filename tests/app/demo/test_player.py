"""The tour's steps, played over the public API as anybody could play them."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.db.transaction import begin
from app.demo.goods import TEA, UMBRELLA
from app.demo.player import Player
from app.demo.seed import Seed
from app.demo.shop import Shop as Door
from app.demo.steps.doors import bounded
from app.demo.story import BUYERS
from tests.buying import level, out_of_balance, rows
from tests.poll import until
from tests.web import Web

STAGE = "/v1/test/stage"
SETTLED = {"done", "failed"}


@pytest.fixture
def stage(web: Web, door: Door) -> Iterator[Door]:
    """A shop that is open, and a player waiting for wishes."""
    stop = threading.Event()
    Seed(door, seed=3, stop=stop).open()
    run = threading.Thread(target=Player(door.url, door.key, stop=stop).run)
    run.start()
    yield door
    stop.set()
    run.join(10)
    assert not run.is_alive()


def played(stage: Door, step: str, **facts: Any) -> dict[str, Any]:
    asked = stage.post(STAGE, {"step": step, "facts": facts})

    def settled() -> dict[str, Any] | None:
        wish = stage.get(f"{STAGE}/{asked['id']}")
        return wish if wish["state"] in SETTLED else None

    return until(settled, within_seconds=40, what=f"{step} played") or {}


def test_the_story_is_bought_shipped_made_late_and_asked_about(stage: Door) -> None:
    bought = played(stage, "buy")
    shipped = played(stage, "ship")
    late = played(stage, "late")
    asked = played(stage, "ask")

    assert [one["state"] for one in (bought, shipped, late, asked)] == ["done"] * 4
    assert bought["result"]["person_reference"] == BUYERS["zh"]
    order = stage.get(f"/v1/orders/{bought['result']['order']}")
    assert (order["status"], order["lines"][0]["sku"]) == ("shipped", TEA)
    assert order["parcels"][0]["number"] == shipped["result"]["parcel"]
    assert late["result"]["promised_at"] < late["result"]["expected_at"]
    assert not asked["result"]["abstained"]
    assert order["number"] in asked["result"]["answer"]
    assert {fact["fact"] for fact in asked["result"]["facts"]} >= {"parcel.expected_at"}


def test_every_call_of_a_step_is_shown_as_it_was_made(stage: Door) -> None:
    calls = played(stage, "buy")["calls"]

    assert [(call["method"], call["status"]) for call in calls] == [
        ("GET", 200),
        ("POST", 201),
        ("POST", 200),
    ]
    assert [call["path"].rpartition("/")[2] for call in calls[1:]] == ["orders", "pay"]
    assert calls[2]["said"].endswith("paid")
    assert all(call["took_ms"] > 0 for call in calls)


def test_whoever_reads_english_buys_and_asks_in_english(stage: Door) -> None:
    bought = played(stage, "buy", locale="en")
    played(stage, "ship")
    asked = played(stage, "ask")

    assert bought["result"]["person_reference"] == BUYERS["en"]
    assert asked["result"]["question"].startswith("Where is my order")


def test_at_the_doors_exactly_as_many_win_as_there_are_units(stage: Door, web: Web) -> None:
    done = played(stage, "doors", buyers=90, units=30)

    result = done["result"]
    assert (result["won"], result["sold_out"], result["failed"]) == (30, 60, 0)
    until(lambda: unpaid(web) == 0, within_seconds=20, what="winners paid")
    with begin(web.shop.engine) as tx:
        assert level(tx, UMBRELLA).available == 0
        assert out_of_balance(tx) == []


def test_the_doors_open_a_second_time_with_as_many_units_again(stage: Door, web: Web) -> None:
    played(stage, "doors", buyers=30, units=10)

    assert played(stage, "doors", buyers=30, units=10)["result"]["won"] == 10
    with begin(web.shop.engine) as tx:
        assert level(tx, UMBRELLA).reserved == 20


def unpaid(web: Web) -> int:
    with begin(web.shop.engine) as tx:
        lines = f"SELECT order_id FROM order_line WHERE code = '{UMBRELLA}'"  # noqa: S608
        return rows(tx, "orders", f"status = 'placed' AND id IN ({lines})")


def test_no_more_buyers_come_than_the_doors_are_made_for() -> None:
    asked = {"buyers": 10**9, "units": -1, "lot": "many", "few": 3}

    assert [bounded(asked, name, most=7) for name in asked] == [7, 7, 7, 3]


def test_where_no_plug_can_be_pulled_the_step_fails_and_says_so(stage: Door) -> None:
    failed = played(stage, "plug")

    assert failed["state"] == "failed"
    assert "no plug" in failed["result"]["why"]
