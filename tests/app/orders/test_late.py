"""A parcel that will likely be late is told of once, before it is, and no more once it came."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.house import House
from app.hub.release import retract
from app.hub.verdict import Because
from app.orders import late, late_store
from app.orders.late import Looked, look
from app.orders.late_rule import Doubt, worth_telling
from app.rules.rule import publish, save
from app.rules.store import rulings
from app.subscribers import late as looks
from orders_core.events import Change, Event, EventType, Ring
from orders_core.ids import OrderId, ParcelId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.parcels import store
from orders_core.parcels.attach import Consignment, attach
from orders_core.parcels.expect import expect
from orders_core.parcels.parcel import Checkpoint, ExpectedSource, Parcel, ParcelStatus
from orders_core.parcels.scan import Scan, record
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued
from tests.app.hub.telling import hear
from tests.buying import MUG, bought, fill, moved, paid
from tests.cast import ANA
from tests.orders_core.parcels.test_scan import placed_order
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

ZONE = ZoneInfo("Asia/Shanghai")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = MORNING - 50 * DAY
NOON = MORNING.replace(hour=4)  # in Shanghai
NAME = ("sf", "SF-NOW")


def told(tx: Tx, number: str, at: datetime, code: ParcelStatus, *, ring: Ring = Ring.NEVER) -> None:
    scan = Scan("sf", number, Checkpoint(at=at, code=code))
    record(tx, [scan], by="carrier", at=at, ring=lambda _: ring)


def past(tx: Tx, *, days: int = 45, lasting: int = 3) -> None:
    """One parcel a day that was handed over after so many days, all by one carrier."""
    scans = []
    for day in range(days):
        began = BEGIN + day * DAY
        said = {ParcelStatus.PICKED_UP: began, ParcelStatus.DELIVERED: began + lasting * DAY}
        known = {code: at for code, at in said.items() if at <= MORNING}
        scans += [
            Scan("sf", f"SF{day}", Checkpoint(at=at, code=code)) for code, at in known.items()
        ]
    ship(tx, [(placed_order(tx), f"SF{day}") for day in range(days)])
    record(tx, scans, by="carrier", at=MORNING, ring=lambda _: Ring.NEVER)


def ship(
    tx: Tx,
    sent: Sequence[tuple[OrderId, str]],
    *,
    promised_at: datetime | None = None,
    ring: Ring = Ring.NOW,
) -> None:
    wishes = [
        Consignment(order_id=order_id, carrier="sf", number=number, promised_at=promised_at)
        for order_id, number in sent
    ]
    attach(tx, wishes, change=Change(by="clerk", why="shipped", at=MORNING, ring=ring))


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    """Ana's parcel, picked up this morning and promised for tomorrow; others take three days."""
    past(tx)
    enter(tx, ANA)
    fill(tx, {MUG: 9})
    order_id = paid(tx, bought(tx, (MUG, 1)))
    moved(tx, order_id, OrderStatus.SHIPPED)
    ship(tx, [(order_id, NAME[1])], promised_at=MORNING + DAY)
    told(tx, NAME[1], MORNING - HOUR, ParcelStatus.PICKED_UP, ring=Ring.NOW)
    return order_id


@pytest.fixture
def house(shop: Shop) -> House:
    return House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})


def at(tx: Tx, now: datetime) -> Looked:
    return look(tx, zone=ZONE, now=now)


def parcel(tx: Tx) -> Parcel:
    one = store.one(tx, NAME)
    assert one is not None
    return one


def moves(tx: Tx) -> list[Event]:
    said = history_of(tx, parcel(tx).id)
    return [one for one in said if one.type is EventType.PARCEL_RESCHEDULED]


