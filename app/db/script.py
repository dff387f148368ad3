"""SQL scripts of migrations: run one, and drop again what it made."""

import re
from pathlib import Path
from typing import cast

import psycopg
from alembic import op

MADE = re.compile(r"^CREATE (?:UNIQUE )?(TABLE|INDEX|SEQUENCE|TYPE) (\w+)", re.MULTILINE)


def run(path: Path) -> None:
    """Run a script of many statements in the migration's transaction."""
    connection = op.get_bind().connection.driver_connection
    cast(psycopg.Connection, connection).execute(path.read_text(encoding="utf-8"))


def drop_made_by(path: Path) -> None:
    """Drop every table, index, sequence and type that a script creates, the last first."""
    for kind, name in reversed(MADE.findall(path.read_text(encoding="utf-8"))):
        op.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
