"""Versions of decision tables, which one is live, and the log of rulings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import desc, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.rules.tables import rule_table, rule_version, ruling
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Saved:
    """One saved version of a table; its sheet never changes."""

    name: str
    version: int
    sheet: str
    saved_by: str
    why: str
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """One ruling as it was logged."""

    id: UUID
    name: str
    version: int
    about: str
    given: Mapping[str, Any]
    rows: Sequence[int]
    answers: Sequence[Mapping[str, Any]]
    ruled_at: datetime


SAVED = [rule_version.c[name] for name in Saved.__dataclass_fields__]
RULED = [ruling.c[name] for name in Ruled.__dataclass_fields__]


def hold(tx: Tx, name: str) -> int | None:
    """Lock a table's own row, made if need be, and return which version is live."""
    tx.execute(upsert(rule_table).values(name=name).on_conflict_do_nothing())
    held = select(rule_table.c.live_version).where(rule_table.c.name == name).with_for_update()
    return tx.scalar(held)


def add(tx: Tx, saved: Saved) -> None:
    """Write a version; the caller holds the table."""
    tx.execute(insert(rule_version).values(**{c.name: getattr(saved, c.name) for c in SAVED}))


def newest(tx: Tx, name: str) -> int:
    """Return the number of a table's newest version; 0 if it has none."""
    return (
        tx.scalar(
            select(func.coalesce(func.max(rule_version.c.version), 0)).where(
                rule_version.c.name == name
            )
        )
        or 0
    )


def set_live(tx: Tx, name: str, version: int) -> None:
    """Let a version rule from now on; the caller holds the table."""
    tx.execute(update(rule_table).where(rule_table.c.name == name).values(live_version=version))


def live(tx: Tx, name: str) -> int | None:
    """Return the version of a table that rules; None if none does."""
    return tx.scalar(select(rule_table.c.live_version).where(rule_table.c.name == name))


def ruling_sheet(tx: Tx, name: str) -> Saved | None:
    """Return the version of a table that rules; None if none does."""
    row = tx.execute(
        select(*SAVED)
        .join(rule_table, rule_table.c.name == rule_version.c.name)
        .where(rule_table.c.name == name, rule_version.c.version == rule_table.c.live_version)
    ).mappings()
    found = row.one_or_none()
    return Saved(**found) if found else None


def ruling_sheets(tx: Tx, names: Collection[str]) -> Mapping[str, str]:
    """Return the sheets that rule, of these tables; one that has none yet is left out."""
    rows = tx.execute(
        select(rule_version.c.name, rule_version.c.sheet)
        .join(rule_table, rule_table.c.name == rule_version.c.name)
        .where(rule_table.c.name.in_(names), rule_version.c.version == rule_table.c.live_version)
    )
    return {row.name: row.sheet for row in rows}


def version(tx: Tx, name: str, number: int) -> Saved | None:
    """Return one version of a table."""
    wanted = select(*SAVED).where(rule_version.c.name == name, rule_version.c.version == number)
    row = tx.execute(wanted).mappings().one_or_none()
    return Saved(**row) if row else None


def versions(tx: Tx, name: str) -> list[Saved]:
    """Return the versions of a table, newest first."""
    wanted = select(*SAVED).where(rule_version.c.name == name)
    rows = tx.execute(wanted.order_by(desc(rule_version.c.version))).mappings()
    return [Saved(**row) for row in rows]


def tables(tx: Tx) -> list[tuple[str, int | None, int]]:
    """Return every table: its name, the version that rules, the newest."""
    newest_of = func.max(rule_version.c.version)
    rows = tx.execute(
        select(rule_table.c.name, rule_table.c.live_version, newest_of)
        .join(rule_version, rule_version.c.name == rule_table.c.name)
        .group_by(rule_table.c.name, rule_table.c.live_version)
        .order_by(rule_table.c.name)
    )
    return [(name, ruling_version, number) for name, ruling_version, number in rows]


def log(tx: Tx, rulings: Sequence[Ruled]) -> None:
    """Write down rulings."""
    if rulings:
        rows = [{c.name: getattr(one, c.name) for c in RULED} for one in rulings]
        tx.execute(insert(ruling), rows)


def rulings(tx: Tx, name: str, *, at_most: int, before: UUID | None = None) -> list[Ruled]:
    """Return the newest rulings of a table, or the newest before one of them, newest first."""
    wanted = select(*RULED).where(ruling.c.name == name).order_by(desc(ruling.c.id))
    if before is not None:
        wanted = wanted.where(ruling.c.id < before)
    return [Ruled(**row) for row in tx.execute(wanted.limit(at_most)).mappings()]
