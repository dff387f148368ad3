"""A house over the test's shop as the web process builds it; only mail goes nowhere."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import wiring
from app.house import House
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def house(shop: Shop) -> Iterator[House]:
    built = wiring.build(settings_of(shop))
    here = {name: channel for name, channel in built.channels.items() if name != "email"}
    yield replace(built, channels=here)
    built.engine.dispose()
