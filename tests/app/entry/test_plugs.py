"""Plugs: known names only, a bounded time, for the home's owner alone, and all comes back."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engines.process import is_alive
from app.entry.children import Children, Role
from app.entry.plugs import Plugs, plugs, read
from app.tower.plug import SOCKET, CannotUnplug, Plug, address, pull
from tests.poll import until

SLEEPS = "import threading; threading.Event().wait(60)"


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Children]:
    role = Role(name="relay", arguments=("-c", SLEEPS), stage=1, patience_seconds=1)
    children = Children(roles=[role], environ=os.environ, say=lambda _line: None, logs=tmp_path)
    children.start(["relay"])
    yield children
    children.stop(within_seconds=3)


class Supervisor:
    """A loop that pulls what is asked for, as the real one does every tenth of a second."""

    def __init__(self, opened: Plugs, children: Children) -> None:
        self.opened, self.children = opened, children
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.stop.wait(0.02):
            self.opened.pull(lambda plug, seconds: self.children.unplug(plug, seconds=seconds))
            self.children.tend()

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def test_what_is_unplugged_dies_at_once_and_comes_back_in_its_time(relay: Children, tmp_path: Path):
    first = relay.pids()["relay"]
    with plugs(tmp_path) as opened, Supervisor(opened, relay):
        pull(tmp_path, Plug.RELAY, seconds=1)

        assert not is_alive(first)
        assert relay.pids()["relay"] == first
        until(lambda: relay.pids()["relay"] != first, within_seconds=3)
    assert is_alive(relay.pids()["relay"])


def test_a_plug_of_another_house_is_refused(relay: Children, tmp_path: Path):
    with (
        plugs(tmp_path) as opened,
        Supervisor(opened, relay),
        pytest.raises(CannotUnplug, match="not ours"),
    ):
        pull(tmp_path, Plug.WORKER_BULK, seconds=1)


def test_nobody_but_the_owner_may_connect(tmp_path: Path):
    with plugs(tmp_path):
        assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
    assert not (tmp_path / SOCKET).exists()


def test_where_nobody_listens_it_is_said(tmp_path: Path):
    with pytest.raises(CannotUnplug, match="no demo's supervisor"):
        pull(tmp_path, Plug.RELAY, seconds=1)


@pytest.mark.parametrize(
    "line",
    [
        "postgres 5",
        "web-1 5",
        "relay",
        "relay 0",
        "relay 31",
        "relay -1",
        "relay 1e3",
        "relay ٣",
        "",
        "relay 5; rm",
    ],
)
def test_anything_else_is_refused(line: str, tmp_path: Path):
    with pytest.raises(ValueError, match=r"plug|seconds"):
        read(line)
    with plugs(tmp_path), socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(5)
        wire.connect(address(tmp_path))
        wire.sendall(f"{line}\n".encode())
        assert wire.recv(200).startswith(b"refused")


def test_an_orphaned_socket_of_a_killed_supervisor_is_no_hindrance(tmp_path: Path):
    (tmp_path / SOCKET).touch()
    with plugs(tmp_path):
        assert (tmp_path / SOCKET).is_socket()
