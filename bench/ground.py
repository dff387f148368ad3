"""The ground a bench stands on: engines of its own, durable as in life, thrown away afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.db.engines import Engines, Urls
from app.db.engines.ground import forget
from app.db.migrate import migrate


@dataclass(frozen=True)
class Ground:
    """A migrated, empty database on engines of its own."""

    engine: Engine
    urls: Urls
    home: Path


@contextmanager
def ground() -> Iterator[Ground]:
    """Start engines in a folder of their own, migrate, and clear everything away at the end."""
    home = Path(tempfile.mkdtemp(prefix="orderbell-bench-"))
    home.chmod(0o711)
    engines = Engines(home)
    try:
        urls = engines.start()
        engine = make_engine(urls.database, pool_size=10, application_name="orderbell-bench")
        migrate(engine)
        yield Ground(engine, urls, home)
        engine.dispose()
    finally:
        engines.stop()
        forget(home)
        shutil.rmtree(home, ignore_errors=True)


def copied(ground: Ground, name: str) -> str:
    """Copy the database under another name; return the copy's address."""
    ours = ground.engine.url
    ground.engine.dispose()  # a database is copied while nobody is in it
    with alone(ours.set(database="postgres").render_as_string(hide_password=False)) as server:
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{ours.database}"'.encode())
    return ours.set(database=name).render_as_string(hide_password=False)


def alone(url: str) -> psycopg.Connection:
    """Open one connection in which every statement is a transaction of its own."""
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
