"""Intake's doors, and a house to replay in."""

from collections.abc import Iterator

import pytest

from app.house import House
from app.intake import api
from app.intake.carriers import api as carriers
from app.settings import Settings
from tests.doors import Doors, open_doors
from tests.shop import Shop


@pytest.fixture
def house(shop: Shop) -> House:
    """The house over the test's database, its clock standing still."""
    return House(settings=Settings(mode="test"), engine=shop.engine, clock=shop.clock, channels={})


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    """The doors of events and carriers, opened with a key."""
    with open_doors(shop, api.router, carriers.router) as opened:
        yield opened
