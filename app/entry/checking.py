"""The checks that the code must pass, one after the other; all run, whatever the first one says."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
WORKERS = "2"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One check: its name and its command."""

    name: str
    command: Sequence[str]


def steps(root: Path, *, is_long: bool, only: Sequence[str]) -> Sequence[Step]:
    """List the checks; with paths given, only the tests under them."""
    marks = [] if is_long else ["-m", "not long"]
    tests = Step("tests", [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, *marks, *only])
    if only:
        return [tests]
    tools = Path(sys.executable).parent
    found = [
        Step("format", [str(tools / "ruff"), "format", "--check", "--quiet", "."]),
        Step("style", [str(tools / "ruff"), "check", "--quiet", "."]),
        Step("types", [str(tools / "mypy")]),
        Step("walls", [str(tools / "lint-imports")]),
        tests,
    ]
    if (root / "docs" / "conf.py").exists():
        build = ["-m", "sphinx", "-q", "-W", "--keep-going", "docs", "docs/_build"]
        found.append(Step("docs", [sys.executable, *build]))
    return found


def run_all(wanted: Sequence[Step], *, root: Path, say: Say) -> int:
    """Run every step, then say which passed; return 1 if one did not."""
    results = []
    for step in wanted:
        say(f"--- {step.name}")
        started = time.monotonic()
        done = subprocess.run(list(step.command), cwd=root, check=False)  # noqa: S603 - our own commands
        results.append((step, done.returncode == 0, time.monotonic() - started))
    say("---")
    for step, is_good, took in results:
        say(f"{'ok    ' if is_good else 'FAILED'}  {step.name:8} {took:6.1f} s")
    return 0 if all(is_good for _, is_good, _ in results) else 1


def browser_is_ready(root: Path, *, say: Say) -> bool:
    """Say whether browser tests can run; as root, install what they lack with apt."""
    if not any((root / "tests" / "browser").glob("test_*.py")):
        return True
    if _has_browser():
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(f"browser tests are left out: install {' and '.join(PACKAGES)} to run them")
        return False
    say(f"installing {' and '.join(PACKAGES)} for the browser tests")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(  # noqa: S603 - fixed arguments
            ["apt-get", "-qq", *arguments],  # noqa: S607 - wherever the system has it
            env=environ,
            check=False,
            stdout=subprocess.DEVNULL,
        )
    if not _has_browser():
        say("browser tests are left out: apt could not install a browser")
    return _has_browser()


def _has_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)
