"""The whole web app over a test's own shop, listening on a real socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn

from app.access.keys import make_key
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.entry.web import make_app
from app.house import House
from tests import poll
from tests.pages_app import settings_of
from tests.shop import Shop

WAIT_SECONDS = 20


@dataclass(frozen=True)
class Web:
    """The shop over HTTP, as a program with an API key sees it."""

    client: httpx2.Client
    shop: Shop

    def get(self, path: str, **query: Any) -> httpx2.Response:
        """Ask for what a path shows."""
        return self.client.get(path, params=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx2.Response:
        """Post JSON, under an Idempotency-Key where one is given."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.client.post(path, json={} if body is None else body, headers=headers)

    def put(self, path: str, body: Any) -> httpx2.Response:
        """Put JSON."""
        return self.client.put(path, json=body)

    def raw(self, path: str, body: bytes, **headers: str) -> httpx2.Response:
        """Post bytes as they are, as JSON unless said otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            path, content=body, headers={"Content-Type": "application/json"} | named
        )


def make_caller(shop: Shop) -> str:
    """Make an API key that may do everything a key may do."""
    with begin(shop.engine) as tx:
        return make_key(tx, label="test", scopes=KEY_SCOPES, live=True)


@contextmanager
def open_web(shop: Shop) -> Iterator[Web]:
    """Serve the shop on a port of its own; closed, with its order door drained, at the end."""
    house = House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
    server = uvicorn.Server(uvicorn.Config(make_app(house), log_config=None, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        poll.until(lambda: server.started, within_seconds=WAIT_SECONDS)
        try:
            with httpx2.Client(
                base_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
                headers={"Authorization": f"Bearer {make_caller(shop)}"},
                timeout=WAIT_SECONDS,
            ) as client:
                yield Web(client, shop)
        finally:
            server.should_exit = True
            thread.join(WAIT_SECONDS)
