"""A web app of intake's doors over a test's own shop, and a key that opens them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.house import House
from app.http.edge import fit
from app.intake import api
from app.intake.carriers import api as carriers
from app.settings import Settings
from tests.shop import Shop


@dataclass(frozen=True)
class Doors:
    """Intake over HTTP, as a foreign shop sees it."""

    client: TestClient
    house: House

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Post JSON."""
        return self.client.post(
            path, json=body, headers={"Content-Type": "application/json"} | headers
        )

    def get(self, path: str, **query: Any) -> Any:
        """Get what a path shows."""
        return self.client.get(path, params=query).json()


@pytest.fixture
def house(shop: Shop) -> House:
    """The house over the test's database, its clock standing still."""
    return House(settings=Settings(mode="test"), engine=shop.engine, clock=shop.clock, channels={})


@pytest.fixture
def doors(house: House) -> Iterator[Doors]:
    """The doors, opened with a key."""
    app = FastAPI()
    app.state.house = house
    for router in (api.router, carriers.router):
        app.include_router(router)
    fit(app, house.settings)
    with begin(house.engine) as tx:
        key = make_key(tx, label="intake", scopes=KEY_SCOPES)
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        yield Doors(client, house)