def test_a_parcel_that_will_be_late_has_its_likely_day_and_its_shopper_is_told(
    tx: Tx, order_id: OrderId
):
    looked = at(tx, MORNING)

    assert (looked.under_way, looked.cannot_tell, looked.told) == (1, 0, 1)
    assert parcel(tx).expected_source is ExpectedSource.MODEL
    assert parcel(tx).expected_at in {NOON + 2 * DAY, NOON + 3 * DAY}
    assert hear(tx, moves(tx)) == {"order_delayed": None}
    assert {one.variables["expected_source"] for one in queued(tx)} == {"model"}


def test_it_is_told_once_and_later_days_ring_nobody(tx: Tx, order_id: OrderId):
    at(tx, MORNING)
    again = at(tx, MORNING + HOUR)
    later = at(tx, MORNING + 60 * HOUR)

    assert (again.told, again.moved) == (0, 0)
    assert (later.told, later.moved) == (0, 1)
    assert [one.ring for one in moves(tx)] == [Ring.NOW, Ring.NEVER]
    assert parcel(tx).expected_at == NOON + 3 * DAY


def test_what_waits_to_be_told_is_withdrawn_once_the_parcel_is_there(tx: Tx, order_id: OrderId):
    at(tx, MORNING)
    hear(tx, moves(tx))
    told(tx, NAME[1], MORNING + HOUR, ParcelStatus.DELIVERED)

    bells = [one.channel for one in queued(tx) if one.channel != "inapp"]
    retracted = retract(tx, [order_id], now=MORNING + HOUR)

    assert retracted == len(bells) > 0


def test_news_of_a_delay_that_comes_after_the_parcel_is_not_told(tx: Tx, order_id: OrderId):
    at(tx, MORNING)
    told(tx, NAME[1], MORNING + HOUR, ParcelStatus.DELIVERED)

    assert hear(tx, moves(tx)) == {"order_delayed": Because.SUPERSEDED}


@pytest.mark.parametrize(
    "code", [ParcelStatus.DELIVERED, ParcelStatus.AT_STATION, ParcelStatus.RETURNING]
)
def test_a_parcel_that_is_there_or_turned_back_gets_no_day(
    tx: Tx, order_id: OrderId, code: ParcelStatus
):
    told(tx, NAME[1], MORNING - 30 * timedelta(minutes=1), code)

    assert at(tx, MORNING).under_way == 0
    assert moves(tx) == []


def test_a_parcel_that_arrives_while_it_is_looked_at_gets_no_day(tx: Tx, order_id: OrderId):
    [batch] = late_store.under_way(tx)
    told(tx, NAME[1], MORNING, ParcelStatus.DELIVERED)

    assert late.give(tx, {batch[0]: MORNING + 3 * DAY}, now=MORNING) == (0, 0)
    assert moves(tx) == []


def test_a_parcel_that_waits_at_a_station_meanwhile_gets_no_day(tx: Tx, order_id: OrderId):
    [batch] = late_store.under_way(tx)
    told(tx, NAME[1], MORNING, ParcelStatus.AT_STATION)

    assert late.give(tx, {batch[0]: MORNING + 3 * DAY}, now=MORNING) == (0, 0)
    assert moves(tx) == []


def test_a_likely_day_stands_while_its_news_may_wait(tx: Tx, order_id: OrderId):
    at(tx, MORNING)
    tx.execute(text("UPDATE parcel SET expected_at = :day"), {"day": NOON + 9 * DAY})

    assert at(tx, MORNING + HOUR).moved == 0
    assert at(tx, MORNING + 25 * HOUR).moved == 1


def test_less_likely_than_not_is_never_told(tx: Tx):
    sheet = (
        "table,late_notice,first,complete\n"
        "column,when chance,when days,then tell,note\n"
        "sort,number >= 0 <= 100,number >= 0,flag,\n"
        "rule,-,-,yes,everybody is told\n"
        "example,99,9,yes,\n"
    )
    saved = save(tx, sheet, by="lead", why="loud", now=MORNING)
    publish(tx, "late_notice", saved.version)
    id_ = ParcelId(new_id())

    def told_of(chance: int, days: int) -> bool:
        doubt = Doubt(parcel_id=id_, name="sf SF1", chance=chance, days=days)
        return id_ in worth_telling(tx, [doubt], now=MORNING)

    assert told_of(51, 1)
    assert not told_of(50, 1)
    assert not told_of(90, 0)


