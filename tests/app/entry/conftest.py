"""A house over the test's shop as a process would build it; only mail goes nowhere."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import wiring
from app.db.transaction import begin
from app.house import House
from tests.buying import MUG, fill, move_in
from tests.cast import DEE
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def house(shop: Shop) -> Iterator[House]:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 100})
        move_in(tx, DEE)
    built = wiring.build(settings_of(shop))
    here = {name: channel for name, channel in built.channels.items() if name != "email"}
    yield replace(built, channels=here)
    built.engine.dispose()
