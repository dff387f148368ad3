"""A till over HTTP: the cast has moved in, and there are five of everything."""

from collections.abc import Iterator

import pytest

from app.db.transaction import begin
from tests.buying import KIMONO, LAMP, MUG, TEA, fill, move_in
from tests.shop import Shop
from tests.web import Web, open_web


@pytest.fixture
def web(shop: Shop) -> Iterator[Web]:
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, {MUG: 5, TEA: 5, LAMP: 5, KIMONO: 5})
    with open_web(shop) as opened:
        yield opened
