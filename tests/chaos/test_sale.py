"""A sale while the database is shut at once and clients are killed: nothing is lost or doubled."""

import json
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.db.engine import make_engine
from app.db.engines import Engines
from app.db.engines.ground import forget
from app.db.engines.process import is_alive
from app.db.migrate import migrate
from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.ops import books
from bench.processes import Troupe
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from tests import poll
from tests.buying import LAMP, MUG, TEA, buy, fill, move_in, wish
from tests.cast import ANA
from tests.races.till import KINDS

UNITS = 1_000_000
HELD = """
SELECT s.code, sum(r.quantity) FROM reservation r JOIN sku s ON s.id = r.sku_id
WHERE r.state = 'held' GROUP BY s.code
"""
UNTOLD = """
SELECT count(*) FROM orders o WHERE NOT EXISTS (
  SELECT FROM outbox e WHERE e.entity_id = o.id AND e.type = 'order.placed')
"""


@dataclass(frozen=True)
class Plan:
    """How often the database is shut at once, how many clients are killed before each time."""

    restarts: int
    kills: int
    tills: int = 2
    sold_between: int = 15  #: acknowledged orders from one blow to the next


@dataclass
class Sale:
    """A sale on engines of its own, which may be hurt."""

    home: Path
    engines: Engines
    engine: Engine
    url: str
    troupe: Troupe
    names: Iterator[int] = field(default_factory=count)

    @property
    def log(self) -> Path:
        return self.home / "acknowledged.jsonl"

    def open_till(self) -> str:
        name = f"till-{next(self.names)}"
        person = str(ANA.person_id)
        self.troupe.start(name, "tests.races.till", self.url, person, name, str(self.log))
        return name

    def acknowledged(self) -> list[Mapping[str, Any]]:
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_bytes().splitlines()]

    def go_on(self, orders_more: int) -> None:
        """Wait until so many more orders were acknowledged."""
        wanted = len(self.acknowledged()) + orders_more
        poll.until(
            lambda: len(self.acknowledged()) >= wanted, within_seconds=90, what="orders come in"
        )

    def restart_at_once(self) -> None:
        """Shut PostgreSQL as `pg_ctl -m immediate` does, and start it again."""
        with begin(self.engine) as tx:
            pid = int(str(tx.scalar(text("SELECT pg_read_file('postmaster.pid')"))).split()[0])
        os.kill(pid, signal.SIGQUIT)
        poll.until(lambda: not is_alive(pid), within_seconds=20, what="PostgreSQL is down")
        poll.until(self.engines.mend, within_seconds=20, what="PostgreSQL is started again")
        poll.until(self._answers, within_seconds=60, what="PostgreSQL answers")

    def _answers(self) -> bool:
        try:
            with begin(self.engine) as tx:
                return bool(tx.scalar(text("SELECT true")))
        except (DBAPIError, psycopg.Error, EngineUnreachable):
            return False


@contextmanager
def a_sale() -> Iterator[Sale]:
    """Start engines, lay the goods out, and clear everything away at the end."""
    home = Path(tempfile.mkdtemp(prefix="orderbell-sale-"))
    home.chmod(0o711)
    engines = Engines(home, with_valkey=False, postgres_options={"max_connections": "60"})
    try:
        url = engines.start().database
        engine = make_engine(url, pool_size=4)
        migrate(engine)
        with begin(engine) as tx:
            move_in(tx, ANA)
            fill(tx, dict.fromkeys(KINDS, UNITS))
        with Troupe({}, log=home / "tills.log") as troupe:
            yield Sale(home, engines, engine, url, troupe)
        engine.dispose()
    finally:
        engines.stop()
        forget(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan(restarts=1, kills=5), id="short"),
        pytest.param(
            Plan(restarts=10, kills=10, tills=3, sold_between=100),
            id="full",
            marks=[pytest.mark.long, pytest.mark.timeout(1_800)],
        ),
    ],
)
def test_no_order_is_lost_doubled_or_orphaned_whoever_dies(plan: Plan):
    with a_sale() as sale:
        open_tills = [sale.open_till() for _ in range(plan.tills)]
        sale.go_on(plan.sold_between)
        for _ in range(plan.restarts):
            for _ in range(plan.kills):
                sale.troupe.kill(open_tills.pop(0))
                open_tills.append(sale.open_till())
                sale.go_on(plan.sold_between)
            sale.restart_at_once()
            sale.go_on(plan.sold_between)
        for name in open_tills:
            sale.troupe.kill(name)

        assert_everything_promised_stands(sale)
        assert_exactly_what_is_left_can_be_sold(sale)
        with begin(sale.engine) as tx:
            assert [f.invariant.name for f in books.check(tx) if not f.holds] == []
            assert tx.scalar(text(UNTOLD)) == 0


def assert_everything_promised_stands(sale: Sale) -> None:
    """Every order that somebody was told of is there, with its units, paid or cancelled as told."""
    told = sale.acknowledged()
    placed = {OrderId(line["order"]): line["units"] for line in told if line["did"] == "placed"}
    assert len(placed) == sum(line["did"] == "placed" for line in told)
    with begin(sale.engine) as tx:
        there = {str(one): order for one, order in orders.many(tx, list(placed)).items()}
    assert {str(one) for one in placed} == set(there)
    for line in told:
        order = there[line["order"]]
        assert {one.code: one.quantity for one in order.lines} == line["units"]
        if line["did"] == "paid":
            assert order.status is OrderStatus.PAID
        if line["did"] == "cancelled":
            assert order.status is OrderStatus.CANCELLED


def assert_exactly_what_is_left_can_be_sold(sale: Sale) -> None:
    """What nobody holds can all be bought, and then nothing more."""
    with begin(sale.engine) as tx:
        held = Counter({code: int(units) for code, units in tx.execute(text(HELD))})
        left = [(code, UNITS - held[code]) for code in (MUG, TEA, LAMP)]
        [last] = buy(tx, wish(*left))
        assert isinstance(last, Placed)
        assert not any(isinstance(one, Placed) for one in buy(tx, *[wish((c, 1)) for c in KINDS]))
