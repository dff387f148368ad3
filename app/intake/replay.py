"""Replay an orders file: orders, moves and notices as they would have been, at their own times.

Every chunk is one transaction that also writes how far the file was read, so a replay that is
killed goes on behind its last chunk, and one that has ended has nothing left to do. Should a row be
read twice all the same, its steps are known and change nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from app.db.transaction import attempt
from app.http.database import Engine
from app.intake import store
from app.intake.csv.inspecting import FileRefused
from app.intake.csv.orders import OrdersFile
from app.intake.csv.reading import Reject
from app.intake.csv.steps import History
from app.intake.draft import Draft
from app.intake.pace import Pace
from app.intake.ring import Notify
from app.intake.store import Aside
from app.intake.take import Terms, take
from orders_core.orders.mirror import Came
from orders_core.tx import Tx

CHUNK_ROWS = 500
MOST_PACED_ROWS = 200_000
Item = TypeVar("Item")
Row = tuple[int, History | Reject]


@dataclass
class Tally:
    """What a replay has done so far."""

    done: int = 0  #: lines read, or steps released where the replay is paced
    of: int = 0  #: of about how many
    skipped: int = 0  #: done by an earlier run over the same file
    orders: int = 0  #: rows that are orders
    moves: int = 0  #: steps that changed an order
    known: int = 0  #: steps that said nothing new
    aside: int = 0  #: rows kept aside
    refusals: list[str] = field(default_factory=list)  #: parcels that carry other orders


Watch = Callable[[Tally], None]


@dataclass(frozen=True, kw_only=True)
class Replay:
    """One file on its terms. What was wished of notices names the run: another wish is another."""

    engine: Engine
    file: OrdersFile
    terms: Terms
    notify: Notify

    def at_once(self, watch: Watch) -> Tally:
        """Take the whole file as fast as it goes, in its own order; `watch` hears of each chunk."""
        run = str(self.notify)
        tally = self._tally(run, of=self.file.lines)
        rows = (row for row in self.file.histories() if row[0] > tally.done)
        for chunk in _chunks(rows, CHUNK_ROWS):
            work = partial(self._take_rows, rows=chunk, run=run)
            self._count(tally, attempt(self.engine, work))
            tally.orders += sum(isinstance(one, History) for _, one in chunk)
            tally.aside += sum(isinstance(one, Reject) for _, one in chunk)
            tally.done = chunk[-1][0]
            watch(tally)
        return tally

    def paced(
        self, speed: float, watch: Watch, *, pause: Callable[[float], None] = time.sleep
    ) -> Tally:
        """Release every step in the order of their times, `speed` times as fast as they happened.

        Raises:
            FileRefused: If the file is too long to be sorted by time.
        """
        run = f"{self.notify} paced"
        rows = self._rows_in_memory()
        steps = [step for _, one in rows if isinstance(one, History) for step in one.steps()]
        steps.sort(key=lambda step: (step.occurred_at, step.reference, step.source_version))
        tally = self._tally(run, of=len(steps))
        tally.orders = sum(isinstance(one, History) for _, one in rows)
        tally.aside = len(rows) - tally.orders
        attempt(self.engine, partial(self._keep_aside, rows=rows))
        pace = Pace([step.occurred_at for step in steps], speed=speed, pause=pause)
        for until in pace.walk(start=tally.done, at_most=CHUNK_ROWS):
            work = partial(self._take_steps, steps=steps[tally.done : until], until=until, run=run)
            self._count(tally, attempt(self.engine, work))
            tally.done = until
            watch(tally)
        return tally

    def _tally(self, run: str, *, of: int) -> Tally:
        done = attempt(self.engine, lambda tx: store.lines_done(tx, self.file.sha256, run))
        return Tally(done=done, skipped=done, of=of)

    def _rows_in_memory(self) -> list[Row]:
        rows = list(islice(self.file.histories(), MOST_PACED_ROWS + 1))
        if len(rows) > MOST_PACED_ROWS:
            raise FileRefused(f"over {MOST_PACED_ROWS} rows: only --speed max reads so long a file")
        return rows

    def _take_rows(self, tx: Tx, *, rows: Sequence[Row], run: str) -> Counter[str]:
        steps = [step for _, one in rows if isinstance(one, History) for step in one.steps()]
        self._keep_aside(tx, rows=rows)
        return self._take_steps(tx, steps=steps, until=rows[-1][0], run=run)

    def _take_steps(self, tx: Tx, *, steps: Sequence[Draft], until: int, run: str) -> Counter[str]:
        taken = take(tx, steps, self.terms)
        store.mark_done(
            tx, self.file.sha256, run, name=self.file.path.name, lines=until, now=self.terms.now
        )
        told = Counter("moves" if m.came is Came.NEWS else "known" for m in taken.orders)
        told.update(str(refusal) for refusal in taken.refused_parcels)
        return told

    def _keep_aside(self, tx: Tx, *, rows: Sequence[Row]) -> None:
        rejects = [one for _, one in rows if isinstance(one, Reject)]
        store.keep_aside(
            tx,
            self.file.sha256,
            [Aside(line=r.line, reason=r.reason, text=r.text) for r in rejects],
        )

    def _count(self, tally: Tally, told: Counter[str]) -> None:
        tally.moves += told.pop("moves", 0)
        tally.known += told.pop("known", 0)
        tally.refusals += told


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk
