"""The desk of one test."""

import pytest

from tests.app.messages.desk import Desk, open_desk
from tests.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)
