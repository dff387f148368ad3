"""Does an order cost more in an old shop: place, pay and ship beside 10⁴, 10⁵ and 10⁶ orders.

Each size is a database of its own on one engine, filled with orders of the last ninety days that
are in balance. The sizes take turns: in each round so many orders go through all three moves, a
transaction each, and then the books take a step. Commits do not wait for the disk; the figure is
the median of the rounds behind a warm-up.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.db.migrate import migrate
from app.db.transaction import attempt
from app.ops import books
from bench.ground import Ground
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change, Ring
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import place
from orders_core.orders.ship import ship
from orders_core.stock import level
from orders_core.tx import Tx

FILL = Path(__file__).with_suffix(".sql")
SIZES = (10_000, 100_000, 1_000_000)
SKUS = 200
PLENTY = 50_000_000
AT_ONCE = 100_000  # orders that one transaction fills in
DAYS = 90
ROUNDS, WARM_UP = 8, 2
ORDERS = 100  # in each round of each size
PERSON = PersonId(UUID("00000000-0000-7000-8000-000000000001"))

# Ids as they would have been made at the time, so that they lie in the order of their age.
ID_AT = """
CREATE FUNCTION pg_temp.id_at(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (left(uuid7_floor(at)::text, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid
$$
"""
MONTHS = """
SELECT make_partition(parent, month::date)
FROM unnest(ARRAY['history', 'outbox']) AS parent,
     generate_series(date_trunc('month', %s::timestamptz), clock_timestamp(), '1 month') AS month
"""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Shop:
    """A shop with so many orders behind it, and what was measured in it, in seconds."""

    size: int
    engine: Engine
    orders: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)


def run(ground: Ground, say: Say, sizes: Sequence[int] = SIZES) -> Mapping[str, object]:
    """Fill a shop of every size, let them take turns, and return what an order costs in each."""
    with ExitStack() as opened:
        shops = [_open(ground, size, say, opened) for size in sorted(sizes)]
        wholes = {shop.size: _whole(shop, say) for shop in shops}
        for number in range(-WARM_UP, ROUNDS):
            for shop in shops:
                measured = _sell(shop.engine), _step(shop.engine)
                if number >= 0:
                    shop.orders.append(measured[0])
                    shop.steps.append(measured[1])
            say(f"round {number + 1}/{ROUNDS}" if number >= 0 else "warming up")
        return _figures(shops, wholes)


def _figures(shops: Sequence[Shop], wholes: Mapping[int, float]) -> Mapping[str, object]:
    costs = {shop.size: statistics.median(shop.orders) for shop in shops}
    first = costs[shops[0].size]
    figures: dict[str, object] = {}
    for shop in shops:
        figures[f"order_ms_{shop.size}"] = round(1000 * costs[shop.size], 2)
        figures[f"order_ratio_{shop.size}"] = round(costs[shop.size] / first, 2)
        figures[f"books_step_seconds_{shop.size}"] = round(statistics.median(shop.steps), 3)
        figures[f"books_step_worst_seconds_{shop.size}"] = round(max(shop.steps), 3)
        figures[f"books_whole_seconds_{shop.size}"] = wholes[shop.size]
        figures[f"megabytes_{shop.size}"] = attempt(shop.engine, _megabytes)
    return {**figures, "orders_a_round": ORDERS, "rounds": ROUNDS}


def _open(ground: Ground, size: int, say: Say, opened: ExitStack) -> Shop:
    """Make a database and fill it with so many orders."""
    name = f"growth_{size}"
    url = ground.engine.url.set(database=name)
    with psycopg.connect(_plain(ground.engine), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    engine = make_engine(url.render_as_string(hide_password=False), application_name="bench")
    opened.callback(engine.dispose)
    migrate(engine)
    attempt(engine, _stock)
    began = time.monotonic()
    with psycopg.connect(
        _plain(engine), autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        fill(connection, size)
    say(f"{size:,} orders filled in within {time.monotonic() - began:.0f} s")
    return Shop(size, engine)


def fill(connection: psycopg.Connection, size: int) -> None:
    """Fill in so many orders of the last ninety days; they are in balance."""
    until = datetime.now(UTC) - timedelta(hours=2)  # behind what the first steps look back to
    since = until - timedelta(days=DAYS)
    connection.execute(ID_AT.encode())
    connection.execute(MONTHS.encode(), [since])
    times = {"since": since, "until": until, "all": size, "skus": SKUS}
    for first in range(1, size + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, size)
        with connection.transaction():
            connection.execute(FILL.read_bytes(), {**times, "first": first, "last": last})
    connection.execute(b"VACUUM ANALYZE")


def _stock(tx: Tx) -> None:
    now = datetime.now(UTC) - timedelta(days=DAYS)
    change = Change(by="bench", why="seed", at=now, ring=Ring.NEVER)
    goods = [
        Sku(code=f"G{n:03}", title_zh="货", title_en="Goods", price=Money(990, "CNY"))
        for n in range(SKUS)
    ]
    catalog.put(tx, goods, now=now)
    for one in goods:
        level.count(tx, one.code, "main", on_hand=PLENTY, oversell_limit=None, change=change)


def _whole(shop: Shop, say: Say) -> float:
    """Check every row, and see that what was filled in is in balance."""
    run = attempt(shop.engine, lambda tx: books.run_whole(tx, now=datetime.now(UTC)))
    broken = [found.invariant.name for found in run.findings if not found.holds]
    if broken:
        raise RuntimeError(f"the books of {shop.size} orders are out of balance: {broken}")
    say(f"{shop.size:,} orders checked whole in {run.seconds} s")
    return run.seconds


def _sell(engine: Engine) -> float:
    """Take orders from the wish to the parcel; return the seconds that one takes."""
    began = time.monotonic()
    for number in range(ORDERS):
        _one_order(engine, f"G{number * 7 % SKUS:03}")
    return (time.monotonic() - began) / ORDERS


def _one_order(engine: Engine, code: str) -> None:
    change = Change(by="bench", why="bought", at=datetime.now(UTC))
    wish = PlaceRequest(
        person_id=PERSON,
        lines=(Wanted(code, 1),),
        scope="bench",
        key=str(new_id()),
        fingerprint=b"one",
    )
    [placed] = attempt(engine, lambda tx: place(tx, [wish], change=change))
    if not isinstance(placed, Placed):
        raise TypeError(f"expected an order, got {placed!r}")
    order_id: OrderId = placed.order_id
    attempt(engine, lambda tx: pay(tx, order_id, f"pay-{order_id}", change=change))
    attempt(engine, lambda tx: ship(tx, order_id, (), change=change))


def _step(engine: Engine) -> float:
    run = attempt(engine, lambda tx: books.run_step(tx, now=datetime.now(UTC)))
    broken = [found.invariant.name for found in run.findings if not found.holds]
    if run.kind != "step" or broken:
        raise RuntimeError(f"a step was {run.kind} and found {broken}")
    return run.seconds


def _megabytes(tx: Tx) -> int:
    size = tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return round(int(size) / 1_000_000)


def _plain(engine: Engine) -> str:
    url = engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
