"""A gift is told to whoever receives it at their door: not before, and never what it cost."""

import json
from dataclasses import replace

import pytest

from app.hub.gifts import FOR_RECEIVER
from app.people import mute_store
from orders_core.ids import OrderId
from orders_core.orders.gift import Gift
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.parcels.parcel import ParcelStatus
from orders_core.tx import Tx
from tests.app.hub.stage import LINKS, enter, queued
from tests.app.hub.telling import events_of, hear, scan, ship
from tests.buying import MUG, buy, fill, moved, paid, wish
from tests.cast import ANA, CHIYO
from tests.shop import MORNING

WORDS = "生日快乐"


def given(tx: Tx, gift: Gift) -> OrderId:
    """Let Ana buy two mugs as a gift."""
    enter(tx, ANA, CHIYO)
    fill(tx, {MUG: 9})
    [outcome] = buy(tx, replace(wish((MUG, 2)), gift=gift))
    assert isinstance(outcome, Placed)
    return outcome.order_id


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    """Two mugs that Ana gives to Chiyo."""
    return given(tx, Gift(person_id=CHIYO.person_id, giver="Ana", words=WORDS))


def purpose_of(url: str) -> str:
    return LINKS.open_order(url.partition("?")[0].rpartition("/")[2]).purpose


def of_chiyo(tx: Tx) -> dict[str, set[str]]:
    """Return the channels that each notice goes to Chiyo on."""
    told: dict[str, set[str]] = {}
    for row in queued(tx):
        if row.person_id == CHIYO.person_id:
            told.setdefault(row.notice, set()).add(row.channel)
    return told


def test_the_receiver_hears_nothing_before_it_is_at_the_door(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.IN_TRANSIT)
    hear(tx, events_of(tx, order_id, parcel.id))

    assert {row.notice for row in queued(tx)} == {"order_shipped"}
    assert of_chiyo(tx) == {}


def test_the_receiver_hears_that_it_comes_where_to_fetch_it_and_that_it_came(
    tx: Tx, order_id: OrderId
):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY)
    hear(tx, events_of(tx, parcel.id)[-1:])
    scan(tx, ParcelStatus.AT_STATION, minutes=2, pickup_code="3-2-1086")
    hear(tx, events_of(tx, parcel.id)[-1:])
    moved(tx, order_id, OrderStatus.DELIVERED)
    hear(tx, events_of(tx, order_id)[-1:])

    assert of_chiyo(tx) == {
        "gift_coming": {"inapp", "push", "sms"},
        "gift_to_fetch": {"inapp", "push", "sms"},
        "gift_arrived": {"inapp", "email", "push"},
    }


def test_what_the_receiver_is_told_holds_no_money_no_goods_and_no_number(tx: Tx, order_id: OrderId):
    moved(tx, paid(tx, order_id), OrderStatus.SHIPPED)
    moved(tx, order_id, OrderStatus.DELIVERED)
    hear(tx, events_of(tx, order_id)[-1:])

    theirs = [row.variables for row in queued(tx) if row.person_id == CHIYO.person_id]
    assert theirs
    for facts in theirs:
        assert (facts["giver"], facts["gift_words"]) == ("Ana", WORDS)
        assert {facts[name] for name in ("total_minor", "currency", "order_number")} == {None}
        assert facts["items"] == []
        assert "4980" not in json.dumps(facts)
        assert purpose_of(facts["order_url"]) == "s"


def test_whoever_bought_it_hears_all_of_it_and_opens_their_own_page(tx: Tx, order_id: OrderId):
    hear(tx, events_of(tx, paid(tx, order_id))[-1:])

    [*mine] = [row for row in queued(tx) if row.person_id == ANA.person_id]
    assert {row.notice for row in mine} == {"order_paid"}
    assert mine[0].variables["total_minor"]
    assert purpose_of(mine[0].variables["order_url"]) == "o"


def test_a_gift_to_nobody_we_know_is_told_to_whoever_bought_it_alone(tx: Tx):
    order_id = given(tx, Gift(giver="Ana"))
    moved(tx, paid(tx, order_id), OrderStatus.SHIPPED)
    moved(tx, order_id, OrderStatus.DELIVERED)
    hear(tx, events_of(tx, order_id))

    assert {row.person_id for row in queued(tx)} == {ANA.person_id}


def test_who_mutes_an_order_does_not_mute_it_for_whoever_receives_it(tx: Tx, order_id: OrderId):
    mute_store.mute(tx, order_id, ANA.person_id, now=MORNING)
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY)
    hear(tx, events_of(tx, parcel.id)[-1:])

    rung = {(row.person_id, row.channel) for row in queued(tx)}
    assert (CHIYO.person_id, "push") in rung
    assert (ANA.person_id, "push") not in rung


def test_it_is_told_once_whatever_comes_twice(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.OUT_FOR_DELIVERY)
    for _ in range(2):
        hear(tx, events_of(tx, parcel.id)[-1:])

    assert len([row for row in queued(tx) if row.person_id == CHIYO.person_id]) == 3


def test_a_gift_that_was_fetched_meanwhile_is_not_told_to_be_fetched(tx: Tx, order_id: OrderId):
    parcel = ship(tx, order_id)
    scan(tx, ParcelStatus.AT_STATION, pickup_code="3-2-1086")
    waiting = events_of(tx, parcel.id)[-1:]
    scan(tx, ParcelStatus.DELIVERED, minutes=2)

    assert set(hear(tx, waiting)) == {"pickup_ready", "gift_to_fetch"}
    assert of_chiyo(tx) == {}


def test_everything_near_the_door_has_words_of_its_own_for_the_receiver():
    assert set(FOR_RECEIVER) == {"out_for_delivery", "pickup_ready", "order_delivered"}
