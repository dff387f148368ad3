"""The pinned requirements and pyproject.toml agree, and a disagreement is named."""

import shutil
from pathlib import Path

import pytest

from app.entry.requirements import faults, pins

ROOT = Path(__file__).parents[3]
FILES = ("pyproject.toml", "requirements.txt", "requirements-encoder.txt", "requirements-dev.txt")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_ours_agree():
    assert faults(ROOT) == []


def test_a_new_dependency_that_is_not_pinned_is_named(copy: Path):
    change(copy / "pyproject.toml", '"alembic', '"left-pad>=1", "alembic')

    assert "requirements.txt: lacks left-pad" in faults(copy)


def test_a_pin_outside_its_range_is_named(copy: Path):
    change(copy / "pyproject.toml", "fastapi>=0.160,<1", "fastapi>=99")

    assert any("fastapi" in fault and "outside >=99" in fault for fault in faults(copy))


def test_a_package_without_a_hash_is_named(copy: Path):
    pin = next(pins(copy / "requirements.txt"))
    text = (copy / "requirements.txt").read_text(encoding="utf-8")
    (copy / "requirements.txt").write_text(f"{text}naked==1.0\n", encoding="utf-8")

    assert pin.hashes > 0
    assert "requirements.txt: naked has no hash" in faults(copy)


def test_both_files_pin_the_same_versions(copy: Path):
    pin = next(pin for pin in pins(copy / "requirements-dev.txt") if pin.name == "redis")
    change(copy / "requirements-dev.txt", f"redis=={pin.version}", "redis==6.9.9")

    assert any("redis is 6.9.9" in fault for fault in faults(copy))


def test_no_file_names_the_address_of_an_index():
    for name in (*FILES[1:], "requirements-uv.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
