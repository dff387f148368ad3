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
    """What a child is, what our interpreter runs, when it leaves, how long it may take."""

    name: str
    arguments: Sequence[str]
    stage: int  # children of one stage leave together, lower stages first
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
    """All processes of a supervisor."""

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
        """Stop the children stage by stage: each gets its time to finish what it has in hand."""
        deadline = time.monotonic() + within_seconds
        for stage in sorted({role.stage for role in self.roles}):
            leaving = [child for child in self._all.values() if child.role.stage == stage]
            for child in leaving:
                child.process.send_signal(signal.SIGTERM)  # one that has ended takes no harm
            asked_at = time.monotonic()
            for child in leaving:
                patient_until = min(asked_at + child.role.patience_seconds, deadline)
                _await_end(child.process, patient_until - time.monotonic())
        for end in self._lifeline:
            with contextlib.suppress(OSError):
                os.close(end)

    def unplug(self, name: str, *, seconds: float) -> bool:
        """Kill a child and leave it down for so long; False if there is none of that name."""
        child = self._all.get(name)
        if child is None:
            return False
        child.process.kill()
        child.process.wait()
        child.due_again_at = time.monotonic() + seconds
        return True

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
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as output:
            yield output


def _await_end(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
    try:
        process.wait(max(patience_seconds, STEP_SECONDS))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    return f"was ended by {signal.Signals(-code).name}"
