"""Three triggers under the same load: what a statement costs, and which changes leave no trace."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import TypeVar

import psycopg

from app.labs import triggers_store as store
from app.labs.crowd import crowd
from app.labs.lab import Place
from app.labs.naive import triggers as naive_way
from app.labs.study import Found, Study, Table, Telling
from app.labs.study_page import telling
from app.words.say import say

WAYS = ("summary", "notify", "ours")
SIZES = (1, 100, 1_000)
CLIENTS = 8
ROUNDS, SECONDS = 3, 0.1  # in turn, so that a busy moment of the machine hits every way
EACH, ROWS = 20, 10  # statements of a client, and rows of each, where traces are counted
LONGEST_AWAY_SECONDS = 5.0


@dataclass(frozen=True)
class Rate:
    """How fast statements of one size went through, all clients together."""

    a_second: float
    ms: float  #: of the statement in the middle


@dataclass(frozen=True)
class Trace:
    """How many rows were changed, and how many of these changes the audit knows of."""

    changed: int
    kept: int

    @property
    def lost(self) -> int:
        """How many changes left no trace."""
        return self.changed - self.kept


Writers = Sequence[psycopg.Connection]
Rates = Mapping[tuple[str, int], Rate]
Done = TypeVar("Done")


@contextmanager
def clients(at: Place) -> Iterator[Writers]:
    """Open every client's connection, and one more that watches, in a schema made for them."""
    with at.plain() as owner, store.own_schema(owner), ExitStack() as open_ones:
        opened = [open_ones.enter_context(at.plain()) for _ in range(CLIENTS + 1)]
        for one in opened:
            store.settle_in(one)
        yield opened


def run(at: Place, *, rounds: int = ROUNDS) -> Found:
    """Count traces under a load of so many statements, then measure every way and size in turn."""
    with clients(at) as (watcher, *writers):
        store.lay_out(watcher, goods=CLIENTS * max(SIZES))
        traces = {way: _traces(at, way, watcher, writers) for way in WAYS}
        rates = _rates(writers, rounds=rounds)
        traces |= {way: _since(watcher, way) for way in ("summary", "ours")}
    figures = {way: _figures(way, rates, traces[way]) for way in WAYS}
    return Found(figures, lambda locale: _tell(locale, rates, traces))


def _figures(way: str, rates: Rates, trace: Trace) -> Mapping[str, object]:
    sizes = {
        f"rows_{rows}": {
            "statements_a_second": round(rates[way, rows].a_second, 1),
            "ms": round(rates[way, rows].ms, 2),
            "ours_times": _ratio(rates, way, rows),
        }
        for rows in SIZES
    }
    return {"changed": trace.changed, "kept": trace.kept, "lost": trace.lost, **sizes}


def _rates(writers: Writers, *, rounds: int) -> Rates:
    found: dict[tuple[str, int], list[Rate]] = {}
    for _, way, rows in product(range(rounds), WAYS, SIZES):
        found.setdefault((way, rows), []).append(_rate(writers, way, rows))
    return {
        case: Rate(median(one.a_second for one in rates), median(one.ms for one in rates))
        for case, rates in found.items()
    }


def _rate(writers: Writers, way: str, rows: int) -> Rate:
    def work(connection: psycopg.Connection, thread: int) -> tuple[Sequence[float], float]:
        took: list[float] = []
        began = moment = time.monotonic()
        while moment - began < SECONDS:
            store.change(connection, way, first=_first(thread), rows=rows)
            took.append(time.monotonic() - moment)
            moment += took[-1]
        return took, moment - began

    done = _all_at_once(writers, work)
    took = [one for each, _ in done for one in each]
    return Rate(len(took) / max(seconds for _, seconds in done), median(took) * 1_000)


def _traces(at: Place, way: str, watcher: psycopg.Connection, writers: Writers) -> Trace:
    """Change rows from every client; what is told is heard by a listener that starts once anew."""
    told = Load(len(writers) * EACH)

    def work(connection: psycopg.Connection, thread: int) -> None:
        for _ in range(EACH):
            store.change(connection, way, first=_first(thread), rows=ROWS)
            told.one_more()

    if way != "notify":
        _all_at_once(writers, work)
        return _since(watcher, way)
    with ThreadPoolExecutor(1) as beside:
        listening = beside.submit(_hear, at, told)
        try:
            told.listens.wait(LONGEST_AWAY_SECONDS)
            _all_at_once(writers, work)
            told.is_back.wait(LONGEST_AWAY_SECONDS)
        finally:
            store.end(watcher)
        return Trace(store.changed(watcher, way), listening.result())


