"""A till over HTTP, one for each file: the cast has moved in, and there is plenty of everything."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from app.db.engines import Urls
from app.db.transaction import begin
from tests.buying import KIMONO, LAMP, MUG, TEA, fill, move_in
from tests.shop import Shop, create_database, drop_database, url_of
from tests.web import Web, open_web

PLENTY = 1_000


@pytest.fixture(scope="module")
def web(engines: Urls, template: str) -> Iterator[Web]:
    name = f"web_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    shop = Shop.open(url_of(engines.database, name), engines=engines, valkey_database=0)
    with begin(shop.engine) as tx:
        move_in(tx)
        fill(tx, dict.fromkeys((MUG, TEA, LAMP, KIMONO), PLENTY))
    with open_web(shop) as opened:
        yield opened
    shop.close()
    drop_database(engines.database, name)
