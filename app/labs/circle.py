"""Two carts, the same two things, crosswise: step by step, the naive way and ours."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from app.db.transaction import begin
from app.labs.deadlock_store import break_circles_soon, break_circles_soon_in, held
from app.labs.lab import Place
from app.labs.naive.deadlock import TAKE
from app.labs.terminals import Answered, Refused, Seen, Terminals
from app.labs.terminals_store import blockers, typed
from orders_core.tx import Tx

FIRST, SECOND = "UMBRELLA", "TEA"


@dataclass(frozen=True)
class Step:
    """What was done at a terminal, and what was seen there, at once or after a wait."""

    terminal: str
    statement: str
    seen: Seen
    is_late: bool = False


@dataclass(frozen=True)
class Circle:
    """A circle of waiting: the steps, who held what when it closed, and PostgreSQL's own words."""

    steps: Sequence[Step]
    locks: Sequence[tuple[str, ...]]
    detail: str


def naive(place: Place) -> Circle:
    """Let two terminals take crosswise, each cart in its own order."""
    with ExitStack() as stack:
        watcher, one, two = (stack.enter_context(place.plain()) for _ in range(3))
        terminals = stack.enter_context(Terminals(partial(blockers, watcher)))
        sessions = {"T1": one, "T2": two}
        for name, session in sessions.items():
            break_circles_soon(session)
            terminals.open(name, pid=session.info.backend_pid)
        names = {session.info.backend_pid: name for name, session in sessions.items()}
        steps: list[Step] = []
        for name, statement in (
            ("T1", "BEGIN"),
            ("T2", "BEGIN"),
            ("T1", _take(FIRST)),
            ("T2", _take(SECOND)),
        ):
            steps += _do(terminals, name, statement, partial(typed, sessions[name], statement))
        steps += _do(terminals, "T1", _take(SECOND), partial(typed, one, _take(SECOND)))
        locks = [_named(row, names) for row in held(watcher, list(names))]
        steps += _do(terminals, "T2", _take(FIRST), partial(typed, two, _take(FIRST)))
        refused = [step.seen.fault for step in steps if isinstance(step.seen, Refused)]
        for session in sessions.values():
            typed(session, "ROLLBACK")
        return Circle(steps, locks, _detail(refused, names))


def ours(place: Place, buy: Callable[[Tx, Sequence[str]], object]) -> Sequence[Step]:
    """Let two terminals buy the same crosswise carts through the order core."""
    carts = {"T1": (FIRST, SECOND), "T2": (SECOND, FIRST)}
    with ExitStack() as stack:
        watcher = stack.enter_context(place.plain())
        terminals = stack.enter_context(Terminals(partial(blockers, watcher)))
        open_ends = {name: ExitStack() for name in carts}
        txs = {name: open_ends[name].enter_context(begin(place.engine)) for name in carts}
        for name, tx in txs.items():
            terminals.open(name, pid=break_circles_soon_in(tx))
        steps: list[Step] = []
        for name, cart in carts.items():
            steps += _do(
                terminals, name, f"place({', '.join(cart)})", partial(buy, txs[name], cart)
            )
        for name in carts:
            steps += _do(terminals, name, "COMMIT", open_ends[name].close)
        return steps


def _take(code: str) -> str:
    return TAKE.replace("%s", f"'{code}'")


def _do(
    terminals: Terminals, name: str, statement: str, work: Callable[[], object]
) -> Sequence[Step]:
    done = [Step(name, statement, terminals.step(name, work))]
    return [
        *done,
        *(Step(other, "…", seen, is_late=True) for other, seen in terminals.woken().items()),
    ]


def _named(row: tuple[Any, ...], names: Mapping[int, str]) -> tuple[str, ...]:
    pid, kind, mode, granted, transaction = row
    return names[pid], mode, f"{kind} {transaction}", "held" if granted else "waits"


def _detail(refused: Sequence[Exception], names: Mapping[int, str]) -> str:
    """Return what PostgreSQL says of the circle, its processes under the names we gave them."""
    diagnoses = [fault.diag for fault in refused if isinstance(fault, psycopg.Error)]
    says = next((d.message_detail for d in diagnoses if d.message_detail), "")
    for pid, name in names.items():
        says = re.sub(rf"\b[Pp]rocess {pid}\b", name, says)
    return " ".join(says.split())


def answered(steps: Sequence[Step]) -> int:
    """Count the steps that came back with an answer."""
    return sum(isinstance(step.seen, Answered) for step in steps)
