"""Play a schedule at a level, step by step, and say what came of it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import psycopg

from app.labs.anomalies import TABLE, Anomaly, Came, Level, Rows
from app.labs.lab import Place
from app.labs.terminals import Answered, Refused, Seen, Terminals, Waits
from app.labs.terminals_store import blockers, typed

SERIALIZATION_FAILURE = "40001"


@dataclass(frozen=True)
class Line:
    """One thing that is seen at a terminal: a statement and what it gave at once, or later."""

    step: int
    terminal: str
    statement: str
    seen: Seen
    is_late: bool = False  #: the answer of a step that had waited


@dataclass(frozen=True)
class Played:
    """An anomaly at a level, line by line."""

    anomaly: Anomaly
    level: Level
    lines: Sequence[Line]

    @property
    def answers(self) -> Mapping[int, Rows]:
        """The rows that steps gave, sooner or later, by the number of the step."""
        return {
            line.step: line.seen.value
            for line in self.lines
            if isinstance(line.seen, Answered) and isinstance(line.seen.value, tuple)
        }

    @property
    def waited(self) -> frozenset[int]:
        """The steps that waited for a lock."""
        return frozenset(line.step for line in self.lines if isinstance(line.seen, Waits))

    @property
    def came(self) -> Came:
        """What came of it."""
        states = {state_of(line.seen) for line in self.lines}
        if SERIALIZATION_FAILURE in states:
            return Came.REFUSED
        happened = self.answers.get(self.anomaly.tells) == self.anomaly.wrong
        return Came.HAPPENS if happened else Came.PREVENTED


def state_of(seen: Seen) -> str | None:
    """Return PostgreSQL's code of a refusal."""
    fault = seen.fault if isinstance(seen, Refused) else None
    return fault.sqlstate if isinstance(fault, psycopg.Error) else None


def play(place: Place, anomaly: Anomaly, level: Level) -> Played:
    """Step through an anomaly at a level, from a table made anew.

    A terminal whose transaction was refused rolls back and types no more.
    """
    with ExitStack() as stack:
        watcher = stack.enter_context(place.plain())
        typed(watcher, TABLE)
        sessions = {
            name: stack.enter_context(place.plain())
            for name in sorted({n for n, _ in anomaly.steps})
        }
        terminals = stack.enter_context(Terminals(partial(blockers, watcher)))
        for name, session in sessions.items():
            terminals.open(name, pid=session.info.backend_pid)
            typed(session, f"BEGIN ISOLATION LEVEL {level}")
        return Played(anomaly, level, _typed_in(terminals, sessions, anomaly))


def _typed_in(
    terminals: Terminals, sessions: Mapping[str, psycopg.Connection], anomaly: Anomaly
) -> Sequence[Line]:
    lines: list[Line] = []
    lost: set[str] = set()
    asked: dict[str, int] = {}
    for number, (name, statement) in enumerate(anomaly.steps):
        if name in lost:
            continue
        asked[name] = number
        seen = terminals.step(name, partial(typed, sessions[name], statement))
        lines.append(Line(number, name, statement, seen))
        for other, late in terminals.woken().items():
            step = asked[other]
            lines.append(Line(step, other, anomaly.steps[step][1], late, is_late=True))
        for line in lines:
            if isinstance(line.seen, Refused) and line.terminal not in lost:
                lost.add(line.terminal)
                typed(sessions[line.terminal], "ROLLBACK")
    return lines
