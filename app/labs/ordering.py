"""`python -m app.labs.ordering WAY BUYER DATABASE VALKEY`: order in 16 threads until killed."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import redis

from app.db.engine import make_engine
from app.db.transaction import attempt
from app.labs.naive import two_writes as naive_way
from app.people import store as people
from app.people.person import Profile
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import PersonId, new_id
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.place import WAREHOUSE, place
from orders_core.stock import level
from orders_core.tx import Tx

THREADS = 16
LONGEST_SECONDS = 20.0  # of a program that nobody kills
CODE, PLENTY = "TEA", 1_000_000_000
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)

Order = Callable[[], object]


def prepare(tx: Tx) -> PersonId:
    """Put tea on the shelf and somebody new before it; return who."""
    tea = Sku(code=CODE, title_zh="龙井茶", title_en="Longjing tea", price=Money(12800, "CNY"))
    catalog.put(tx, [tea], now=NOW)
    seeded = Change(by="lab", why="seed", at=NOW)
    level.count(tx, CODE, WAREHOUSE, on_hand=PLENTY, oversell_limit=None, change=seeded)
    buyer = Profile(reference=f"lab-{new_id()}", locale="en", zone="UTC")
    [buyer_id] = people.upsert(tx, [buyer], locale="en", zone="UTC", now=NOW)
    return buyer_id


@contextmanager
def naive(buyer: str, database: str, valkey: str) -> Iterator[Order]:
    """Order as in `naive/two_writes.py`, on a connection of its own."""
    with psycopg.connect(database, autocommit=True) as connection:
        queue = redis.Redis.from_url(valkey)
        yield lambda: naive_way.place(connection, queue, buyer)


@contextmanager
def ours(buyer: str, database: str, _valkey: str) -> Iterator[Order]:
    """Order through the order core, on a connection of its own."""
    engine = make_engine(database, pool_size=1)
    change = Change(by="lab", why="bought", at=NOW)
    request = PlaceRequest(
        person_id=PersonId(UUID(buyer)),
        lines=(Wanted(CODE, 1),),
        scope="lab",
        key=None,
        fingerprint=b"",
    )
    yield lambda: attempt(engine, lambda tx: place(tx, [request], change=change))


def main(way: str, buyer: str, database: str, valkey: str) -> None:
    """Let 16 threads order until the program is killed; say so once all of them work."""
    ends = time.monotonic() + LONGEST_SECONDS
    at_work = threading.Barrier(THREADS + 1)
    opened = {"naive": naive, "ours": ours}[way]

    def buy_on() -> None:
        with opened(buyer, database, valkey) as order:
            order()
            at_work.wait()
            while time.monotonic() < ends:
                order()

    threads = [threading.Thread(target=buy_on, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    at_work.wait(timeout=LONGEST_SECONDS)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
