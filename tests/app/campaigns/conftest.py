"""A house without channels over the test's shop, whose countdowns are over at once."""

import pytest

from app.house import House
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def house(shop: Shop) -> House:
    settings = settings_of(shop, campaign_countdown_seconds=0)
    return House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
