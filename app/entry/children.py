"""Processes under one roof: started, started again when they die, stopped in order and in time."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.entry.child import LIFELINE
from app.entry.failing import MISCONFIGURED

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
SETTLED_SECONDS = 30.0
STEP_SECONDS = 0.02

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a child is, what our interpreter runs for it, and how long it may take to leave."""

    name: str
    arguments: Sequence[str]
    patience_seconds: float


@dataclass
class Child:
    """One role's process, whichever is running it now."""

    role: Role
    process: subprocess.Popen[bytes]
    started_at: float
    pause_seconds: float = FIRST_PAUSE_SECONDS
    due_again_at: float | None = None


@dataclass
class Children:
    """All processes of a supervisor. `roles` stand in the order in which they stop."""

    roles: Sequence[Role]
    environ: Mapping[str, str]
    say: Say
    logs: Path | None = None
    inherited: Sequence[int] = ()
    _all: dict[str, Child] = field(default_factory=dict)
    _lifeline: tuple[int, int] = field(default_factory=os.pipe)

    def start(self, names: Sequence[str]) -> None:
        """Start the named children."""
        for role in self.roles:
            if role.name in names:
                self._all[role.name] = Child(role, self._launch(role), time.monotonic())

    def tend(self) -> int | None:
        """Start again what has died; return the code of a child that can never run, if one said so.

        A child that keeps dying is started ever later, at most every ten seconds.
        """
        for child in self._all.values():
            code = child.process.poll()
            if code is None:
                continue
            if code == MISCONFIGURED:
                return code
            self._start_again(child, code)
        return None

    def stop(self, *, within_seconds: float) -> None:
        """Stop the children in order: each gets its time to finish what it has in hand."""
        deadline = time.monotonic() + within_seconds
        for role in self.roles:
            child = self._all.get(role.name)
            if child is not None:
                _end(child.process, min(role.patience_seconds, deadline - time.monotonic()))
        for end in self._lifeline:
            with contextlib.suppress(OSError):
                os.close(end)

    def pids(self) -> dict[str, int]:
        """Return the process number of each child."""
        return {name: child.process.pid for name, child in self._all.items()}

    def _start_again(self, child: Child, code: int) -> None:
        now = time.monotonic()
        if child.due_again_at is None:
            if now - child.started_at > SETTLED_SECONDS:
                child.pause_seconds = FIRST_PAUSE_SECONDS
            child.due_again_at = now + child.pause_seconds
            self.say(
                f"{child.role.name} {_how(code)}; starting it again in {child.pause_seconds:.1f} s"
            )
            child.pause_seconds = min(child.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        elif now >= child.due_again_at:
            child.process, child.started_at = self._launch(child.role), now
            child.due_again_at = None

    def _launch(self, role: Role) -> subprocess.Popen[bytes]:
        """Start a child in a session of its own: Ctrl-C is ours, and we stop it in its turn."""
        reading = self._lifeline[0]
        with self._output(role.name) as output:
            return subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-P", *role.arguments],
                env={**self.environ, LIFELINE: str(reading)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[reading, *self.inherited],
                start_new_session=True,
            )

    @contextlib.contextmanager
    def _output(self, name: str) -> Iterator[IO[bytes] | None]:
        if self.logs is None:
            yield None
            return
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as output:
            yield output


def _end(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(max(patience_seconds, STEP_SECONDS))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    return f"was ended by {signal.Signals(-code).name}"
