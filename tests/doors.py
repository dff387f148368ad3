"""The API of some rooms over a test's own shop, opened with a key."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.desk.reader import Reader
from app.house import House
from app.http.edge import fit
from app.hub.by_hand import ByHand
from app.hub.heed import heeding
from app.settings import Settings
from tests.shop import Shop


@dataclass(frozen=True)
class Doors:
    """The API as an integrating developer sees it."""

    client: TestClient
    shop: Shop

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON; return the answer."""
        return self.client.request(method, path, json=body, headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        """Return what a path shows."""
        return self.client.get(path, params=query).json()

    def refusal(self, method: str, path: str, body: Any) -> tuple[int, str]:
        """Return the status and code of what is refused."""
        reply = self.call(method, path, body)
        return reply.status_code, reply.json()["code"]


@contextmanager
def open_doors(
    shop: Shop, *routers: APIRouter, scopes: Collection[str] = KEY_SCOPES, **given: Any
) -> Iterator[Doors]:
    """Open the doors of these rooms with a key of these scopes; `given` are settings."""
    app = FastAPI()
    settings = Settings(mode="test", public_url="https://shop.example", **given)
    app.state.house = House(
        settings=settings,
        engine=shop.engine,
        clock=shop.clock,
        channels={},
        heed=heeding(settings),
        notices=ByHand(settings),
        reads=Reader(settings.secret_key.get_secret_value().encode()),
    )
    for router in routers:
        app.include_router(router)
    fit(app, app.state.house.settings)
    with begin(shop.engine) as tx:
        key = make_key(tx, label="test", scopes=scopes, live=True)
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        yield Doors(client, shop)
