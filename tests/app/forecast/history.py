"""Weeks of contacts to forecast from, made without chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.forecast import contacts_store, promotions
from app.forecast.contacts import halves
from app.forecast.promotions import Promotion
from app.house import House
from orders_core.tx import Tx
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

HOUR = timedelta(hours=1)
SHANGHAI_HOURS = 8
# Contacts an hour by the shop's clock, from midnight on.
DAY = (2, 1, 1, 0, 0, 1, 3, 6, 12, 20, 24, 22, 18, 18, 20, 22, 20, 18, 20, 30, 34, 30, 18, 8)
TONIGHT = Promotion(
    reference="double-11",
    name_zh="双11 开门",
    name_en="Double 11 doors",
    starts_at=MORNING.replace(hour=12),
    ends_at=MORNING.replace(hour=16),
    skus=("MUG", "TEA"),
)
LAST_MONTH = Promotion(
    reference="spring",
    name_zh="春日会员夜",
    name_en="Members' spring night",
    starts_at=TONIGHT.starts_at - timedelta(days=21),
    ends_at=TONIGHT.ends_at - timedelta(days=21),
)
TIMES = 3


def usual(hour: datetime) -> int:
    """Return what an hour brings without a promotion."""
    return DAY[(hour.hour + SHANGHAI_HOURS) % 24]


def weeks(count: int, *, until: datetime) -> Mapping[datetime, int]:
    """Return contacts of so many weeks before a time; last month's promotion tripled its own."""
    first = until.replace(minute=0, second=0, microsecond=0) - timedelta(weeks=count)
    hours = [first + step * HOUR for step in range(count * 168)]
    return {hour: usual(hour) * (TIMES if LAST_MONTH.is_on(hour) else 1) for hour in hours}


def usual_half(slot: datetime) -> int:
    """Return what a half hour brings without a promotion."""
    return halves(slot.replace(minute=0), usual(slot))[slot]


def told(
    tx: Tx, hours: Mapping[datetime, int], *, about: str = "other", source: str = "phone"
) -> None:
    """Write contacts by the hour, as another system tells them."""
    by_slot = {
        (slot, about): n for hour, count in hours.items() for slot, n in halves(hour, count).items()
    }
    contacts_store.put(tx, source, by_slot)


def furnish(tx: Tx, *, now: datetime = MORNING, count: int = 8) -> None:
    """Write weeks of contacts, and both promotions."""
    told(tx, weeks(count, until=now))
    for promotion in (LAST_MONTH, TONIGHT):
        promotions.put(tx, promotion, now=now)


def house_of(shop: Shop) -> House:
    """Return the house of a shop under test."""
    return House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
