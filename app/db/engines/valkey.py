"""Our own Valkey: on a unix socket, nothing on disk, for it may be emptied at any moment."""

import contextlib
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from app.db.engines import process
from app.db.engines.ground import ourselves
from app.db.engines.programs import ValkeyProgram

BROKER_DATABASE = 1  # wake-ups live apart from what pages use
ANSWER_SECONDS = 2.0
OPTIONS: Mapping[str, str] = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}


class Valkey:
    """The server of one home: started when it does not answer, attached to when it does."""

    def __init__(
        self, sockets: Path, *, home: Path, program: ValkeyProgram, options: Mapping[str, str]
    ) -> None:
        self._options = options
        self._socket = sockets / "valkey.sock"
        self._pid_file = sockets / "valkey.pid"
        self._folder = sockets
        self._log = home / "valkey.log"
        self._program = program.path
        self._child: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """Return the address as redis-py reads it."""
        return f"unix://{self._socket}?db=0"

    def broker_url(self) -> str:
        """Return the address as Celery reads it."""
        return f"redis+socket://{self._socket}?virtual_host={BROKER_DATABASE}"

    def start(self) -> None:
        """Start the server when none answers."""
        if self._answers():
            return
        if self.is_running():
            self._await(None)
            return
        process.bury(self._child)
        self._socket.unlink(missing_ok=True)
        options = {
            **OPTIONS,
            "unixsocket": str(self._socket),
            "pidfile": str(self._pid_file),
            "dir": str(self._folder),
            **self._options,
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._child = process.launch(
            [str(self._program), *flags], log=self._log, cwd=self._folder, runner=ourselves()
        )
        self._await(self._child)

    def is_running(self) -> bool:
        """Say whether the server's process is there, whether it answers or not."""
        pid = self.pid()
        return pid is not None and self._is_ours(pid) and process.is_alive(pid)

    def stop(self) -> None:
        """End the server."""
        pid = self.pid()
        if pid is not None and self._is_ours(pid):
            process.stop(pid, politely=signal.SIGTERM, child=self._child)
        self._pid_file.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        self._child = None

    def kill(self) -> None:
        """End the server without a word, as an accident does; `start` brings it back empty."""
        pid = self.pid()
        if pid is not None and self._is_ours(pid):
            process.stop(pid, politely=signal.SIGKILL, child=self._child)

    def leave(self) -> None:
        """Let go of the server while others use it."""
        process.leave_running(self._child)
        self._child = None

    def pid(self) -> int | None:
        """Return the server's process number as its pid file says."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            return int(self._pid_file.read_text())
        return None

    def _await(self, child: subprocess.Popen[bytes] | None) -> None:
        process.await_answer(
            self._answers,
            self.is_running if child is None else lambda: child.poll() is None,
            name="Valkey",
            log=self._log,
        )

    def _answers(self) -> bool:
        """Ask in the plainest way: redis-py would try a dead socket again for seconds."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(ANSWER_SECONDS)
                line.connect(str(self._socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    @staticmethod
    def _is_ours(pid: int) -> bool:
        """Tell a server from another program that got its number; where nothing tells, believe."""
        program = process.program_of(pid)
        return program is None or program.startswith(("valkey", "redis"))
