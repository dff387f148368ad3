"""A supervisor running as a real process of its own, and a look at what it left behind."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Served:
    """A supervisor running in another process."""

    def __init__(self, home: Path, *arguments: str, port: int) -> None:
        bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home)}
        self.home, self.url = home, f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.entry.cli", *arguments],
            env={**bare, "ORDERBELL_HOME": str(home), "ORDERBELL_PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self._lines.put(line.rstrip())

    def hears(self, words: str, *, within_seconds: float) -> str:
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline:
            try:
                self.said.append(self._lines.get(timeout=0.2))
            except Empty:
                continue
            if words in self.said[-1]:
                return self.said[-1]
        raise AssertionError(f"never heard {words!r}; heard {self.said}")

    def end(self) -> tuple[int, float]:
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self._reader.join()
        if self.process.stderr:
            self.process.stderr.close()
        return code, time.monotonic() - began


def left(home: Path) -> list[str]:
    """List processes of a home: engines name it, children are told it in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            about = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in about:
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def children_of(home: Path) -> dict[str, int]:
    """Find the supervised processes of a home by what their command lines say."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            is_ours = str(home) in (folder / "environ").read_bytes().decode()
        except OSError:
            continue
        if is_ours and "app.entry.child" in words:
            found[words[words.index("app.entry.child") + 1]] = int(folder.name)
    return found
