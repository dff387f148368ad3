"""A crowd at two web processes gets exactly what is there, and nobody gets what is not."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from app.db.transaction import begin
from bench.processes import ROOT, Troupe, free_port
from orders_core.ids import show
from tests import poll
from tests.app.orders.buyer import crowd
from tests.buying import MUG, fill, level, move_in, out_of_balance, rows
from tests.cast import ANA
from tests.shop import Shop
from tests.together import together
from tests.web import make_caller

ANA_ID = show("per", ANA.person_id)


@contextmanager
def web_processes(shop: Shop, number: int, log: Path) -> Iterator[list[str]]:
    """Run web processes of the shop, and yield where each listens."""
    ports = [free_port() for _ in range(number)]
    with ExitStack() as stack:
        for port in ports:
            environment = {
                "DATABASE_URL": shop.url,
                "REDIS_URL": shop.valkey_url,
                "BROKER_URL": shop.broker_url,
                "ORDERBELL_MODE": "test",
                "ORDERBELL_PORT": str(port),
            }
            stack.enter_context(Troupe(environment, log=log)).play("web")
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        for url in urls:
            poll.until(partial(_answers, url), within_seconds=60, what=url)
        yield urls


def _answers(url: str) -> bool:
    try:
        httpx2.get(f"{url}/livez", timeout=1)
    except httpx2.HTTPError:
        return False
    return True


def stocked(shop: Shop, units: int) -> str:
    """Put so many mugs on the shelf and return a key to buy them with."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: units})
        move_in(tx, ANA)
    return make_caller(shop)


def assert_sold(shop: Shop, got: Counter[str], *, units: int) -> None:
    assert {name: count for name, count in got.items() if count} == {
        "orders": got["orders"],
        "units": units,
        "refused": got["refused"],
    }
    with begin(shop.engine) as tx:
        assert level(tx, MUG).reserved == units
        assert got["orders"] == rows(tx, "orders") == rows(tx, "reservation")
        assert got["orders"] == rows(tx, "outbox", "type = 'order.placed'")
        assert out_of_balance(tx) == []


def test_a_small_crowd_at_two_processes(shop: Shop, tmp_path: Path) -> None:
    key = stocked(shop, 100)

    with web_processes(shop, 2, tmp_path / "web.log") as urls:
        buying = [
            partial(crowd, urls, key=key, person=ANA_ID, connections=2, seed=seed)
            for seed in range(4)
        ]
        got = together(*[lambda buy=buy: asyncio.run(buy()) for buy in buying])

    assert_sold(shop, sum(got, Counter()), units=100)


@pytest.mark.long
@pytest.mark.timeout(400)
def test_eight_processes_of_sixty_four_connections_each(shop: Shop, tmp_path: Path) -> None:
    key = stocked(shop, 1_000)
    program = [sys.executable, "-m", "tests.app.orders.buyer"]

    with web_processes(shop, 2, tmp_path / "web.log") as urls:
        crowds = [
            subprocess.Popen(
                [*program, ",".join(urls), key, ANA_ID, "64", str(seed)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
            )
            for seed in range(8)
        ]
        told = [buyers.communicate(timeout=300)[0] for buyers in crowds]

    got = sum((Counter[str](json.loads(said)) for said in told), Counter[str]())
    assert_sold(shop, got, units=1_000)
