"""The promotion room and the flow: what they show is what is in the database."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import insert, text
from starlette.testclient import TestClient

from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from app.forecast import make, promotions, roster_store
from app.forecast.contacts import heard
from app.forecast.roster import by_halves
from app.ops import books, books_glance, flow_store, promotion_store
from app.ops.flow import WINDOWS, flow_of
from app.ops.promotion import room
from orders_core.ids import new_id
from orders_core.orders.order import OrderStatus, axes_of
from orders_core.orders.tables import orders
from orders_core.tx import Tx
from tests.app.forecast.history import HOUR, TONIGHT, furnish, house_of
from tests.buying import LAMP, MUG, TEA, bought, fill, move_in, moved, paid
from tests.cast import ANA
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}
A_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


_numbers = count(700_001)


def placed(tx: Tx, at: datetime, **more: datetime | str) -> None:
    """Write an order as it came in at a time."""
    tx.execute(
        insert(orders).values(
            id=new_id(),
            number=next(_numbers),
            source="shop",
            person_id=ANA.person_id,
            currency="CNY",
            total_minor=4900,
            placed_at=at,
            changed_by="till",
            change_reason="test",
            changed_at=at,
            ring="never",
            **asdict(axes_of(OrderStatus(str(more.get("status", "placed"))))),
            **{"status": "placed", **more},
        )
    )


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """The operator, logged in."""
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        csrf = token_of(opened.get("/login").text)
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": csrf})
        yield opened


def test_orders_are_counted_by_the_minute(tx: Tx):
    for seconds in (5, 50, 61, 29 * 60, 31 * 60, -5):
        placed(tx, MORNING - timedelta(seconds=seconds))
    minutes = promotion_store.orders_per_minute(tx, now=MORNING, minutes=30)

    assert len(minutes) == 30
    assert (minutes[-1], minutes[-2], minutes[1], sum(minutes)) == (2, 1, 1, 4)


def test_what_is_left_is_shown_of_the_promotions_skus_in_its_order(tx: Tx):
    fill(tx, {MUG: 10, TEA: 4, LAMP: 5})
    move_in(tx, ANA)
    bought(tx, (MUG, 4))
    left = promotion_store.stock_left(tx, [TEA, MUG, "NOBODY"], at_most=6)

    assert [(sku.code, sku.available, sku.on_hand) for sku in left] == [(TEA, 4, 4), (MUG, 6, 10)]
    assert left[1].share == 0.6


def test_without_a_promotion_the_most_wanted_are_shown(tx: Tx):
    fill(tx, {MUG: 10, TEA: 4, LAMP: 5})
    move_in(tx, ANA)
    bought(tx, (MUG, 4))
    bought(tx, (TEA, 1))

    assert [sku.code for sku in promotion_store.stock_left(tx, [], at_most=6)] == [MUG, TEA]


def test_agents_seen_in_the_last_quarter_of_an_hour_are_present(tx: Tx):
    for name, role, minutes in (
        ("ada", Role.AGENT, 1),
        ("bo", Role.LEAD, 14),
        ("cy", Role.AGENT, 16),
        ("di", Role.MARKETER, 1),
    ):
        staff.put(tx, email=f"{name}@shop.example", name=name, password="x" * 16, role=role)
        tx.execute(
            text(
                "INSERT INTO session (token_hash, staff_id, created_at, seen_at, expires_at)"
                " SELECT decode(md5(random()::text), 'hex'), id, clock_timestamp(),"
                " clock_timestamp() - make_interval(mins => :m), clock_timestamp() + '1 hour'"
                " FROM staff, generate_series(1, 2) WHERE email = :e"
            ),
            {"m": minutes, "e": f"{name}@shop.example"},
        )

    assert promotion_store.present(tx) == 2


def test_the_countdown_goes_to_the_start_and_then_to_the_end(tx: Tx):
    promotions.put(tx, TONIGHT, now=MORNING)
    before = room(tx, now=TONIGHT.starts_at - 8 * MINUTE, zone="Asia/Shanghai", locale="en")
    during = room(tx, now=TONIGHT.starts_at, zone="Asia/Shanghai", locale="en")
    after = room(tx, now=TONIGHT.ends_at, zone="Asia/Shanghai", locale="en")

    assert (before.is_on, before.countdown) == (False, "00:08:00")
    assert (during.is_on, during.countdown) == (True, "04:00:00")
    assert (after.promotion, after.countdown) == (None, "00:00:00")


def test_the_room_shows_contacts_against_what_was_foreseen(shop: Shop, client: TestClient):
    with begin(shop.engine) as tx:
        furnish(tx)
        roster_store.put(tx, by_halves({MORNING: 1}))
        make.ask(tx, why="asked", by="test", now=MORNING)
    make.run_due(house_of(shop), lambda: True)
    shop.clock.advance(20 * MINUTE)
    with begin(shop.engine) as tx:
        for _ in range(99):
            heard(tx, at=MORNING + 10 * MINUTE, how="order_page")
    page = client.get("/ops/promotion").text

    assert "Double 11 doors" in page
    assert "99 this half hour so far" in page
    assert "above the range" in page


def test_the_part_that_moves_is_a_page_of_its_own(client: TestClient):
    board = client.get("/ops/promotion/board?wall=1")
    page = client.get("/ops/promotion?wall=1").text

    assert board.status_code == 200
    assert "<html" not in board.text
    assert 'class="wall"' in page
    assert 'hx-get="/ops/promotion/board?wall=1"' in page


def test_without_a_promotion_the_room_teaches_how_to_tell_one(client: TestClient):
    assert "PUT /v1/forecast/promotions/" in client.get("/ops/promotion").text


def test_the_room_shows_what_the_last_check_of_the_books_found(tx: Tx):
    assert books_glance.look(tx) is None
    books.run_whole(tx, now=MORNING)
    placed(tx, MORNING)
    first = books_glance.look(tx)
    books.run_step(tx, now=MORNING)
    second = books_glance.look(tx)

    assert first is not None
    assert second is not None
    assert (first.broken, first.promises) == (0, len(books.names()))
    assert second.broken > 0  # an order that nobody's stock is held for
    assert 0 <= second.age_seconds < 60


def test_each_step_counts_its_orders_times_and_losses(tx: Tx):
    hour_ago = MORNING - HOUR
    for minutes in (1, 2, 3):
        placed(tx, hour_ago, status="paid", paid_at=hour_ago + minutes * MINUTE)
    placed(
        tx,
        hour_ago,
        status="shipped",
        paid_at=hour_ago + 2 * MINUTE,
        shipped_at=hour_ago + 32 * MINUTE,
    )
    placed(tx, hour_ago, status="cancelled", cancelled_at=hour_ago + 30 * MINUTE)
    placed(
        tx,
        hour_ago,
        status="cancelled",
        paid_at=hour_ago + 2 * MINUTE,
        cancelled_at=hour_ago + 9 * MINUTE,
    )
    placed(tx, hour_ago - 2 * A_DAY)  # outside the window
    found = flow_store.flow(tx, since=MORNING - A_DAY, until=MORNING)
    door = flow_store.Door(asked=9, refused=2)
    flow = flow_of("24h", found, door, now=MORNING)
    steps = {step.name: step for step in flow.steps}

    assert [(step.name, step.reached, step.lost) for step in flow.steps] == [
        ("open", 9, 0),
        ("order", 6, 2),
        ("pay", 5, 1),
        ("ship", 1, 1),
        ("told", 0, 0),
    ]
    assert (steps["pay"].p50_seconds, steps["ship"].p50_seconds) == (120, 1800)
    assert (steps["ship"].waiting, steps["ship"].oldest_seconds) == (3, 59 * 60)
    assert flow.silent == 1
    assert flow.slowest == steps["ship"]


def test_a_window_without_orders_has_no_times(tx: Tx):
    found = flow_store.flow(tx, since=MORNING - A_DAY, until=MORNING)
    flow = flow_of("24h", found, flow_store.door(tx, lasting=A_DAY), now=MORNING)

    assert [step.reached for step in flow.steps] == [0] * 5
    assert flow.slowest is None


def test_the_door_counts_requests_with_a_key_and_those_refused(tx: Tx):
    tx.execute(
        text(
            "INSERT INTO idempotency (scope, key, fingerprint, answer) VALUES"
            " ('key:a POST /v1/orders', '1', '', '{\"outcome\": \"placed\"}'),"
            " ('key:a POST /v1/orders', '2', '', '{\"outcome\": \"sold_out\"}'),"
            " ('key:a POST /v1/forecast/runs', '3', '', NULL)"
        )
    )

    assert flow_store.door(tx, lasting=HOUR) == flow_store.Door(asked=2, refused=1)


def test_a_shipping_told_by_a_message_is_timed_from_the_shipping(tx: Tx):
    fill(tx, {MUG: 10})
    move_in(tx, ANA)
    order = paid(tx, bought(tx, (MUG, 1)))
    moved(tx, order, OrderStatus.SHIPPED)
    tx.execute(
        text(
            "INSERT INTO message (id, verdict_id, person_id, order_id, notice, channel, address,"
            " locale, kind, lane, variables, state, due_at, expires_at, queued_at, settled_at)"
            " SELECT :id, :id, :who, :order, 'order_shipped', 'email', 'a@b.example', 'zh',"
            " 'order', 1, '{}', 'sent', :at, :at, :at, CAST(:at AS timestamptz) + '4 seconds'"
        ),
        {"id": new_id(), "who": ANA.person_id, "order": order, "at": MORNING},
    )
    found = flow_store.flow(tx, since=MORNING - HOUR, until=MORNING + HOUR)

    assert (found["told"], float(found["told_seconds"][0])) == (1, 4)
    assert found["silent"] == 0


def test_the_flow_page_offers_three_windows_and_csv(client: TestClient, shop: Shop):
    shop.clock.advance(HOUR)
    page = client.get("/ops/flow?window=7d").text
    rows = list(
        csv.DictReader(io.StringIO(client.get("/ops/flow.csv?window=7d").text.lstrip("\ufeff")))
    )

    assert "for the payment" in page
    assert [row["step"] for row in rows] == ["open", "order", "pay", "ship", "told"]
    assert rows[1]["reached"] == "2"
    for window in (*WINDOWS, "nonsense"):
        assert client.get("/ops/flow", params={"window": window[:8]}).status_code == 200


def test_an_hour_without_orders_says_so(client: TestClient, shop: Shop):
    shop.clock.advance(5 * A_DAY)

    assert "Nobody has ordered in this time" in client.get("/ops/flow?window=1h").text
