"""Bring the database to the code's version, and say how the two stand."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, text

from app.db.transaction import begin
from app.errors import EngineTooOld, SchemaMismatch
from orders_core.tx import Tx

FOLDER = Path(__file__).parent / "migrations"
LOCK_KEY = 0x0B311  # any number that nothing else in the product locks
POSTGRES_OLDEST = 15


class Standing(StrEnum):
    """How the database stands to the code."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Check:
    """How the database stands to the code, and the sentence to show."""

    standing: Standing
    found: str | None
    wanted: str

    @property
    def sentence(self) -> str:
        """Say it to the operator, with the cure."""
        if self.standing is Standing.CURRENT:
            return f"the database is at {self.wanted}, as the code needs"
        found = self.found or "nothing"
        if self.standing is Standing.BEHIND:
            return f"database at {found}, code needs {self.wanted}: run `orderbell migrate`"
        return f"code ({self.wanted}) older than database ({found}), refusing: run the newer code"

    def demand_current(self) -> None:
        """Pass only where database and code agree.

        Raises:
            SchemaMismatch: With the sentence, if the database is behind or ahead.
        """
        if self.standing is not Standing.CURRENT:
            raise SchemaMismatch(self.sentence)


def migrate(engine: Engine, *, to: str = "head") -> Check:
    """Bring the database up to `to` in one transaction; a second migrator waits for the first.

    Raises:
        SchemaMismatch: If the database was made by newer code.
        EngineTooOld: If PostgreSQL is older than 15.
    """
    return _move(engine, command.upgrade, to)


def take_back(engine: Engine, *, to: str) -> Check:
    """Bring the database down to the revision `to` (`base`: to nothing), losing what came after."""
    return _move(engine, command.downgrade, to)


def check(engine: Engine) -> Check:
    """Compare the database's revision with the code's; nothing is changed."""
    with begin(engine) as tx:
        demand_version(tx)
        return _check(tx)


def demand_version(tx: Tx) -> None:
    """Pass only on PostgreSQL 15 or newer.

    Raises:
        EngineTooOld: Naming both versions.
    """
    number = int(tx.execute(text("SHOW server_version_num")).scalar_one())
    if number // 10_000 < POSTGRES_OLDEST:
        raise EngineTooOld("PostgreSQL", needs=str(POSTGRES_OLDEST), found=str(number // 10_000))


def revisions() -> list[str]:
    """Return every revision that the code knows, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _move(engine: Engine, direction: Callable[[Config, str], None], to: str) -> Check:
    with begin(engine) as tx:
        demand_version(tx)
        tx.execute(text("SET LOCAL lock_timeout = 0"))  # the first migrator may take its time
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        present = _check(tx)
        if present.standing is Standing.AHEAD:
            raise SchemaMismatch(present.sentence)
        config = _config()
        config.attributes["connection"] = tx
        direction(config, to)
        return _check(tx)


def _check(tx: Tx) -> Check:
    scripts = ScriptDirectory.from_config(_config())
    wanted = scripts.get_current_head() or "nothing"
    found = MigrationContext.configure(tx).get_current_revision()
    if found == wanted:
        return Check(Standing.CURRENT, found, wanted)
    return Check(Standing.BEHIND if _knows(scripts, found) else Standing.AHEAD, found, wanted)


def _knows(scripts: ScriptDirectory, revision: str | None) -> bool:
    if revision is None:
        return True
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
