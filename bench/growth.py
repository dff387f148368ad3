"""What an order costs in a shop that has sold ten thousand, a hundred thousand, a million.

A database of each size stands on one engine. Batches of 64 orders are placed, paid one by one and
shipped through the core, in each database in turn, so that whatever else the machine does meets all
alike. `…_ratio` is the median, over the rounds, of what an order cost beside what it cost in the
smallest database of the same round. After that the books take a few steps in each.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Engine

from app.db.transaction import begin
from app.ops import books
from bench import grown
from bench.ground import Ground
from orders_core.books.run import Run
from orders_core.events import Change
from orders_core.orders.move import move
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, WARM = 30, 3  # rounds that count, and the first ones that do not
BATCH = 64
STEPS = 6
PARTS = ("place", "pay", "ship")

Say = Callable[[str], None]
Figures = dict[str, object]
Answer = TypeVar("Answer")

#: Milliseconds an order by size and part.
Round = Mapping[int, Mapping[str, float]]

SCANNED = """
SELECT relname, seq_tup_read FROM pg_stat_user_tables
WHERE relname <> 'bench_model'
"""


def run(ground: Ground, say: Say, rows: Sequence[int] = SIZES) -> Mapping[str, object]:
    """Measure with so many orders in the tables; return milliseconds an order, ratios, seconds.

    `sale_scanned` and `step_scanned` name the tables that a sale and a step of the books read from
    end to end at the largest size, with the rows so read: what grows shows there first.
    """
    sizes = sorted(rows)
    grown.prepare(ground.engine)
    figures: Figures = {"sizes": sizes, "rounds": ROUNDS, "batch": BATCH, "steps": STEPS}
    engines = {size: _grown(ground, size, figures, say) for size in sizes}
    figures |= _whole(engines, say)
    for number in range(WARM):
        _sell_in_turn(engines, number)
    largest = engines[sizes[-1]]
    began = _scanned(largest)
    costs: list[Round] = []
    for number in range(ROUNDS):
        costs.append(_sell_in_turn(engines, WARM + number))
        say(f"round {number + 1}/{ROUNDS}  {_beside(costs[-1])}")
    sold = _scanned(largest)
    steps = _steps_in_turn(engines, say)
    figures["sale_scanned"] = _read_each(began, sold, ROUNDS * BATCH)
    figures["step_scanned"] = _read_each(sold, _scanned(largest), STEPS)
    for engine in engines.values():
        engine.dispose()
    return figures | _costs(costs, sizes) | _steps(steps)


def _grown(ground: Ground, size: int, figures: Figures, say: Say) -> Engine:
    seconds, engine = _timed(partial(grown.grow, ground, size))
    with begin(engine) as tx:
        held = tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    figures |= {f"{size}_fill_seconds": round(seconds, 1), f"{size}_megabytes": held // 10**6}
    say(f"filled {size} orders in {seconds:.0f} s, {held // 10**6} MB")
    return engine


def _whole(engines: Mapping[int, Engine], say: Say) -> Figures:
    """Check all books once; the steps go on from there."""
    figures: Figures = {}
    for size, engine in engines.items():
        with begin(engine) as tx:
            found = books.run_whole(tx, now=datetime.now(UTC))
        broken = {one.invariant.name: one.broken for one in found.findings if not one.holds}
        say(f"whole books of {size}: {found.seconds} s, broken: {len(broken)} {broken or ''}")
        figures |= {f"{size}_whole_seconds": found.seconds, f"{size}_broken": len(broken)}
    return figures


def _sell_in_turn(engines: Mapping[int, Engine], number: int) -> Round:
    """Sell one batch in each database; another one begins each round."""
    first = number % len(engines)
    sizes = list(engines)
    return {size: _sell(engines[size], number) for size in (*sizes[first:], *sizes[:first])}


def _sell(engine: Engine, number: int) -> Mapping[str, float]:
    """Place, pay and ship one batch; return milliseconds an order for each part."""
    change = Change(by="bench", why="bought", at=datetime.now(UTC))
    wishes = [grown.wish(number * BATCH + n, uuid4().hex) for n in range(BATCH)]

    def place_all() -> Sequence[Placed]:
        with begin(engine) as tx:
            return grown.sold(tx, wishes, change=change)

    def pay_all() -> None:
        with begin(engine) as tx:
            for one in placed:
                pay(tx, one.order_id, f"paid-{one.order_id.hex}", change=change)

    def ship_all() -> None:
        with begin(engine) as tx:
            move(tx, [one.order_id for one in placed], OrderStatus.SHIPPED, change=change)

    placing, placed = _timed(place_all)
    paying, _ = _timed(pay_all)
    shipping, _ = _timed(ship_all)
    seconds = zip(PARTS, (placing, paying, shipping), strict=True)
    return {part: took * 1000 / BATCH for part, took in seconds}


def _steps_in_turn(engines: Mapping[int, Engine], say: Say) -> Mapping[int, Sequence[Run]]:
    """Let the books take their steps, each behind one more batch."""
    steps: dict[int, list[Run]] = defaultdict(list)
    for number in range(STEPS):
        _sell_in_turn(engines, number)
        for size, engine in engines.items():
            with begin(engine) as tx:
                steps[size].append(books.run_step(tx, now=datetime.now(UTC)))
        took = "  ".join(f"{size}: {runs[-1].seconds} s" for size, runs in steps.items())
        say(f"step {number + 1}/{STEPS}  {took}")
    return steps


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def _scanned(engine: Engine) -> Mapping[str, int]:
    with begin(engine) as tx:
        tx.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    with begin(engine) as tx:
        return {str(name): int(read) for name, read in tx.exec_driver_sql(SCANNED).all()}


def _read_each(before: Mapping[str, int], after: Mapping[str, int], times: int) -> Figures:
    read = {name: (rows - before.get(name, 0)) // times for name, rows in after.items()}
    return {name: rows for name, rows in sorted(read.items()) if rows}


def _beside(found: Round) -> str:
    return "  ".join(f"{size}: {sum(found[size].values()):.2f} ms" for size in sorted(found))


def _costs(costs: Sequence[Round], sizes: Sequence[int]) -> Figures:
    figures: Figures = {}
    for part in (*PARTS, "order"):
        each = [{size: _cost(found[size], part) for size in sizes} for found in costs]
        for size in sizes:
            figures[f"{size}_{part}_ms"] = round(statistics.median(at[size] for at in each), 3)
        for size in sizes[1:]:
            ratio = statistics.median(at[size] / at[sizes[0]] for at in each)
            figures[f"{size}_{part}_ratio"] = round(ratio, 3)
    return figures


def _cost(parts: Mapping[str, float], part: str) -> float:
    return sum(parts.values()) if part == "order" else parts[part]


def _steps(steps: Mapping[int, Sequence[Run]]) -> Figures:
    figures: Figures = {}
    for size, runs in sorted(steps.items()):
        seconds = [run.seconds for run in runs]
        figures[f"{size}_step_seconds"] = round(statistics.median(seconds), 3)
        figures[f"{size}_step_slowest_seconds"] = max(seconds)
        figures[f"{size}_step_looked_at"] = dict(runs[-1].looked_at)
        figures[f"{size}_step_broken"] = sum(not one.holds for run in runs for one in run.findings)
    return figures