class Load:
    """How far the writers are, and whether somebody listens."""

    def __init__(self, statements: int) -> None:
        self.statements, self._done = statements, 0
        self._moved = threading.Condition()
        self.listens, self.is_back = threading.Event(), threading.Event()

    def one_more(self) -> None:
        """Count a statement that was committed."""
        with self._moved:
            self._done += 1
            self._moved.notify_all()

    def wait_for_another(self) -> None:
        """Wait until one more statement was committed."""
        with self._moved:
            past = self._done
            self._moved.wait_for(
                lambda: self._done > past or past == self.statements, LONGEST_AWAY_SECONDS
            )


def _hear(at: Place, told: Load) -> int:
    """Listen to a quarter of the load, start anew as in any deployment, listen to the end."""
    until = told.statements * ROWS // 4
    heard = _listen(at, told.listens, until=until)
    if heard < until:
        return heard
    told.wait_for_another()
    return heard + _listen(at, told.is_back, until=None)


def _listen(at: Place, ready: threading.Event, *, until: int | None) -> int:
    heard = 0
    with at.plain() as connection:
        store.listen(connection)
        ready.set()
        for note in connection.notifies(timeout=4 * LONGEST_AWAY_SECONDS):
            if note.payload == store.ENDED:
                break
            heard += 1
            if heard == until:
                break
    return heard


def _all_at_once(
    writers: Writers, work: Callable[[psycopg.Connection, int], Done]
) -> Sequence[Done]:
    spare = list(writers)
    return crowd(lambda: nullcontext(spare.pop()), work, threads=len(writers))


def _first(thread: int) -> int:
    """Each client has rows of its own: nobody waits for anybody but in a trigger."""
    return thread * max(SIZES) + 1


def _since(watcher: psycopg.Connection, way: str) -> Trace:
    return Trace(store.changed(watcher, way), store.kept(watcher, way))


def _tell(locale: str, rates: Rates, traces: Mapping[str, Trace]) -> Telling:
    sizes = [say(locale, "labs.trigger_rows", n=f"{rows:,}") for rows in SIZES]
    speed = Table(
        say(locale, "labs.triggers_speed", clients=CLIENTS),
        [say(locale, "labs.way"), *sizes],
        [
            [say(locale, f"labs.trigger_{way}"), *(_cell(rates, way, rows) for rows in SIZES)]
            for way in WAYS
        ],
    )
    kept = Table(
        say(locale, "labs.triggers_traces"),
        [say(locale, f"labs.{word}") for word in ("way", "rows_changed", "traces", "lost")],
        [
            [say(locale, f"labs.trigger_{way}"), *(f"{n:,}" for n in _counts(traces[way]))]
            for way in WAYS
        ],
    )
    return telling(
        locale,
        "triggers",
        [speed, kept],
        clients=CLIENTS,
        summary_1=_times(rates, "summary", 1),
        summary_many=_times(rates, "summary", SIZES[-1]),
        notify_1=_times(rates, "notify", 1),
        notify_many=_times(rates, "notify", SIZES[-1]),
        lost=traces["notify"].lost,
        of=f"{traces['notify'].changed:,}",
        ours=traces["ours"].lost,
    )


def _cell(rates: Rates, way: str, rows: int) -> str:
    rate = rates[way, rows]
    return f"{rate.a_second:,.0f} · {rate.ms:,.1f} ms · {_times(rates, way, rows)}"


def _times(rates: Rates, way: str, rows: int) -> str:
    return f"{_ratio(rates, way, rows):.2f}×"


def _ratio(rates: Rates, way: str, rows: int) -> float:
    """Return how many times as many statements ours manages."""
    return round(rates["ours", rows].a_second / rates[way, rows].a_second, 2)


def _counts(trace: Trace) -> tuple[int, int, int]:
    return trace.changed, trace.kept, trace.lost


LAB = Study(name="triggers", run=run, shown=naive_way, anywhere=True)
