"""Real processes of the shop, started and killed by pid."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from app.entry.child import LIFELINE

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 12


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Troupe:
    """Processes by role; whatever still runs at the end of the `with` block is stopped."""

    def __init__(self, environment: Mapping[str, str], *, log: Path) -> None:
        self._lifeline = os.pipe()  # closes with this process, however it ends
        self._environment = {
            **os.environ,
            **environment,
            "PYTHONPATH": str(ROOT),
            LIFELINE: str(self._lifeline[0]),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log = log.open("ab")

    def __enter__(self) -> "Troupe":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        self._log.close()
        for end in self._lifeline:
            os.close(end)

    def start(self, name: str, *command: str) -> None:
        """Start `python -m command…` under a name."""
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", *command],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[self._lifeline[0]],
            start_new_session=True,  # as the shop's own supervisor starts them
        )

    def play(self, role: str) -> None:
        """Start one of the shop's own processes."""
        self.start(role, "app.entry.child", role)

    def pid(self, name: str) -> int:
        """Return the id of a process that runs."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Kill a process as `kill -9` does, and wait until it is gone."""
        process = self._running.pop(name)
        process.kill()
        process.communicate()
