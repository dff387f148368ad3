"""Whatever happens at once, nobody waits in a circle, and the books are true afterwards."""

import json
import subprocess
import sys
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from bench.processes import ROOT
from tests.buying import out_of_balance
from tests.races import storm
from tests.shop import Shop
from tests.together import together

THREADS, EACH = 4, 500
PROCESSES, EACH_LONG = 8, 25_000
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def prepared(shop: Shop) -> Shop:
    with begin(shop.engine) as tx:
        storm.prepare(tx)
    return shop


def assert_calm(shop: Shop, told: Counter[str], *, transactions: int) -> None:
    assert {state: told[state] for state in told if state not in {"done", "refused"}} == {}
    assert told["done"] + told["refused"] == transactions
    assert told["done"] > transactions / 4
    with begin(shop.engine) as tx:
        assert tx.execute(text(DEADLOCKS)).scalar_one() == 0
        assert out_of_balance(tx) == []


def test_two_thousand_things_at_once_never_deadlock(shop: Shop) -> None:
    prepared(shop)

    told = together(
        *[partial(storm.blow, shop.url, seed=seed, transactions=EACH) for seed in range(THREADS)]
    )

    assert_calm(shop, sum(told, Counter()), transactions=THREADS * EACH)


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_two_hundred_thousand_things_at_once_never_deadlock(shop: Shop) -> None:
    prepared(shop)
    program = [sys.executable, "-m", "tests.races.storm", shop.url]

    blowing = [
        subprocess.Popen([*program, str(seed), str(EACH_LONG)], cwd=ROOT, stdout=subprocess.PIPE)
        for seed in range(PROCESSES)
    ]
    told = [Counter[str](json.loads(one.communicate()[0])) for one in blowing]

    assert_calm(shop, sum(told, Counter()), transactions=PROCESSES * EACH_LONG)
