"""A furnished shop behind the order page, and the links that open it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people.links import Links, links_of
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def links(shop: Shop) -> Links:
    """What signs the links."""
    return links_of(settings_of(shop))


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened
