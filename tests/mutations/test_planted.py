"""Each guard is missed by a named test: planted in a copy of the product, the fault is caught."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT
from tests.mutations.planted import PLANTED, Fault

COPIED = (*PRODUCT, "bench", "tests", "templates", "docs")
SINGLE_FILES = ("pyproject.toml", "orderbell", "README.md", "README.zh-CN.md")
FAILED, LEAST = 1, 25
LONGEST_SECONDS = 600
QUICK = "stripes-are-taken-unsorted"


def plant(fault: Fault, ground: Path) -> Path:
    """Copy the product and take the guard away; return where the copy is."""
    copy = ground / "planted"
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", "node_modules")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for name in SINGLE_FILES:
        shutil.copy2(ROOT / name, copy / name)
    file = copy / fault.file
    file.write_text(file.read_text(encoding="utf-8").replace(fault.guard, fault.left))
    return copy


def run(test: str, copy: Path) -> subprocess.CompletedProcess[str]:
    """Run one test of the copy, by itself, in a process that knows no other tree."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", test, "-n0", "-x", "-q", "-p", "no:cacheprovider"],
        cwd=copy,
        env={**mine, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_SECONDS,
    )


def assert_caught(fault: Fault, ground: Path) -> None:
    ended = run(fault.test, plant(fault, ground))

    assert ended.returncode == FAILED, ended.stdout[-3_000:]
    assert f"FAILED {fault.test.partition('[')[0]}" in ended.stdout, ended.stdout[-3_000:]


def test_every_guard_stands_in_its_file_once() -> None:
    found = {fault.name: (ROOT / fault.file).read_text().count(fault.guard) for fault in PLANTED}

    assert {name: count for name, count in found.items() if count != 1} == {}


def test_every_fault_has_a_name_of_its_own_and_there_are_enough() -> None:
    names = Counter(fault.name for fault in PLANTED)

    assert len(PLANTED) >= LEAST
    assert [name for name, count in names.items() if count > 1] == []


def test_every_test_that_misses_a_guard_exists() -> None:
    missing = []
    for fault in PLANTED:
        path, *classes, name = fault.test.split("::")
        wanted = [f"class {one}:" for one in classes] + [f"def {name.partition('[')[0]}("]
        if not all(line in (ROOT / path).read_text() for line in wanted):
            missing.append(fault.test)

    assert missing == []


def test_one_that_needs_no_database_is_caught(tmp_path: Path) -> None:
    [fault] = [fault for fault in PLANTED if fault.name == QUICK]

    assert_caught(fault, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(LONGEST_SECONDS + 60)
@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_every_planted_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    assert_caught(fault, tmp_path)
