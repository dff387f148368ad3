"""A shop of a test's own: database, Valkey, and a clock that stands still until told to move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql
from sqlalchemy import Engine, text

from app.db import clock as shared_clock
from app.db.engine import address, make_engine
from app.db.engines import Urls
from app.db.transaction import begin
from orders_core.clock import Timeline

STANDING_STILL = 1e-9
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Monday


class ShopClock:
    """The shared business clock of one test: it stands still; `set` and `advance` move it.

    It writes the row that every process of the shop reads, so a worker in another process follows.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._now = MORNING
        self.set(MORNING)

    def now(self) -> datetime:
        """Return the business time."""
        return self._now

    def set(self, at: datetime) -> datetime:
        """Set the shop's clock to `at`; a test may also set it back."""
        with begin(self._engine) as tx:
            machine_now = shared_clock.read(tx)[1]
            shared_clock.write(
                tx, Timeline(business_anchor=at, machine_anchor=machine_now, rate=STANDING_STILL)
            )
        self._now = at
        return at

    def advance(self, by: timedelta) -> datetime:
        """Move the shop's clock `by` later and return what it shows."""
        return self.set(self._now + by)


@dataclass(frozen=True)
class Shop:
    """What a test needs of its shop."""

    engine: Engine
    url: str
    valkey_url: str
    broker_url: str
    clock: ShopClock

    @classmethod
    def open(cls, url: str, *, engines: Urls, valkey_database: int) -> "Shop":
        """Open the database at `url`, with two numbered databases of the shared Valkey."""
        engine = make_engine(url, pool_size=10)
        return cls(
            engine=engine,
            url=url,
            valkey_url=_numbered(engines.redis, valkey_database),
            broker_url=_numbered(engines.broker, valkey_database + 1),
            clock=ShopClock(engine),
        )

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def url_of(server: str, database: str) -> str:
    """Return the address of another database of the same server."""
    return address(server).set(database=database).render_as_string(hide_password=False)


def create_database(server: str, name: str, *, template: str | None = None) -> bool:
    """Make a database, as a copy where a template is named; say whether it was not there before."""
    copy = (
        sql.SQL("TEMPLATE {} STRATEGY = FILE_COPY").format(sql.Identifier(template))
        if template
        else sql.SQL("")
    )
    try:
        with _server(server) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), copy))
    except psycopg.errors.DuplicateDatabase:
        return False
    return True


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with _server(server) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _server(server: str) -> psycopg.Connection:
    url = address(server).set(drivername="postgresql", database="postgres")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _numbered(url: str, database: int) -> str:
    """Return the same Valkey with another database: the number is the last thing in its address."""
    return f"{url.rpartition('=')[0]}={database}"


def table_names(engine: Engine) -> list[str]:
    """Name the tables of a database."""
    with begin(engine) as tx:
        rows = tx.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        return sorted(row[0] for row in rows)
