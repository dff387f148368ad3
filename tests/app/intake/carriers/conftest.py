"""Doors of parcels, opened with a key, and with a secret of every carrier."""

from collections.abc import Iterator

import pytest

from app.intake.carriers import api, parcels_api, push_api
from tests.doors import Doors, open_doors
from tests.shop import Shop

SALT, SECRET = "盐-salt", "whsec-é-1"
SECRETS = f"kuaidi100={SALT} easypost={SECRET}"


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    """The doors of parcels and of carriers' pushes."""
    routers = (push_api.router, api.router, parcels_api.router)
    with open_doors(shop, *routers, carrier_secrets=SECRETS) as opened:
        yield opened
