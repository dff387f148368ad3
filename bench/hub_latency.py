"""How soon an order's news stands in the queue, by the shop's own relay and worker."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random

from sqlalchemy import Engine, text

from app.db.transaction import begin
from bench import buyers
from bench.floor import at_work
from bench.ground import Ground
from orders_core.ids import OrderId, PersonId

STEP_SECONDS = 0.002
LONGEST_SECONDS = 30.0
PAUSE_SECONDS = (0.0, 0.4)  # between one message and the next order: now the relay is idle, now not
QUEUED = text("SELECT EXISTS (SELECT FROM message WHERE order_id = :order_id)")

Say = Callable[[str], None]


def one_notice_ms(ground: Ground, orders: int, say: Say) -> Mapping[str, float]:
    """Let one order after another be placed; return milliseconds from commit to message queued."""
    people = buyers.move_in(ground)
    random = Random("one notice")  # noqa: S311 - spreads orders, guards nothing
    took = []
    with at_work(ground, ("relay", "worker-fast")):
        _one(ground.engine, people[0])  # the processes are up once this is through
        for number in range(orders):
            time.sleep(random.uniform(*PAUSE_SECONDS))
            took.append(_one(ground.engine, people[number % len(people)]))
    found = buyers.percentiles(took)
    say(f"one notice: {found['p50']} ms, 99 of 100 within {found['p99']} ms")
    return found


def _one(engine: Engine, person_id: PersonId) -> float:
    bought = buyers.buy(engine, person_id, scope="one-notice")
    ends = time.monotonic() + LONGEST_SECONDS
    while not _is_queued(engine, bought.order_id):
        if time.monotonic() > ends:
            raise TimeoutError(f"nothing was queued within {LONGEST_SECONDS} s")
        time.sleep(STEP_SECONDS)
    return (datetime.now(UTC) - bought.committed_at).total_seconds() * 1000


def _is_queued(engine: Engine, order_id: OrderId) -> bool:
    with begin(engine) as tx:
        return bool(tx.scalar(QUEUED, {"order_id": order_id}))
