"""The way to PostgreSQL: one SQLAlchemy engine a process, every session under the same limits."""

import re

import orjson
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from app.errors import ConfigError, EngineUnreachable

DRIVER = "postgresql+psycopg"
STATEMENT_SECONDS = 30
LOCK_SECONDS = 5
IDLE_SECONDS = 60
CONNECT_SECONDS = 5


def make_engine(
    url: str | None,
    *,
    pool_size: int = 10,
    statement_seconds: float = STATEMENT_SECONDS,
    application_name: str = "orderbell",
    plans_once: bool = False,
) -> Engine:
    """Build an engine; nothing is connected yet.

    Sessions run in UTC and give up on a statement after `statement_seconds`, on a lock after 5 s
    and on a transaction left idle after 60 s. A pool never grows past `pool_size`: the budget of
    connections is written down elsewhere, and a thread waits at most 5 s for its turn.

    `plans_once` is for a process that asks the same few questions all day: over tables in dozens of
    partitions, PostgreSQL would plan each of them anew, for longer than it takes to answer.

    Raises:
        ConfigError: If there is no address, or it is not one of PostgreSQL.
    """
    return create_engine(
        address(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # errors reach the log; people's data must not
        json_serializer=_write_json,
        json_deserializer=orjson.loads,
        connect_args={
            "options": _options(statement_seconds, plans_once=plans_once),
            "application_name": application_name,
            "connect_timeout": CONNECT_SECONDS,
        },
    )


def _options(statement_seconds: float, *, plans_once: bool) -> str:
    limits: dict[str, str | int] = {
        "timezone": "UTC",
        "statement_timeout": round(statement_seconds * 1000),
        "lock_timeout": LOCK_SECONDS * 1000,
        "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    }
    if plans_once:
        limits["plan_cache_mode"] = "force_generic_plan"
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def address(url: str | None) -> URL:
    """Read a PostgreSQL address in any usual spelling and name our driver in it."""
    if not url:
        raise ConfigError([_not_postgres("not set in this process")])
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError([_not_postgres("it cannot be read as an address")]) from None
    family = parsed.drivername.partition("+")[0]
    if family not in {"postgresql", "postgres"}:
        raise ConfigError([_not_postgres(f"{family} is another engine")])
    return parsed.set(drivername=DRIVER)


def unreachable(url: URL, fault: OperationalError) -> EngineUnreachable:
    """Turn a failed connection into one line with host, port and the server's reason."""
    host = url.host or str(url.query.get("host", "localhost"))
    is_socket = host.startswith("/")
    port = None if is_socket else (url.port or 5432)
    return EngineUnreachable("PostgreSQL", host=host, port=port, reason=_reason(str(fault.orig)))


def _reason(words: str) -> str:
    known = {
        "refused": "refused",
        "timeout": "no answer in time",
        "name or service not known": "no such host",
        "failed to resolve": "no such host",
        "no such file": "nothing listens there",
    }
    lowered = words.lower()
    for part, reason in known.items():
        if part in lowered:
            return reason
    last = words.strip().splitlines()[-1] if words.strip() else "no reason given"
    return re.sub(r"^.*?(FATAL|ERROR):\s*", "", last)[:200]


def _not_postgres(fault: str) -> str:
    return (
        f"DATABASE_URL: {fault}; "
        "write postgresql://user:password@host:5432/database, or unset it for the embedded engine"
    )


def _write_json(value: object) -> str:
    return orjson.dumps(value).decode()
