"""Crash points: harmless in life, exact when asked, and all of them known."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.jobs.crash import FAULT, KILLED, POINTS, crash_point

ROOT = Path(__file__).parents[3]
PASS_THREE_TIMES = """
from app.jobs.crash import crash_point
for number in range(1, 4):
    crash_point("deliver.after_send")
    print(number, flush=True)
"""


def named_in_code() -> list[str]:
    return [
        call.args[0].value
        for folder in ("app", "orders_core", "channels")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "crash_point"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    ]


def test_every_point_of_the_code_is_on_the_list_and_stands_once() -> None:
    assert sorted(named_in_code()) == sorted(POINTS)


def test_in_life_a_point_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FAULT, raising=False)

    crash_point("deliver.after_send")


@pytest.mark.parametrize(
    ("fault", "printed", "code"),
    [
        ("deliver.after_send:2", "1\n", KILLED),
        ("deliver.after_send", "", KILLED),
        ("deliver.after_claim:1", "1\n2\n3\n", 0),
    ],
)
def test_the_process_dies_at_the_pass_that_was_asked_for(
    fault: str, printed: str, code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PASS_THREE_TIMES],
        cwd=ROOT,
        env={**os.environ, FAULT: fault},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.stdout, done.returncode) == (printed, code)
