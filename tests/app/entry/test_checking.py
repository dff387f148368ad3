"""`./orderbell test`: all checks run, and one that fails fails the whole."""

import sys
from pathlib import Path

import pytest

from app.entry.checking import Step, browser_is_ready, run_all, steps

ROOT = Path(__file__).parents[3]


def step(name: str, code: int) -> Step:
    return Step(name, [sys.executable, "-c", f"raise SystemExit({code})"])


def test_a_check_that_fails_does_not_stop_the_others_and_fails_the_whole():
    said: list[str] = []

    code = run_all([step("style", 1), step("tests", 0)], root=ROOT, say=said.append)

    assert code == 1
    assert [line.split()[:2] for line in said[-2:]] == [["FAILED", "style"], ["ok", "tests"]]


def test_all_good_is_good():
    assert run_all([step("style", 0)], root=ROOT, say=lambda _line: None) == 0


def test_every_check_of_the_house_is_there_and_long_tests_only_when_asked():
    names = [found.name for found in steps(ROOT, is_long=False, only=[])]
    (tests,) = (found for found in steps(ROOT, is_long=False, only=[]) if found.name == "tests")

    assert names == ["format", "style", "types", "walls", "tests", "docs"]
    assert "not long" in tests.command
    assert "not long" not in steps(ROOT, is_long=True, only=["tests/architecture"])[0].command


def test_without_a_browser_and_without_root_browser_tests_are_left_out_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    (tmp_path / "tests" / "browser" / "test_pages.py").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    said: list[str] = []

    assert not browser_is_ready(tmp_path, say=said.append)
    assert said == ["browser tests are left out: install chromium and fonts-noto-cjk to run them"]


def test_without_browser_tests_no_browser_is_asked_for(tmp_path: Path):
    said: list[str] = []

    assert browser_is_ready(tmp_path, say=said.append)
    assert said == []
