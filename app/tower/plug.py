"""Ask the demo's supervisor to end one process and to leave it down for a while.

One line each way over a Unix socket in the home, which its owner alone may open:
`worker-fast 10` is answered with `pulled worker-fast 10` or `refused <why>`.
"""

import socket
from enum import StrEnum
from pathlib import Path

from app.errors import AppError

SOCKET = "plugs.sock"
LONGEST_SECONDS = 30
ANSWER_SECONDS = 5.0
LINE_BYTES = 200
PULLED = "pulled"


class Plug(StrEnum):
    """What may be unplugged. Nothing else is, whoever asks."""

    WORKER_FAST = "worker-fast"
    WORKER_BULK = "worker-bulk"
    RELAY = "relay"
    VALKEY = "valkey"


class CannotUnplug(AppError):
    """No supervisor of a demo listens here, or it would not."""

    def __init__(self, plug: str, why: str) -> None:
        self.plug, self.why = plug, why
        super().__init__(f"cannot unplug {plug}: {why}")


def pull(home: Path, plug: Plug, *, seconds: int) -> None:
    """End a process now; the supervisor starts it again after so many machine seconds.

    Raises:
        CannotUnplug: If no demo is served from this home, or its supervisor refuses.
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_SECONDS)
            line.connect(address(home))
            line.sendall(f"{plug} {seconds}\n".encode())
            answer = line.recv(LINE_BYTES).decode(errors="replace").strip()
    except OSError:
        raise CannotUnplug(plug, "no demo's supervisor listens in this home") from None
    if not answer.startswith(PULLED):
        raise CannotUnplug(plug, answer.removeprefix("refused").strip() or "no answer")


def address(home: Path) -> str:
    """Return the socket's name; systems allow a little over 100 bytes, so the shorter one."""
    absolute = home.resolve() / SOCKET
    relative = home / SOCKET
    return min(str(absolute), str(relative), key=len)
