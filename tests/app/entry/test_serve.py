"""One machine under one supervisor, as a real process with real engines."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engines.ground import forget
from app.entry.reset import reset
from app.entry.roster import environment, needed_first, roles
from app.entry.serve import STOP_SECONDS
from app.errors import ConfigError
from app.settings import Settings, load
from tests.poll import until
from tests.served import Served, children_of, free_port, left

HOLDS = """
import fcntl, sys
with open(sys.argv[1], 'ab') as lock:
    fcntl.flock(lock, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()
"""
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ob-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"
        forget(Path(folder) / "home")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_it_serves_mends_itself_and_ends_in_order_with_nothing_left(home: Path):
    served = Served(home, "demo", "--no-browser", "--no-simulate", port=free_port())
    served.hears("ready after", within_seconds=120)
    with urllib.request.urlopen(f"{served.url}/readyz") as answer:  # noqa: S310 - our own address
        assert answer.status == 200
    expected = {"web", "relay", "worker-fast", "worker-bulk", "worker-slow", "scheduler"}
    expected |= {"mailbox"}
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

    assert json.loads((home / "credentials.json").read_text())["password"] not in str(again.said)
    assert again.end()[0] == 0
    assert left(home) == []


def test_a_second_supervisor_of_the_same_home_is_refused(home: Path):
    home.mkdir(mode=0o711)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(home / "serve.lock")],
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
        *("worker-fast", "worker-bulk", "worker-slow", "mailbox"),
    ]
    stages = {role.stage: role.patience_seconds for role in roles(settings, simulates=True)}
    assert list(stages) == sorted(stages)
    assert sum(stages.values()) <= STOP_SECONDS
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


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_a_demo_goes_on_where_it_stood_and_begins_anew_when_told_so(home: Path):
    port = free_port()
    served = Served(home, "demo", "--no-browser", "--no-simulate", port=port)
    assert "2026-11-10 19:5" in served.hears("the shop's clock shows", within_seconds=120)
    served.hears("ready after", within_seconds=120)
    refused = Served(home, "demo", "--reset", "--no-browser", "--no-simulate", port=free_port())
    refused.hears("already being served", within_seconds=30)
    refused.end()
    key = json.loads((home / "credentials.json").read_text())["api_key"]
    _advance(served.url, key, seconds=3600)
    worker = children_of(home)["worker-fast"]
    _ask(served.url, key, "/v1/test/plugs/worker-fast", {"seconds": 1})
    until(lambda: children_of(home).get("worker-fast", worker) != worker, within_seconds=15)
    served.end()

    again = Served(home, "demo", "--no-browser", "--no-simulate", port=port)
    assert "2026-11-10 20:5" in again.hears("the shop's clock shows", within_seconds=120)
    again.end()
    anew = Served(home, "demo", "--reset", "--no-browser", "--no-simulate", port=port)
    assert "2026-11-10 19:5" in anew.hears("the shop's clock shows", within_seconds=120)
    anew.end()

    assert json.loads((home / "credentials.json").read_text())["api_key"] != key
    assert left(home) == []


def test_a_database_of_ones_own_is_never_emptied(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/shop")

    with pytest.raises(ConfigError, match="DATABASE_URL"):
        reset(load(mode="demo", home=home))


def _advance(url: str, key: str, *, seconds: int) -> None:
    _ask(url, key, "/v1/test/clock/advance", {"seconds": seconds})


def _ask(url: str, key: str, path: str, body: dict[str, int]) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
        assert answer.status == 200
