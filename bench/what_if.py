"""What another policy would have made of a past, and how soon "why?" is answered beside it.

Real decisions of a week are copied until so many stand. The past is decided again as it was, under
other policies and under the curve of caps, in one process and in two; decisions a second count the
whole question, from the start of the processes to the account. Then the stored verdicts of people
and orders drawn by lot are read as the why pages read them.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import time as wall
from functools import partial
from random import Random
from resource import RUSAGE_CHILDREN, getrusage

from app.db.transaction import begin
from app.entry.cli.what_if import in_parts
from app.hub import verdict_store
from app.hub.bounds import Window
from app.hub.relive import Report
from app.hub.what_if_store import Stretch
from app.hub.worlds import AS_IT_WAS, EVERYTHING, Change
from app.ops import store
from bench import decided
from bench.ground import Ground
from orders_core.tx import Tx

ROWS = (100_000,)
MOST_REPLAYED = 1_000_000  # what is beyond is read by the why-queries alone
ASKED, SEED = 200, 20_261_123
PAGE = 50
CHANGES: Mapping[str, Change] = {
    "unchanged": AS_IT_WAS,
    "cap": Change(cap=1),
    "quiet": Change(quiet=Window(wall(21), wall(9))),
    "everything": EVERYTHING,
}
ALWAYS = Stretch(since=decided.SINCE, until=decided.SINCE + decided.LASTED)
DRAWN = """
SELECT person_id, order_id, notice FROM verdict TABLESAMPLE system (%(percent)s)
WHERE order_id IS NOT NULL
"""

Say = Callable[[str], None]
Figures = dict[str, object]


def run(ground: Ground, say: Say, rows: Sequence[int] = ROWS) -> Mapping[str, object]:
    """Measure with so many verdicts stored, one size after the other; return rates and times."""
    decided.live(ground, say)
    figures: Figures = {"sizes": sorted(rows)}
    stand = 0
    for size in sorted(rows):
        began = time.perf_counter()
        decided.copy(ground, size, begin_at=stand)
        stand = size // decided.LIVED * decided.LIVED
        say(f"{stand} verdicts stand, after {time.perf_counter() - began:.0f} s")
        if stand <= MOST_REPLAYED:
            figures |= _replayed(ground, stand, say)
        figures |= _why(ground, stand, say)
    return figures


def _replayed(ground: Ground, stand: int, say: Say) -> Figures:
    url = ground.engine.url.render_as_string(hide_password=False)
    figures: Figures = {}
    for name, change in CHANGES.items():
        for processes in (1, 2):
            ask = partial(in_parts, url, ALWAYS, change, processes=processes)
            figures |= _rated(f"{stand}_{name}_{processes}", ask, say)
    ask = partial(in_parts, url, ALWAYS, AS_IT_WAS, with_curve=True)
    return figures | _rated(f"{stand}_curve_2", ask, say)


def _rated(name: str, ask: Callable[[], Report], say: Say) -> Figures:
    """Time one question; a rate by CPU tells what the processes take, whoever else is at work."""
    began, worked = time.perf_counter(), _cpu_seconds()
    account = ask().account
    seconds, worked = time.perf_counter() - began, _cpu_seconds() - worked
    rate, by_cpu = round(account.decisions / seconds), round(account.decisions / worked)
    say(f"{name}: {rate} decisions/s, {by_cpu} a second of CPU, {seconds:.1f} s")
    return {
        f"{name}_decisions_per_s": rate,
        f"{name}_decisions_per_cpu_s": by_cpu,
        f"{name}_seconds": round(seconds, 2),
        f"{name}_identical_percent": account.identical_percent,
        f"{name}_differing": account.differing,
    }


def _cpu_seconds() -> float:
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _why(ground: Ground, stand: int, say: Say) -> Figures:
    """Read the verdicts of people and orders drawn from all over the table."""
    with begin(ground.engine) as tx:
        found = tx.exec_driver_sql(DRAWN, {"percent": max(0.5, 100 * 200_000 / stand / 20)}).all()
    drawn = Random(SEED).sample(found, min(ASKED, len(found)))  # noqa: S311 - seeded
    asked: dict[str, list[Callable[[Tx], object]]] = {
        "person": [_of_person(who, None) for who, _, _ in drawn],
        "person_notice": [_of_person(who, notice) for who, _, notice in drawn],
        "order": [_of_order(order) for _, order, _ in drawn],
    }
    figures: Figures = {}
    with begin(ground.engine) as tx:
        for name, questions in asked.items():
            took = sorted(_milliseconds(tx, ask) for ask in questions)
            p50, p99 = statistics.median(took), took[len(took) * 99 // 100]
            figures |= {
                f"{stand}_why_{name}_ms_p50": round(p50, 2),
                f"{stand}_why_{name}_ms_p99": round(p99, 2),
            }
            say(f"{stand}: why by {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    return figures


def _of_person(who: object, notice: str | None) -> Callable[[Tx], object]:
    def ask(tx: Tx) -> object:
        return verdict_store.page(tx, person_id=who, notice=notice, after=None, at_most=PAGE)

    return ask


def _of_order(order: object) -> Callable[[Tx], object]:
    return lambda tx: store.verdicts_of_order(tx, order)


def _milliseconds(tx: Tx, ask: Callable[[Tx], object]) -> float:
    began = time.perf_counter()
    answer = ask(tx)
    took = (time.perf_counter() - began) * 1000
    if not answer:
        raise AssertionError("what was drawn is not there")
    return took
