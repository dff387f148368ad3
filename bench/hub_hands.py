"""The two processes that tell people, or put rows down, side by side.

A hand is told what to do, makes ready, says so, and begins when all are ready; what it makes ready
costs no time that counts.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType

import psycopg
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.db.transaction import attempt, begin
from app.entry.standing import LATE, settle
from app.hub.policy import Policy
from app.hub.wish import dispatch_hash
from bench import hub_ways
from bench.hub_ways import Rows, Told
from orders_core.ids import PersonId
from orders_core.tx import Tx

SECONDS = 300.0  # that a statement may take
END_SECONDS = 20.0


@dataclass(frozen=True)
class Job:
    """Batches of people to be told under one dispatch, or whose rows are to be put down plainly.

    `way` is `notify`, `insert` or `copy`; the plain ways put down what the same hand wrote last.
    """

    url: str
    way: str
    batches: Sequence[Sequence[PersonId]]
    dispatch: str
    policy: Policy
    now: datetime


class Hands:
    """Processes that work at once; they end with the `with` block."""

    def __init__(self, number: int = 2) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes: list[SpawnProcess] = []
        for _ in range(number):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> "Hands":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(END_SECONDS)
            if process.is_alive():
                process.kill()

    def do(self, jobs: Sequence[Job]) -> tuple[float, Sequence[Mapping[str, int]]]:
        """Let each hand do its job, all at once; return the seconds it took, and the answers."""
        for pipe, job in zip(self._pipes, jobs, strict=True):
            pipe.send(job)
        for pipe in self._pipes:
            pipe.recv()
        began = time.perf_counter()
        for pipe in self._pipes:
            pipe.send("go")
        answers = [pipe.recv() for pipe in self._pipes]
        return time.perf_counter() - began, answers


def work(orders: Connection) -> None:
    """Do one job after another until nobody gives any more."""
    hand = Hand()
    settle(LATE)
    while True:
        try:
            job = orders.recv()
        except EOFError:
            return
        steps = hand.prepare(job)
        orders.send("ready")
        orders.recv()
        for step in steps:
            step()
        orders.send(hand.answers(job))


class Hand:
    """One process: its connections, and what it told last on each."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._told: dict[str, list[Told]] = {}

    def prepare(self, job: Job) -> Sequence[Callable[[], None]]:
        """Make ready; return the steps to do, each a transaction of its own."""
        if job.url not in self._engines:
            self._engines[job.url] = make_engine(
                job.url, pool_size=1, statement_seconds=SECONDS, plans_once=True
            )
        engine = self._engines[job.url]
        if job.way == "notify":
            self._told[job.url] = []
            return [partial(self._tell, engine, job, people) for people in job.batches]
        put = {"insert": hub_ways.insert, "copy": hub_ways.copy}[job.way]
        again = [
            hub_ways.rows_of(engine, told, dispatch_hash(job.dispatch), others)
            for told, others in zip(self._told[job.url], job.batches, strict=True)
        ]
        return [partial(_put, engine, put, rows) for rows in again]

    def _tell(self, engine: Engine, job: Job, people: Sequence[PersonId]) -> None:
        def tell(tx: Tx) -> Told:
            return hub_ways.tell(tx, people, job.dispatch, policy=job.policy, now=job.now)

        self._told[job.url].append(attempt(engine, tell))

    def answers(self, job: Job) -> Mapping[str, int]:
        """Count what was decided about those who were told last."""
        return Counter(answer for told in self._told[job.url] for answer in told.answers)


def _put(engine: Engine, put: Callable[[psycopg.Connection, Rows], None], rows: Rows) -> None:
    with begin(engine) as tx:
        put(tx.connection.driver_connection, rows)  # type: ignore[arg-type]
