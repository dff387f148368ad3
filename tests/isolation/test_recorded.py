"""Histories of random transactions at this PostgreSQL: each level shows what it may, no more."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from uuid import uuid4

import psycopg
import pytest

from app.db.engine import address
from app.db.engines import Urls
from app.labs.anomalies import Level
from bench.processes import ROOT
from tests.isolation import recorder
from tests.isolation.elle import Anomaly, anomalies, check
from tests.isolation.history import Fate, Read, Txn
from tests.shop import create_database, drop_database, url_of
from tests.together import together

THREADS = 4
NEVER = {
    Anomaly.G0,
    Anomaly.G1A,
    Anomaly.G1B,
    Anomaly.G1C,
    Anomaly.DUPLICATE,
    Anomaly.DISORDER,
    Anomaly.INTERNAL,
    Anomaly.STRANGER,
}


@pytest.fixture
def lists(engines: Urls) -> Iterator[str]:
    name = f"lists_{uuid4().hex[:12]}"
    create_database(engines.database, name)
    url = address(url_of(engines.database, name)).set(drivername="postgresql")
    database = url.render_as_string(hide_password=False)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(recorder.TABLE)
    yield database
    drop_database(engines.database, name)


def by_threads(database: str, level: Level, *, transactions: int) -> list[Txn]:
    recording = partial(recorder.record, database, level, transactions=transactions)
    return list(chain(*together(*[partial(recording, seed=seed) for seed in range(THREADS)])))


def by_processes(database: str, level: Level, *, processes: int, transactions: int) -> list[Txn]:
    program = [sys.executable, "-m", "tests.isolation.recorder", database, level]
    running = [
        subprocess.Popen([*program, str(seed), str(transactions)], cwd=ROOT, stdout=subprocess.PIPE)
        for seed in range(processes)
    ]
    return list(chain(*(recorder.read(one.communicate(timeout=300)[0]) for one in running)))


def in_the_end(database: str) -> Txn:
    """Read every list once more, after all."""
    with psycopg.connect(database, autocommit=True) as connection:
        rows = connection.execute("SELECT key, said FROM list").fetchall()
    return Txn(id=-1, does=tuple(Read(key, tuple(said)) for key, said in rows), began=1e18)


def found_in(database: str, txns: list[Txn], *, in_real_time: bool = False) -> set[Anomaly]:
    assert sum(txn.fate is Fate.COMMITTED for txn in txns) > len(txns) / 4
    return anomalies(check([*txns, in_the_end(database)], in_real_time=in_real_time))


def test_at_read_committed_reads_skew_and_nothing_worse(lists: str) -> None:
    found = found_in(lists, by_threads(lists, Level.READ_COMMITTED, transactions=150))

    assert Anomaly.G_SINGLE in found
    assert not found & NEVER


def test_at_repeatable_read_only_writes_skew(lists: str) -> None:
    txns = by_threads(lists, Level.REPEATABLE_READ, transactions=150)

    assert found_in(lists, txns, in_real_time=True) == {Anomaly.G2}


def test_at_serializable_nothing_is_found_not_even_in_real_time(lists: str) -> None:
    txns = by_processes(lists, Level.SERIALIZABLE, processes=2, transactions=150)

    assert found_in(lists, txns, in_real_time=True) == set()


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.READ_COMMITTED, {Anomaly.G_SINGLE, Anomaly.G2, Anomaly.LOST_UPDATE}),
        (Level.REPEATABLE_READ, {Anomaly.G2}),
        (Level.SERIALIZABLE, set()),
    ],
)
def test_eight_processes_show_what_a_level_lets_happen(
    lists: str, level: Level, expected: set[Anomaly]
) -> None:
    txns = by_processes(lists, level, processes=8, transactions=1_000)

    assert found_in(lists, txns, in_real_time=level is not Level.READ_COMMITTED) == expected
