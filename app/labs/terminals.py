"""Several terminals at one database, stepped by hand: what answers, what waits, what is refused.

A step that waits for somebody's lock is told from one that only takes its time by asking
PostgreSQL who blocks whom: nothing here is a matter of luck or of a pause that is long enough.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

STEP_SECONDS = 0.002
PATIENCE_SECONDS = 20.0

#: Asked with backend ids: which of them does each wait for?
Blockers = Callable[[Sequence[int]], Mapping[int, Sequence[int]]]


@dataclass(frozen=True)
class Answered:
    """The step came back."""

    value: object = None


@dataclass(frozen=True)
class Refused:
    """The step was refused; the terminal's transaction is lost."""

    fault: Exception


@dataclass(frozen=True)
class Waits:
    """The step waits for locks that these terminals hold."""

    on: tuple[str, ...]


Seen = Answered | Refused | Waits


class Stuck(AssertionError):
    """A step neither came back nor waited for anybody's lock in time."""


@dataclass
class _Terminal:
    pid: int
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    going: "Future[object] | None" = None


class Terminals:
    """Sessions by name, each in a thread of its own; one step at a time is begun."""

    def __init__(self, blockers: Blockers) -> None:
        self._blockers = blockers
        self._by_name: dict[str, _Terminal] = {}

    def __enter__(self) -> "Terminals":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for terminal in self._by_name.values():
            terminal.thread.shutdown(wait=False, cancel_futures=True)

    def open(self, name: str, *, pid: int) -> None:
        """Sit down at a terminal whose session has this backend id."""
        self._by_name[name] = _Terminal(pid)

    def is_waiting(self, name: str) -> bool:
        """Say whether a step of this terminal has not come back yet."""
        return self._by_name[name].going is not None

    def step(self, name: str, work: Callable[[], object]) -> Seen:
        """Begin a step and return what becomes of it: it answers, is refused, or waits.

        Raises:
            Stuck: If none of that happens in time, or the terminal still waits.
        """
        terminal = self._by_name[name]
        if terminal.going is not None:
            raise Stuck(f"{name} still waits for its last step")
        terminal.going = terminal.thread.submit(work)
        return self._outcome(name)

    def woken(self) -> Mapping[str, Seen]:
        """Return what those saw who had waited and wait no longer."""
        waiting = [name for name, terminal in self._by_name.items() if terminal.going]
        seen = {name: self._outcome(name) for name in waiting}
        return {name: what for name, what in seen.items() if not isinstance(what, Waits)}

    def _outcome(self, name: str) -> Seen:
        deadline = time.monotonic() + PATIENCE_SECONDS
        going = self._by_name[name].going
        while going is not None and not going.done():
            if on := self._blocked_by(name):
                return Waits(on)
            if time.monotonic() > deadline:
                raise Stuck(f"{name} neither answers nor waits for a lock")
            time.sleep(STEP_SECONDS)
        return self._taken(name)

    def _taken(self, name: str) -> Seen:
        terminal = self._by_name[name]
        going, terminal.going = terminal.going, None
        fault = going.exception() if going else None
        if isinstance(fault, Exception):
            return Refused(fault)
        return Answered(going.result() if going else None)

    def _blocked_by(self, name: str) -> tuple[str, ...]:
        """Name who blocks a terminal; nobody in a circle, which PostgreSQL breaks by itself."""
        names = {terminal.pid: name for name, terminal in self._by_name.items()}
        pids = self._blockers(list(names))
        waits_for = {
            names[pid]: [names[holder] for holder in holders if holder in names]
            for pid, holders in pids.items()
        }
        return () if _in_circle(name, waits_for) else tuple(sorted(waits_for.get(name, ())))


def _in_circle(name: str, waits_for: Mapping[str, Sequence[str]]) -> bool:
    reached: set[str] = set()
    ahead = list(waits_for.get(name, ()))
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += waits_for.get(one, ())
    return name in reached
