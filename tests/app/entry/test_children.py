"""Children: started, started again when they die, stopped in order, never left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.engines.process import is_alive
from app.entry.children import Children, Role
from tests.poll import until

ROOT = Path(__file__).parents[3]
SLEEPS = "import threading; threading.Event().wait(60)"
WRITES = """
import signal, sys, threading; from pathlib import Path
stop = threading.Event(); signal.signal(signal.SIGTERM, lambda *_: stop.set())
notes = Path(sys.argv[1]); print('up', flush=True); stop.wait(60)
with notes.open('a') as file: file.write(sys.argv[2] + '\\n')
"""
DEAF = """
import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('up', flush=True); threading.Event().wait(60)
"""
HANGS_ON = """
import os, threading; from app.entry.child import LIFELINE, hold_lifeline
hold_lifeline(os.environ[LIFELINE]); print('up', flush=True); threading.Event().wait(60)
"""
ORPHANS = """
import os, sys, threading; from pathlib import Path; from app.entry.children import Children, Role
role = Role(name='a', arguments=('-c', sys.argv[1]), stage=1, patience_seconds=1)
children = Children(roles=[role], environ=os.environ, say=print, logs=Path(sys.argv[2]))
children.start(['a']); print(children.pids()['a'], flush=True); threading.Event().wait(60)
"""


def family(
    folder: Path, roles: dict[str, tuple[str, ...]], *, patience_seconds: float = 5
) -> tuple[Children, list[str]]:
    said: list[str] = []
    children = Children(
        roles=[
            Role(
                name=name,
                arguments=("-c", *arguments),
                stage=stage,
                patience_seconds=patience_seconds,
            )
            for stage, (name, arguments) in enumerate(roles.items())
        ],
        environ={**os.environ, "PYTHONPATH": str(ROOT)},
        say=said.append,
        logs=folder,
    )
    return children, said


def is_up(folder: Path, name: str) -> bool:
    log = folder / f"{name}.log"
    return log.exists() and "up" in log.read_text()


def test_they_stop_in_the_order_in_which_they_stand(tmp_path: Path):
    notes = str(tmp_path / "notes")
    order = ("scheduler", "web", "worker")
    children, _ = family(tmp_path, {name: (WRITES, notes, name) for name in order})
    children.start(["worker", "web", "scheduler"])
    until(lambda: all(is_up(tmp_path, name) for name in order))

    children.stop(within_seconds=9)

    assert (tmp_path / "notes").read_text().split() == list(order)
    assert not any(is_alive(pid) for pid in children.pids().values())


def test_one_that_does_not_listen_is_ended_when_its_time_is_over(tmp_path: Path):
    children, _ = family(tmp_path, {"deaf": (DEAF,)}, patience_seconds=0.1)
    children.start(["deaf"])
    until(lambda: is_up(tmp_path, "deaf"))

    children.stop(within_seconds=9)

    assert not is_alive(children.pids()["deaf"])


def test_one_that_died_is_started_again_and_it_is_said(tmp_path: Path):
    children, said = family(tmp_path, {"relay": (SLEEPS,)})
    children.start(["relay"])
    first = children.pids()["relay"]
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        children.tend()
        return children.pids()["relay"] != first

    until(is_back, within_seconds=5)
    children.stop(within_seconds=9)

    assert said == ["relay was ended by SIGKILL; starting it again in 0.5 s"]


def test_one_that_keeps_dying_is_started_ever_later(tmp_path: Path):
    children, said = family(tmp_path, {"relay": ("raise SystemExit(3)",)})
    children.start(["relay"])

    def has_waited_longer() -> bool:
        children.tend()
        return len(said) == 2

    until(has_waited_longer, within_seconds=5)
    children.stop(within_seconds=9)

    assert said[0].endswith("in 0.5 s")
    assert said[1] == "relay ended with code 3; starting it again in 1.0 s"


def test_one_that_is_misconfigured_ends_all(tmp_path: Path):
    children, said = family(tmp_path, {"web": ("raise SystemExit(78)",)})
    children.start(["web"])

    code = until(children.tend, within_seconds=5)
    children.stop(within_seconds=9)

    assert code == 78
    assert said == []


def test_children_of_a_supervisor_that_was_killed_end_by_themselves(tmp_path: Path):
    supervisor = subprocess.Popen(
        [sys.executable, "-c", ORPHANS, HANGS_ON, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with supervisor:
        assert supervisor.stdout is not None
        orphan = int(supervisor.stdout.readline())
        until(lambda: is_up(tmp_path, "a"))
        assert is_alive(orphan)
        supervisor.kill()

    until(lambda: not is_alive(orphan), within_seconds=5)


@pytest.mark.parametrize(("code", "word"), [(-9, "SIGKILL"), (-15, "SIGTERM")])
def test_the_signal_that_ended_a_child_is_named(code: int, word: str, tmp_path: Path):
    children, said = family(tmp_path, {"web": (f"import os; os.kill(os.getpid(), {-code})",)})
    children.start(["web"])

    def has_said() -> bool:
        children.tend()
        return bool(said)

    until(has_said, within_seconds=5)
    children.stop(within_seconds=9)

    assert word in said[0]
