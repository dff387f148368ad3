"""A house without channels over the test's shop, a ledger to write in, and goods to sell."""

import pytest

from app.db.transaction import begin
from app.house import House
from tests.app.subscribers.ledger import heard
from tests.buying import MUG, fill
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def house(shop: Shop) -> House:
    with begin(shop.engine) as tx:
        heard.create(tx)
        fill(tx, {MUG: 100})
    return House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