def test_two_looks_at_once_give_the_day_once(tx: Tx, order_id: OrderId):
    [batch] = late_store.under_way(tx)
    at(tx, MORNING)

    assert late.give(tx, {batch[0]: MORNING + 4 * DAY}, now=MORNING) == (0, 1)
    assert [one.ring for one in moves(tx)] == [Ring.NOW, Ring.NEVER]


@pytest.mark.parametrize("source", [ExpectedSource.CARRIER, ExpectedSource.CLERK])
def test_who_knows_better_is_not_outdone(tx: Tx, order_id: OrderId, source: ExpectedSource):
    change = Change(by="lin", why="said", at=MORNING)
    expect(tx, NAME, MORNING + 2 * DAY, source=source, change=change)

    assert at(tx, MORNING).told == 0
    assert parcel(tx).expected_source is source


def test_who_knows_better_is_not_even_considered(tx: Tx, order_id: OrderId):
    change = Change(by="lin", why="said", at=MORNING)
    expect(tx, NAME, MORNING + 2 * DAY, source=ExpectedSource.CARRIER, change=change)

    at(tx, MORNING)

    assert rulings(tx, "late_notice", at_most=9) == []


def test_whose_parcel_rings_nobody_is_not_told_of_its_delay_either(tx: Tx, order_id: OrderId):
    told(tx, NAME[1], MORNING, ParcelStatus.IN_TRANSIT)
    told(tx, NAME[1], MORNING, ParcelStatus.PICKED_UP)

    looked = at(tx, MORNING)

    assert looked.told == 0
    assert all(one.ring is Ring.NEVER for one in moves(tx))


def test_with_little_history_nobody_is_told_anything(tx: Tx):
    past(tx, days=20)
    ship(tx, [(placed_order(tx), NAME[1])], promised_at=MORNING + DAY)
    told(tx, NAME[1], MORNING - HOUR, ParcelStatus.PICKED_UP)

    looked = at(tx, MORNING)

    assert (looked.under_way, looked.cannot_tell, looked.told) == (1, 1, 0)


def test_the_table_says_from_which_chance_on_telling_is_worth_it(tx: Tx, order_id: OrderId):
    sheet = (
        "table,late_notice,first,complete\n"
        "column,when chance,when days,then tell,note\n"
        "sort,number >= 0 <= 100,number >= 0,flag,\n"
        "rule,-,-,no,nobody is told\n"
        "example,99,9,no,\n"
    )
    saved = save(tx, sheet, by="lead", why="quiet", now=MORNING)
    publish(tx, "late_notice", saved.version)

    assert at(tx, MORNING).told == 0
    assert moves(tx) == []


def test_a_telling_is_logged_with_the_table_that_said_so(tx: Tx, order_id: OrderId):
    at(tx, MORNING)

    [ruled] = rulings(tx, "late_notice", at_most=9)
    assert ruled.about == "sf SF-NOW"
    assert ruled.answers == [{"tell": True}]


def test_a_look_is_made_once_it_is_asked_for_and_says_what_it_found(house: House, shop: Shop):
    with begin(shop.engine) as tx:
        past(tx)
        looks.ask_hourly(tx, MORNING)
        looks.ask_hourly(tx, MORNING)

    assert looks.run_due(house, lambda: True) == 1
    assert looks.run_due(house, lambda: True) == 0
    with begin(shop.engine) as tx:
        [row] = tx.execute(text("SELECT state, facts FROM learning_run"))
        assert row.state == "made"
        assert row.facts["learnt_from"] == 45
