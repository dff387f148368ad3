"""The web door under wrk: the real one, and the same door with nothing behind it."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import UUID

import httpx2
from fastapi import FastAPI

from app.access.keys import make_key
from app.access.roles import Permission
from app.db.transaction import begin
from app.entry.web import make_app
from app.orders.flush import Flushed
from bench.ground import Ground
from orders_core.clock import SystemClock
from orders_core.errors import NotFound
from orders_core.ids import OrderId, new_id, show
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Placed

SECONDS = 3
CONNECTIONS = 64
START_SECONDS = 30
PERSON = UUID("00000000-0000-7000-8000-000000000001")

SCRIPT = """
local count, name = 0, "{run}"
wrk.method = "POST"
wrk.body = '{{"person":"{person}","lines":[{{"sku":"BENCH-HOT","quantity":1}}]}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {key}"
request = function()
  count = count + 1
  wrk.headers["Idempotency-Key"] = name .. count
  return wrk.format()
end
"""


class WrkMissing(Exception):
    """The load generator is not installed."""


def real() -> FastAPI:
    """Build the app as it is."""
    return make_app()


def noop() -> FastAPI:
    """Build the same app with a door that answers at once and asks no database."""
    app = make_app()
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(inner: FastAPI) -> AsyncIterator[None]:
        async with opened(inner):
            inner.state.order_door = NoopDoor()
            yield

    app.router.lifespan_context = lifespan
    return app


class NoopDoor:
    """Says yes without doing anything."""

    def submit(self, _request: PlaceRequest) -> "asyncio.Future[Flushed | NotFound]":
        """Return a future that is done."""
        future: asyncio.Future[Flushed | NotFound] = asyncio.get_running_loop().create_future()
        placed = Placed(
            order_id=OrderId(new_id()),
            number=1,
            total_minor=1990,
            currency="CNY",
            placed_at=SystemClock().now(),
        )
        future.set_result(placed)
        return future


def run(ground: Ground, factory: str) -> float:
    """Serve the app that `factory` names, load it for three seconds, return orders a second."""
    with begin(ground.engine) as tx:
        key = make_key(tx, label="bench", scopes={Permission.ORDERS_WRITE})
    with served(ground, factory) as url, tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "order.lua"
        person = show("per", PERSON)
        script.write_text(SCRIPT.format(run=f"{time.time_ns()}-", person=person, key=key))
        _load(url, script, seconds=1)
        script.write_text(SCRIPT.format(run=f"{time.time_ns()}-", person=person, key=key))
        return _load(url, script, seconds=SECONDS)


def _load(url: str, script: Path, *, seconds: int) -> float:
    program = shutil.which("wrk")
    if program is None:
        raise WrkMissing("wrk is not installed; Debian: apt-get install wrk")
    command = [program, f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", f"-s{script}"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, f"{url}/v1/orders"], capture_output=True, text=True, check=True, timeout=60
    )
    if refused := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        raise RuntimeError(f"{refused[1]} orders were refused")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if rate is None:
        raise RuntimeError(f"wrk said: {done.stdout[-500:]}")
    return float(rate[1])


@contextmanager
def served(ground: Ground, factory: str) -> Iterator[str]:
    """Serve the app that `factory` names on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": ground.urls.database,
        "REDIS_URL": ground.urls.redis,
        "BROKER_URL": ground.urls.broker,
        "ORDERBELL_MODE": "test",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([*command, *quiet], env=environment)  # noqa: S603 - our own command
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait(url: str) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            httpx2.get(f"{url}/livez", timeout=1)
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answered at {url} within {START_SECONDS} s")
