"""How fast orders are placed, next to what the same PostgreSQL does without us.

All figures are orders a second on one engine with the same durability, tables and triggers, in
rounds that take turns; the median of the rounds is the figure. They are of one hot SKU in one
warehouse, but for the carts: three kinds of goods each, out of one warehouse and out of eight.
"""

import asyncio
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from app.db.transaction import begin
from bench import carts, pgbench, till, web
from bench.ground import Ground
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.stock import level

HERE = Path(__file__).parent
CODE = "BENCH-HOT"
PLENTY = 2_000_000_000
ROUNDS = 5
BATCH = 64

Say = Callable[[str], None]


def run(ground: Ground, say: Say) -> Mapping[str, object]:
    """Measure every way in turn, five rounds, and return the medians in orders a second."""
    prepare(ground.engine)
    carts.prepare(ground.engine)
    ways: dict[str, Callable[[], float]] = {
        "pgbench_single": lambda: by_hand(ground, orders=1, clients=32, threads=2),
        "pgbench_batch64_c1": lambda: by_hand(ground, orders=BATCH, clients=1, threads=1),
        "pgbench_batch64_c8": lambda: by_hand(ground, orders=BATCH, clients=8, threads=2),
        "core": lambda: core(ground.engine),
        "carts1": lambda: carts.one(ground.engine),
        "carts8": lambda: carts.eight(ground.engine),
        "http": lambda: web.run(ground, "bench.web:real"),
        "http_noop": lambda: web.run(ground, "bench.web:noop"),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    rows = 0.0
    for number in range(1, ROUNDS + 1):
        for name, measure in ways.items():
            rates[name].append(measure())
            rows = rows or (rows_per_order(ground.engine) if name == "core" else 0.0)
            say(f"round {number}/{ROUNDS}  {name:20} {rates[name][-1]:10.0f} orders/s")
    return _figures({name: statistics.median(found) for name, found in rates.items()}, rows)


def _figures(medians: dict[str, float], rows: float) -> Mapping[str, object]:
    batch64 = max(medians.pop("pgbench_batch64_c1"), medians.pop("pgbench_batch64_c8"))
    figures = {**medians, "pgbench_batch64": batch64}
    return {
        **{name: round(rate) for name, rate in figures.items()},
        "core_to_pgbench_single": round(figures["core"] / figures["pgbench_single"], 2),
        "core_to_pgbench_batch64": round(figures["core"] / batch64, 2),
        "carts8_to_carts1": round(figures["carts8"] / figures["carts1"], 2),
        "http_to_http_noop": round(figures["http"] / figures["http_noop"], 2),
        "rows_per_order": rows,
        "clients": {
            "pgbench_single": 32,
            "pgbench_batch64": [1, 8],
            "core": till.BUYERS,
            "http": 64,
        },
        "rounds": ROUNDS,
    }


def prepare(engine: Engine) -> None:
    """Put one SKU with two thousand million units on the shelf, and one person to buy it."""
    now = datetime.now(UTC)
    with begin(engine) as tx:
        price = Money(1990, "CNY")
        catalog.put(tx, [Sku(code=CODE, title_zh="热卖", title_en="Hot", price=price)], now=now)
        change = Change(by="bench", why="seed", at=now)
        level.count(tx, CODE, "main", on_hand=PLENTY, oversell_limit=None, change=change)
        tx.execute(
            text(
                "INSERT INTO person (id, name, locale, zone, created_at)"
                " VALUES (:id, 'Bench', 'en', 'UTC', :now)"
            ),
            {"id": till.PERSON, "now": now},
        )


def by_hand(ground: Ground, *, orders: int, clients: int, threads: int) -> float:
    """Place so many orders a statement with pgbench; return orders a second."""
    script = HERE / "orders.sql"
    variables = {"orders": orders}
    return orders * pgbench.run(ground, script, variables, clients=clients, threads=threads)


def core(engine: Engine) -> float:
    """Let 64 buyers order one unit each, again and again, through the batched door."""
    return asyncio.run(till.sell(engine, _one_hot))


def _one_hot(_number: int, key: str) -> PlaceRequest:
    return PlaceRequest(
        person_id=till.PERSON,
        lines=(Wanted(CODE, 1),),
        scope="bench",
        key=key,
        fingerprint=b"one",
    )


ROWS = """
SELECT (SELECT count(*) FROM order_line) + (SELECT count(*) FROM reservation)
     + (SELECT count(*) FROM history) + (SELECT count(*) FROM outbox)
     + (SELECT count(*) FROM idempotency) + (SELECT count(*) FROM orders),
  (SELECT count(*) FROM orders)
"""


def rows_per_order(engine: Engine) -> float:
    """Count the rows that an order leaves behind."""
    with begin(engine) as tx:
        rows, orders = tx.exec_driver_sql(ROWS).one()
    return round(float(rows) / float(orders), 2)
