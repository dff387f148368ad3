"""Three ways to put the same rows down: through the hub, by plain INSERT, by COPY.

The hub decides about people; its rows are read back, given ids and people of their own, and put
down once more in the plain ways: as many bytes, into the same tables with the same indexes, in the
same order of people, 500 in a transaction. Nothing is read or decided then, and the values lie
ready before the time starts to run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Column, Engine, Table
from sqlalchemy.dialects import postgresql

from app.db.transaction import begin
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.tables import pressure, told, verdict
from app.hub.wish import Wish
from app.messages.tables import message
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

NOTICE = "announcement"
SAID = {
    "title": "秋茶到店，会员 8 折",
    "body": "今年的秋茶已经到店。\n\n11月30日前，会员购茶享 8 折。",
}
#: What the hub writes of each table; the rest of a row is the table's own default.
WRITTEN: Mapping[Table, Sequence[str]] = {
    told: ("dispatch", "person_id"),
    verdict: tuple(column.name for column in verdict.columns),
    message: (
        *("id", "verdict_id", "person_id", "order_id", "notice", "channel", "address", "locale"),
        *("kind", "lane", "variables", "due_at", "expires_at", "queued_at", "stands_until"),
        *("entry", "not_before"),
    ),
    pressure: ("person_id", "recent"),
}
POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]
TEXTS = frozenset({"trace", "variables", "facts"})  # long ones, which travel in binary

Rows = Mapping[Table, Mapping[str, list[Any]]]


@dataclass(frozen=True)
class Told:
    """Some people who were told: the verdicts about them and the answers, in the same order."""

    people: Sequence[PersonId]
    verdicts: Sequence[UUID]
    answers: Sequence[str]


def tell(
    tx: Tx, people: Sequence[PersonId], dispatch: str, *, policy: Policy, now: datetime
) -> Told:
    """Tell some people through the one door, as a campaign does."""
    wishes = [
        Wish(dispatch=dispatch, notice=NOTICE, person_id=who, variables=SAID, decide_at=now)
        for who in people
    ]
    decisions = notify(tx, wishes, policy=policy, now=now)
    return Told(
        [one.wish.person_id for one in decisions],
        [one.id for one in decisions],
        [one.verdict.word for one in decisions],
    )


def rows_of(engine: Engine, done: Told, dispatch: bytes, others: Sequence[PersonId]) -> Rows:
    """Read back what telling wrote, as rows about other people, under ids of their own."""
    ids: dict[Any, UUID] = dict(zip(done.people, others, strict=True))
    ids |= {one: new_id() for one in done.verdicts}
    with begin(engine) as tx:
        found = {
            table: _read(tx, table, _named_by(table), done.people, done.verdicts)
            for table in (verdict, message, pressure)
        }
    fresh = {table: _renamed(columns, ids) for table, columns in found.items()}
    fresh[message]["id"] = [new_id() for _ in fresh[message]["id"]]
    gone: dict[str, list[Any]] = {"dispatch": [dispatch] * len(others), "person_id": list(others)}
    return {table: fresh.get(table, gone) for table in WRITTEN}


def _named_by(table: Table) -> Column[Any]:
    found: Column[Any] = {
        verdict: verdict.c.id,
        message: message.c.verdict_id,
        pressure: pressure.c.person_id,
    }[table]
    return found


def _read(
    tx: Tx, table: Table, by: Column[Any], people: Sequence[UUID], verdicts: Sequence[UUID]
) -> dict[str, list[Any]]:
    names = WRITTEN[table]
    wanted = people if table is pressure else verdicts
    rows = tx.exec_driver_sql(
        f"SELECT {', '.join(names)} FROM {table.name} WHERE {by.name} = ANY(%(ids)s)"  # noqa: S608
        f" ORDER BY {by.name}",
        {"ids": list(wanted)},
    ).all()
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {
        name: [_plain(value, _kind(table.c[name])) for value in column]
        for name, column in zip(names, columns, strict=True)
    }


def _plain(value: Any, kind: str) -> Any:
    """Write JSON as the hub does, and a list of numbers as PostgreSQL reads it."""
    if kind == "JSONB":
        return orjson.dumps(value).decode()
    return f"{{{','.join(map(str, value))}}}" if kind == "BIGINT[]" else value


def _renamed(columns: Mapping[str, list[Any]], ids: Mapping[Any, UUID]) -> dict[str, list[Any]]:
    texts = {str(old): str(new) for old, new in ids.items()}
    renamed = dict(columns)
    for name in columns.keys() & {"id", "person_id", "verdict_id"}:
        renamed[name] = [ids.get(value, value) for value in columns[name]]
    if "address" in columns:  # of an inbox it is the person
        renamed["address"] = [texts.get(value, value) for value in columns["address"]]
    return renamed


def insert(driver: psycopg.Connection, rows: Rows) -> None:
    """Put rows down by one plain INSERT a table."""
    for table, columns in rows.items():
        driver.execute(_insertion(table), columns)


def copy(driver: psycopg.Connection, rows: Rows) -> None:
    """Put rows down by one COPY a table."""
    for table, columns in rows.items():
        names = ", ".join(WRITTEN[table])
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as to,
        ):
            for row in zip(*(columns[name] for name in WRITTEN[table]), strict=True):
                to.write_row(row)


@lru_cache
def _insertion(table: Table) -> bytes:
    columns = [table.c[name] for name in WRITTEN[table]]
    arrays = ", ".join(
        f"%({one.name}){'b' if one.name in TEXTS else 's'}::{_carrier(one)}[]" for one in columns
    )
    names = ", ".join(one.name for one in columns)
    values = ", ".join(f"{one.name}::{_kind(one)}" for one in columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM unnest({arrays}) AS t ({names})"  # noqa: S608
    ).encode()


def _carrier(column: Column[Any]) -> str:
    kind = _kind(column)
    return "text" if kind in {"JSONB", "BIGINT[]"} else kind


def _kind(column: Column[Any]) -> str:
    return str(column.type.compile(POSTGRES))
