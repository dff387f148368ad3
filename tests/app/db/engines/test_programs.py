"""Where a wheel has no build, servers on PATH do, if they are new enough."""

from pathlib import Path

import pytest

from app.db.engines import programs
from app.errors import EngineMissing, EngineTooOld


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without wheels and with nothing but `tmp_path` on PATH."""
    monkeypatch.setattr(programs, "find_spec", lambda _name: None)
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, says: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_without_any_server_the_setting_to_use_is_named(bare_machine: Path):
    with pytest.raises(EngineMissing, match="set DATABASE_URL"):
        programs.postgres()
    with pytest.raises(EngineMissing, match="set REDIS_URL"):
        programs.valkey()


def test_the_newest_postgresql_of_debian_is_taken(bare_machine: Path):
    for major in (15, 17):
        for name in ("postgres", "initdb"):
            program(
                bare_machine / "debian" / str(major) / "bin" / name,
                f"postgres (PostgreSQL) {major}.4 (Debian {major}.4-1)",
            )

    found = programs.postgres()

    assert found.major == 17
    assert found.bin == bare_machine / "debian" / "17" / "bin"


def test_a_postgresql_before_15_is_refused(bare_machine: Path):
    program(bare_machine / "postgres", "postgres (PostgreSQL) 13.14")

    with pytest.raises(EngineTooOld, match=r"PostgreSQL: needs 15\+, found 13"):
        programs.postgres()


def test_valkey_is_preferred_and_redis_stands_in(bare_machine: Path):
    program(bare_machine / "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc")
    assert programs.valkey().path.name == "redis-server"
    program(bare_machine / "valkey-server", "Valkey server v=8.1.1 sha=00000000:1 malloc=libc")
    assert programs.valkey().path.name == "valkey-server"


def test_a_redis_before_7_is_refused(bare_machine: Path):
    program(bare_machine / "redis-server", "Redis server v=6.2.7 sha=00000000:0 malloc=jemalloc")

    with pytest.raises(EngineTooOld, match=r"found 6\.2"):
        programs.valkey()
