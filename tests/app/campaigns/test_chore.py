"""A jump of the clock lives through a campaign: each zone hears it at its own time."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.campaigns import slot_store, store
from app.campaigns.campaign import State, Timing
from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.subscribers.chores import chores_of
from app.subscribers.jump import jump
from app.wiring import open_channels
from bench.crowd import ZONES
from tests.app.campaigns.crowd import draft, gather, scheduled, wall
from tests.shop import Shop

HEARD = """
SELECT DISTINCT zone, due_at FROM message JOIN person ON person.id = person_id
WHERE channel = 'inapp' AND state = 'sent'
"""


def test_the_bulk_worker_looks_after_campaigns(house: House) -> None:
    assert "campaigns" in {chore.name for chore in chores_of("bulk")}


def test_a_jump_stops_where_each_zones_time_comes(house: House, shop: Shop) -> None:
    clock = BusinessClock(house.engine)
    channels = open_channels(house.settings, engine=house.engine, clock=clock)
    running = replace(house, clock=clock, channels=channels)
    with begin(shop.engine) as tx:
        gather(tx, 40, zones=ZONES)
        tx.execute(text("DELETE FROM contact WHERE channel = 'email'"))
    campaign_id = scheduled(shop, draft(timing=Timing.PERSON, wall=wall("2026-03-03T09:00")))

    jump(running, forward=timedelta(days=2))

    with begin(shop.engine) as tx:
        assert store.find(tx, campaign_id).state is State.FINISHED
        due: dict[str, datetime] = {
            slot.zone: slot.due_at for slot in slot_store.of(tx, campaign_id) if slot.zone in ZONES
        }
        heard: dict[str, datetime] = dict(tx.execute(text(HEARD)).all())
    assert heard.keys() == due.keys()
    assert all(timedelta(0) <= heard[zone] - due[zone] < timedelta(minutes=1) for zone in due)
