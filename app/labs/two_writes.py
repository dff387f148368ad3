"""Twelve programs that place orders are killed at work: which orders does nobody hear of?"""

import random
import subprocess
import sys
from collections.abc import Sequence

import redis

from app.db.transaction import attempt
from app.house import House
from app.labs import ledger_store as ledger
from app.labs.lab import Figures, Lab, Place
from app.labs.naive import two_writes as naive_way
from app.labs.ordering import prepare
from app.settings import load
from app.subscribers.handle import handle_events
from orders_core.clock import SystemClock
from orders_core.ids import PersonId

KILLS = 12
AT_ONCE = 2
SHORTEST_SECONDS, LONGEST_SECONDS = 0.05, 0.25
MOST_PASSES = 10_000


def naive(place: Place, kills: int = KILLS) -> tuple[Figures, int]:
    """Place orders as in `naive/two_writes.py`, and kill whoever does."""
    ledger.fresh(place, naive_way.TABLES)
    with redis.Redis.from_url(place.valkey_url) as queue, place.plain() as connection:
        queue.delete(naive_way.QUEUE)
        _kill_many(place, "naive", kills)
        orders, lost = naive_way.lost(connection, queue)
    return {"kills": kills, "orders": orders, "never_told": lost}, lost


def ours(place: Place, kills: int = KILLS) -> tuple[Figures, int]:
    """Place orders through the order core, and kill whoever does; then handle what they left."""
    buyer = attempt(place.engine, prepare)
    _kill_many(place, "ours", kills, buyer)
    url = place.engine.url.render_as_string(hide_password=False)
    settings = load(mode="test", database_url=url)
    house = House(settings=settings, engine=place.engine, clock=SystemClock(), channels={})
    for _ in range(MOST_PASSES):
        if not handle_events(house).done:
            break
    orders, lost = attempt(place.engine, lambda tx: ledger.untold(tx, buyer))
    return {"kills": kills, "orders": orders, "never_told": lost}, lost


def _kill_many(place: Place, way: str, kills: int, buyer: PersonId | None = None) -> None:
    dice = random.Random()  # noqa: S311 - when the power fails is no secret
    for _ in range(kills // AT_ONCE):
        running = [_start(place, way, str(buyer)) for _ in range(AT_ONCE)]
        for process in running:
            _wait_until_it_works(process)
        for process in running:
            pause = dice.uniform(SHORTEST_SECONDS, LONGEST_SECONDS)
            _let_work(process, pause)
        for process in running:
            process.communicate()


def _start(place: Place, way: str, buyer: str) -> "subprocess.Popen[bytes]":
    url = place.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command: Sequence[str] = ("-m", "app.labs.ordering", way, buyer, url, place.valkey_url)
    return subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE)  # noqa: S603 - ours


def _wait_until_it_works(process: "subprocess.Popen[bytes]") -> None:
    if process.stdout is None or not process.stdout.readline():
        raise RuntimeError("a program of the lab ended before its first order")


def _let_work(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()


LAB = Lab(name="two-writes", told="never_told", naive=naive, ours=ours, shown=naive_way)
