"""Whoever comes at once, by whichever path: what is sold is what fits, exactly."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from app.db.engine import make_engine
from app.db.engines import Urls
from app.db.transaction import begin
from bench.processes import ROOT
from tests.buying import out_of_balance
from tests.races.paths import PATHS, Path, Units, sell
from tests.shop import create_database, drop_database, url_of
from tests.together import together

THREADS, RUNS, PROCESSES = 4, 20, 8
PROMISED = """
SELECT s.code, sum(l.reserved) - coalesce(sum(b.free), 0), sum(l.on_hand + l.oversell_limit)
FROM level l JOIN sku s ON s.id = l.sku_id
LEFT JOIN (SELECT sku_id, warehouse, sum(free) AS free FROM bucket GROUP BY 1, 2) b
  ON b.sku_id = l.sku_id AND b.warehouse = l.warehouse
GROUP BY s.code HAVING sum(l.on_hand + l.oversell_limit) > 0
"""


@contextmanager
def a_shop(engines: Urls, template: str, path: Path) -> Iterator[tuple[str, Engine]]:
    """A shop whose goods are laid out for a path."""
    name = f"race_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    url = url_of(engines.database, name)
    engine = make_engine(url, pool_size=THREADS)
    with begin(engine) as tx:
        path.stock(tx)
    yield url, engine
    engine.dispose()
    drop_database(engines.database, name)


def assert_exactly(engine: Engine, path: Path, got: Units) -> None:
    assert dict(got) == dict(path.fits)
    with begin(engine) as tx:
        promised = {
            code: (int(units), int(all_)) for code, units, all_ in tx.execute(text(PROMISED))
        }
        assert promised == {code: (units, units) for code, units in path.fits.items()}
        assert out_of_balance(tx) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_few_buyers_at_once_get_exactly_what_fits(
    engines: Urls, template: str, path: Path
) -> None:
    with a_shop(engines, template, path) as (_, engine):
        got = together(*[partial(sell, engine, path, seed=seed) for seed in range(THREADS)])

        assert_exactly(engine, path, sum(got, Counter()))


@contextmanager
def sellers(number: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that sell as they are told."""
    program = [sys.executable, "-m", "tests.races.seller"]
    running = [
        subprocess.Popen(
            program, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(number)
    ]
    yield running
    for one in running:
        one.communicate(timeout=30)


def sold_by(running: list[subprocess.Popen[str]], url: str, path: Path, *, seed: int) -> Units:
    """Let all sell at once; return what they got together."""
    for number, one in enumerate(running):
        told = {"url": url, "path": path.name, "seed": seed * 100 + number}
        assert one.stdin
        one.stdin.write(json.dumps(told) + "\n")
        one.stdin.flush()
    said = [json.loads(one.stdout.readline()) for one in running if one.stdout]
    return sum((Counter[str](units) for units in said), Counter[str]())


@pytest.mark.parametrize("path", PATHS[1:2], ids=lambda path: path.name)
def test_two_processes_get_exactly_what_fits(engines: Urls, template: str, path: Path) -> None:
    with sellers(2) as running, a_shop(engines, template, path) as (url, engine):
        assert_exactly(engine, path, sold_by(running, url, path, seed=1))


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_eight_processes_get_exactly_what_fits_twenty_times(
    engines: Urls, template: str, path: Path
) -> None:
    with sellers(PROCESSES) as running:
        for run in range(RUNS):
            with a_shop(engines, template, path) as (url, engine):
                assert_exactly(engine, path, sold_by(running, url, path, seed=run))
