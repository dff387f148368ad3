"""One server process: apart from our terminal, known by its pid file, stopped for certain."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.db.engines.ground import Runner
from app.errors import EngineFailed

START_SECONDS = 60.0
STOP_SECONDS = 6.0
STEP_SECONDS = 0.02
LAST_WORDS = 15
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def launch(
    command: Sequence[str], *, log: Path, cwd: Path, runner: Runner
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches us and not it."""
    with log.open("ab") as words:
        return subprocess.Popen(  # noqa: S603 - a program of our own choice, no shell
            list(command),
            cwd=cwd,
            env=PLAIN,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
            user=runner.child_uid,
            group=runner.child_gid,
            extra_groups=runner.child_groups,
        )


def await_answer(
    answers: Callable[[], bool], is_running: Callable[[], bool], *, name: str, log: Path
) -> None:
    """Wait until the server answers.

    Raises:
        EngineFailed: If it ends, or says nothing for a minute; with the end of its log.
    """
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if not is_running():
            raise EngineFailed(f"{name} ended:\n{last_words(log)}")
        if time.monotonic() > deadline:
            raise EngineFailed(
                f"{name} does not answer after {START_SECONDS:.0f} s:\n{last_words(log)}"
            )
        time.sleep(STEP_SECONDS)


def bury(child: subprocess.Popen[bytes] | None) -> None:
    """Reap a child that died by itself."""
    if child is not None:
        child.poll()


def leave_running(child: subprocess.Popen[bytes] | None) -> None:
    """Let go of a child that others still use, so that Python does not complain of losing it."""
    if child is not None:
        child.returncode = 0


def last_words(log: Path) -> str:
    """Return the end of a server's log."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(lines[-LAST_WORDS:])


def stop(pid: int, *, politely: signal.Signals, child: subprocess.Popen[bytes] | None) -> None:
    """Ask the server to end, wait, and kill it when asking does not help."""
    for ask, patience in ((politely, STOP_SECONDS), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ask)
        if _has_ended(pid, child, patience):
            return


def _has_ended(pid: int, child: subprocess.Popen[bytes] | None, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if child is not None and child.pid == pid:
            if child.poll() is not None:  # reaps it, or it would stay as a zombie
                return True
        elif not is_alive(pid):
            return True
        time.sleep(STEP_SECONDS)
    return False


def is_alive(pid: int) -> bool:
    """Say whether a process of this number runs; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def program_of(pid: int) -> str | None:
    """Return the name of the program that a process runs, where the system tells."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return None


def _is_zombie(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z"
    return False
