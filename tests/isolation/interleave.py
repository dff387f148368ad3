"""Let transactions take turns statement by statement, in an order that a test chooses.

Every statement of ours, those of a pipeline too, stops at a gate before it is sent; so does the
commit. Who waits for a lock is passed over until the lock is free.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, text

from app.db.transaction import begin
from orders_core.tx import Tx

Work = Callable[[Tx], object]
#: Asked who is to go on, of those who can; says which, by position.
Choose = Callable[[Sequence[str]], str]

_playing = threading.local()
PATIENCE_SECONDS = 20
LOOK_SECONDS = 0.002
IS_BLOCKED = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")


class GatedCursor(psycopg.Cursor[Any]):
    """A cursor that asks its player before it sends anything."""

    def execute(self, *asked: Any, **more: Any) -> "GatedCursor":
        player: Player | None = getattr(_playing, "player", None)
        if player is not None:
            player.stop_at_gate()
        super().execute(*asked, **more)
        return self


@dataclass
class Player:
    """One transaction in a thread: at the gate, under way, or done."""

    name: str
    engine: Engine
    work: Work
    pid: int = 0
    is_done: bool = False
    value: object = None
    fault: Exception | None = None
    at_gate: threading.Event = field(default_factory=threading.Event)
    may_go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_free: bool = False  #: runs on without stopping

    def run(self) -> None:
        """Do the work in a transaction; commit where it did not raise."""
        try:
            with begin(self.engine) as tx:
                self.pid = int(tx.execute(text("SELECT pg_backend_pid()")).scalar_one())
                _playing.player = self
                self.value = self.work(tx)
                self.stop_at_gate()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            self.fault = fault
        finally:
            _playing.player = None
            self.is_done = True

    def stop_at_gate(self) -> None:
        """Wait for one's turn."""
        if not self.is_free:
            self.at_gate.set()
            self.may_go.acquire()

    def go(self) -> None:
        """Give the player its turn: one statement, or the commit."""
        self.at_gate.clear()
        self.may_go.release()


@dataclass(frozen=True)
class Ended:
    """How it ended for one player, and how many turns it took."""

    value: object
    fault: Exception | None
    turns: int


@contextmanager
def gated(url: str) -> Iterator[Engine]:
    """Yield an engine whose statements stop at gates; circles of locks are broken soon."""
    engine = create_engine(
        url,
        pool_size=4,
        connect_args={
            "cursor_factory": GatedCursor,
            "options": "-c timezone=UTC -c lock_timeout=10s -c deadlock_timeout=20ms",
        },
    )
    yield engine
    engine.dispose()


def take_turns(engine: Engine, works: Mapping[str, Work], choose: Choose) -> Mapping[str, Ended]:
    """Run the works against each other, turn by turn, and return how each ended."""
    players = {name: Player(name, engine, work) for name, work in works.items()}
    threads = [threading.Thread(target=player.run, daemon=True) for player in players.values()]
    for thread in threads:
        thread.start()
    turns = dict.fromkeys(players, 0)
    with begin(engine) as watch:
        while not all(player.is_done for player in players.values()):
            for player in players.values():
                _until_it_stands(watch, player)
            ready = [name for name, player in players.items() if player.at_gate.is_set()]
            if not ready:
                continue  # all wait: PostgreSQL will end one of a circle
            name = choose(ready)
            turns[name] += 1
            players[name].go()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return {name: Ended(p.value, p.fault, turns[name]) for name, p in players.items()}


def _until_it_stands(watch: Tx, player: Player) -> None:
    """Wait until a player is at the gate, done, or waits for a lock."""

    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (player.at_gate.wait(LOOK_SECONDS) or player.is_done):
        if player.pid and watch.execute(IS_BLOCKED, {"pid": player.pid}).scalar_one():
            return
        assert time.monotonic() < deadline, f"{player.name} neither goes on nor waits for a lock"


def with_two_switches(first: str, *, after: int, back_after: int) -> Choose:
    """Choose: one goes `after` turns, the other `back_after`, the first to its end, then the other.

    Most races need no more than two switches; all such orders can be tried.
    """
    done = {"first": 0, "other": 0}

    def choose(ready: Sequence[str]) -> str:
        if done["first"] < after or done["other"] >= back_after:
            wanted = [name for name in ready if name == first]
        else:
            wanted = [name for name in ready if name != first]
        name = (wanted or list(ready))[0]
        done["first" if name == first else "other"] += 1
        return name

    return choose


def schedules(names: Sequence[str], *, longest: int) -> Iterator[tuple[str, int, int]]:
    """Yield who begins, after how many turns it yields, and after how many it goes on."""
    for first in names:
        for after in range(longest):
            for back_after in range(1, longest + 1):
                yield first, after, back_after
