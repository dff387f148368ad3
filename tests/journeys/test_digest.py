"""Somebody asks for one letter a day; five things happen; one letter comes."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.house import House
from app.messages import capture
from app.people.choice_store import choose_rhythms
from app.people.choices import ChannelName, Rhythm
from app.subscribers.drain import drain
from app.wiring import open_channels
from channels.fake.channel import Fake
from orders_core.orders.order import OrderStatus
from tests.buying import LAMP, MUG, TEA, bought, fill, move_in, moved, paid
from tests.cast import ANA
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

EVENING = MORNING.replace(hour=10)  # 18:00 in Shanghai
LETTERS = "SELECT subject, body FROM captured WHERE channel = 'email' ORDER BY id"
LINES = "SELECT notice FROM inbox_item WHERE person_id = :who ORDER BY id"


@pytest.fixture
def house(shop: Shop) -> House:
    settings = settings_of(shop, redis_url="")
    channels = dict(open_channels(settings, engine=shop.engine, clock=shop.clock))
    channels["email"] = Fake("email", capture.outbox_record(shop.engine, shop.clock))
    return House(settings=settings, engine=shop.engine, clock=shop.clock, channels=channels)


def letters(shop: Shop) -> list[tuple[str, str]]:
    with begin(shop.engine) as tx:
        return [(row.subject, row.body) for row in tx.execute(text(LETTERS))]


def test_five_events_and_a_daily_letter_are_one_letter_in_the_evening(shop: Shop, house: House):
    with begin(shop.engine) as tx:
        fill(tx, {TEA: 9, LAMP: 9, MUG: 9})
        move_in(tx, replace(ANA, locale="en"))
        daily = {ChannelName.EMAIL: Rhythm.DAILY}
        choose_rhythms(tx, ANA.person_id, daily, source="test", now=MORNING)
        orders = [paid(tx, bought(tx, (goods, 1))) for goods in (TEA, LAMP, MUG)]
    drain(house)
    before = len(letters(shop))

    for order in orders:
        with begin(shop.engine) as tx:
            moved(tx, order, OrderStatus.SHIPPED)
    for order in orders[:2]:
        with begin(shop.engine) as tx:
            moved(tx, order, OrderStatus.DELIVERED)
    drain(house)

    assert len(letters(shop)) == before
    shop.clock.set(EVENING)
    drain(house)
    drain(house)
    [(subject, body)] = letters(shop)[before:]
    assert subject.startswith("3 updates from")
    assert (body.count("has arrived"), body.count("on its way")) == (2, 1)
    assert body.count("/o/") == 3
