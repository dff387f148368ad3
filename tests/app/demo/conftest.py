"""The whole shop on loopback, and the demo's door to it."""

from collections.abc import Iterator

import pytest

from app.demo.shop import Shop as Door
from tests.shop import Shop
from tests.web import Web, make_caller, open_web


@pytest.fixture
def web(shop: Shop) -> Iterator[Web]:
    with open_web(shop) as opened:
        yield opened


@pytest.fixture
def door(web: Web) -> Iterator[Door]:
    with Door(str(web.client.base_url).rstrip("/"), make_caller(web.shop)) as opened:
        yield opened
