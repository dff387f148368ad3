"""One machine under one supervisor, as a real process with real engines."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from app.db.engines.ground import forget
from app.entry.roster import environment, needed_first, roles
from app.settings import Settings, load
from tests.poll import until

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ob-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"
        forget(Path(folder) / "home")


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


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_it_serves_mends_itself_and_ends_in_order_with_nothing_left(home: Path):
    served = Served(home, "demo", "--no-browser", "--no-simulate", port=free_port())
    served.hears("ready after", within_seconds=120)
    with urllib.request.urlopen(f"{served.url}/readyz") as answer:  # noqa: S310 - our own address
        assert answer.status == 200
    expected = {"web", "relay", "worker-fast", "worker-bulk", "scheduler", "mailbox"}
    until(lambda: set(children_of(home)) == expected, within_seconds=30)

    relay = children_of(home)["relay"]
    os.kill(relay, signal.SIGKILL)
    served.hears("relay was ended by SIGKILL", within_seconds=5)
    until(lambda: children_of(home).get("relay", relay) != relay, within_seconds=15)
    os.kill(int((home / "valkey" / "valkey.pid").read_text()), signal.SIGKILL)
    served.hears("Valkey had died and was started again", within_seconds=15)

    code, took = served.end()

    assert code == 0
    assert took < 10
    assert left(home) == []
    kept = home / "credentials.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["password"] in str(served.said)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_a_supervisor_that_was_killed_takes_its_children_along_and_can_start_again(home: Path):
    port = free_port()
    served = Served(home, "demo", "--no-browser", "--no-simulate", port=port)
    served.hears("ready after", within_seconds=120)
    served.process.kill()
    served.end()
    until(lambda: children_of(home) == {}, within_seconds=15)

    again = Served(home, "demo", "--no-browser", "--no-simulate", port=port)
    again.hears("ready after", within_seconds=120)

    assert "password" not in str(again.said)
    assert again.end()[0] == 0
    assert left(home) == []


def test_a_second_supervisor_of_the_same_home_is_refused(home: Path):
    home.mkdir(mode=0o711)
    holder = "import fcntl, sys; f = open(sys.argv[1], 'ab'); fcntl.flock(f, 2); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(home / "serve.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as first:
        assert first.stdout is not None
        first.stdout.readline()
        second = Served(home, "serve", port=free_port())
        second.hears("already being served", within_seconds=30)
        assert second.process.wait(timeout=10) == 69
        second.end()


def test_a_port_that_is_taken_is_named_before_anything_starts(home: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        served = Served(home, "serve", port=taken.getsockname()[1])
        served.hears("ORDERBELL_PORT: cannot listen on", within_seconds=30)

        assert served.process.wait(timeout=10) == 78
        served.end()
    assert not (home / "postgres").exists()


def test_processes_stop_before_those_whose_work_they_make():
    settings = load(mode="demo", web_processes=2)
    names = [role.name for role in roles(settings, simulates=True)]

    assert names == [
        *("scheduler", "simulator", "web-1", "web-2", "relay"),
        *("worker-fast", "worker-bulk", "mailbox"),
    ]
    assert sum(role.patience_seconds for role in roles(load(), simulates=True)) <= 12
    assert "web-1" in needed_first(roles(settings, simulates=True))


def test_where_a_mail_server_is_named_there_is_no_mailbox_of_our_own():
    settings = load(mode="demo", smtp_host="mail.example")

    assert "mailbox" not in [role.name for role in roles(settings, simulates=False)]


def test_a_child_reads_the_settings_that_its_supervisor_has(monkeypatch: pytest.MonkeyPatch):
    settings = load(
        mode="test",
        secret_key="s" * 32,
        port=9999,
        database_url="postgresql://db/shop",
        redis_url="redis://cache/0",
        shop_name_zh="测试",
        quiet_from="21:30",
    )

    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    assert _values(load()) == _values(settings)


def _values(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in Settings.model_fields}
